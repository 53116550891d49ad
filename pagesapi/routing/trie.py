"""A path found: one look-up per segment, whatever the number of routes; with backtracking, writing nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pagesapi.routing.route import Match, Route
from pagesapi.routing.segments import REFUSED, Kind, Matcher, Segment

Found = tuple[Route, tuple[Any, ...]]


@dataclass(slots=True)
class Node:
    """A place in the URL. Its routes and children stand in the order in which they are tried."""

    name: str = ""  # of the parameter that leads here
    route: Route | None = None
    statics: dict[str, Node] = field(default_factory=dict)
    typed: list[tuple[Matcher, Node]] = field(default_factory=list)
    param: Node | None = None
    catch_all: Route | None = None
    optional_catch_all: Route | None = None


@dataclass(frozen=True, slots=True)
class Trie:
    root: Node

    @classmethod
    def of(cls, routes: Iterable[Route]) -> Trie:
        """The trie of routes in their order of precedence, as `scan` returns them."""
        root = Node()
        for route in routes:
            _add(root, route)
        return cls(root)

    def find(self, path: str) -> Match | None:
        """The route that answers a decoded path below the prefix: "" is the root, "posts/3" → `posts/[id].py`."""
        parts = path.split("/") if path else []
        if "" in parts:
            return None
        match = _descend(self.root, parts)
        if match is not None:
            return match
        found = _find(self.root, parts, 0, ())
        if found is None:
            return None
        route, values = found
        return route, dict(zip(route.names, values, strict=False))


def _add(node: Node, route: Route) -> None:
    for part in route.segments:
        if part.kind is Kind.CATCH_ALL:
            node.catch_all = route
            return
        if part.kind is Kind.OPTIONAL_CATCH_ALL:
            node.optional_catch_all = route
            return
        node = _child(node, part)
    node.route = route


def _child(node: Node, part: Segment) -> Node:
    if part.kind is Kind.STATIC:
        known = node.statics.get(part.name)
        if known is None:
            known = node.statics[part.name] = Node()
        return known
    if part.converter is None:
        node.param = node.param or Node(part.name)
        return node.param
    for matcher, child in node.typed:
        if matcher.converter is part.converter:
            return child
    child = Node(part.name)
    node.typed.append((Matcher(part.converter), child))
    return child


def _descend(node: Node, parts: list[str]) -> Match | None:
    """The first choice at each level, which nearly always leads to a route; None where it does not, or to a catch-all.

    It is what `_find` would find, for that one comes to the same choices first.
    """
    params: dict[str, Any] = {}
    for part in parts:
        child = node.statics.get(part)
        if child is None:
            child, value = node.param, part
            for matcher, typed in node.typed:
                if (typed_value := matcher.value_of(part)) is not REFUSED:
                    child, value = typed, typed_value
                    break
            if child is None:
                return None
            params[child.name] = value
        node = child
    return None if node.route is None else (node.route, params)


def _find(node: Node, parts: list[str], position: int, values: tuple[Any, ...]) -> Found | None:
    if position == len(parts):
        route = node.route or node.optional_catch_all
        return None if route is None else (route, values)
    part = parts[position]
    child = node.statics.get(part)
    if child is not None and (found := _find(child, parts, position + 1, values)):
        return found
    for matcher, child in node.typed:
        value = matcher.value_of(part)
        if value is not REFUSED and (found := _find(child, parts, position + 1, (*values, value))):
            return found
    if node.param is not None and (found := _find(node.param, parts, position + 1, (*values, part))):
        return found
    route = node.catch_all or node.optional_catch_all
    return None if route is None else (route, (*values, parts[position:]))
