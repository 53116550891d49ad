"""Which routes came near a path that none of them matches, and why each did not match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from pagesapi.routing.route import Route
from pagesapi.routing.segments import REFUSED, Kind, Matcher, Segment

ENOUGH = 5  # routes to show
ALIKE = 0.6  # difflib's own bound for a good guess


@dataclass(frozen=True, slots=True)
class NearMiss:
    route: Route
    reason: str
    score: float


def near_misses(path: str, routes: Iterable[Route]) -> list[NearMiss]:
    """The best few, nearest first: "posts/abc" → `posts/[id=int].py`: 'abc' is no int."""
    parts = path.strip("/").split("/") if path.strip("/") else []
    misses = [miss for route in routes if (miss := _near_miss(parts, route))]
    return sorted(misses, key=lambda miss: (-miss.score, miss.route.file))[:ENOUGH]


def _near_miss(parts: list[str], route: Route) -> NearMiss | None:
    fitting = 0.0
    for position, segment in enumerate(route.segments):
        if position >= len(parts):
            missing = "/".join(part.text for part in route.segments[position:])
            return NearMiss(route, f"the path lacks {missing!r}", fitting)
        reason, likeness = ("", 1) if segment.is_catch_all else _compare(parts[position], segment)
        if likeness < ALIKE:
            return None
        fitting += likeness
        if reason:
            return NearMiss(route, reason, fitting)
    extra = "/".join(parts[len(route.segments) :])
    return NearMiss(route, f"the path goes on with {extra!r}", fitting) if fitting else None


def _compare(part: str, segment: Segment) -> tuple[str, float]:
    """Why a segment does not match (empty if it does), and how much alike the two are, 0 to 1."""
    if segment.converter is not None:
        refused = Matcher(segment.converter).value_of(part) is REFUSED
        return (f"{part!r} is not accepted by the converter {segment.type!r}" if refused else ""), 1
    if segment.kind is Kind.PARAM or part == segment.name:
        return "", 1
    if part.lower() == segment.name.lower():
        return f"{part!r} differs from {segment.name!r} in upper and lower case", 1
    if part == f"{segment.name}.py":
        return f"a URL does not end in '.py': {segment.name!r}", 1
    return f"{part!r} is not {segment.name!r}", SequenceMatcher(None, part, segment.name).ratio()
