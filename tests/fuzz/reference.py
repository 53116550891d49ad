"""A matcher that is slow and plainly right: every route is tried, segment by segment, in the order of precedence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pagesapi.routing.route import Route
from pagesapi.routing.segments import Kind, Matcher, Refused, Segment

Found = tuple[str, dict[str, Any]]


def found_by_reference(routes: Sequence[Route], path: str) -> Found | None:
    parts = path.split("/") if path else []
    if "" in parts:
        return None
    return next(_found(list(routes), parts, 0), None)


def _found(routes: list[Route], parts: list[str], depth: int) -> Iterator[Found]:
    """The answers, best first, of routes whose first `depth` segments match the first parts."""
    if depth == len(parts):
        for route in routes:
            if len(route.segments) == depth:
                yield route.file, _params(route, parts)
        for route in routes:
            if len(route.segments) == depth + 1 and route.segments[depth].kind is Kind.OPTIONAL_CATCH_ALL:
                yield route.file, _params(route, parts)
        return
    going_on = [route for route in routes if len(route.segments) > depth]
    for segment in sorted({_place(route.segments[depth]) for route in going_on}):
        chosen = [route for route in going_on if _place(route.segments[depth]) == segment]
        if chosen[0].segments[depth].is_catch_all:
            for route in chosen:
                yield route.file, _params(route, parts)
        elif _matches(chosen[0].segments[depth], parts[depth]):
            yield from _found(chosen, parts, depth + 1)


def _place(segment: Segment) -> tuple[int, int, str]:
    """How early a sibling is tried: static, typed (int, uuid, others, slug), plain, catch-all, optional catch-all."""
    name = segment.type if segment.is_parameter else segment.name
    order = {"int": 0, "uuid": 1, "slug": 3}.get(segment.type, 2) if segment.kind is Kind.TYPED else 0
    return segment.kind, order, name


def _matches(segment: Segment, part: str) -> bool:
    return segment.name == part if segment.kind is Kind.STATIC else _value(segment, part) is not Refused.REFUSED


def _value(segment: Segment, part: str) -> Any:
    return part if segment.converter is None else Matcher(segment.converter).value_of(part)


def _params(route: Route, parts: list[str]) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for depth, segment in enumerate(route.segments):
        if segment.is_catch_all:
            if parts[depth:]:
                params[segment.name] = parts[depth:]
        elif segment.is_parameter:
            params[segment.name] = _value(segment, parts[depth])
    return params
