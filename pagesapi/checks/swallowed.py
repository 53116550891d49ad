"""Patterns that stand above the tree in the URLconf, and answer what its files should."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.core.checks import CheckMessage, Warning
from django.urls import ResolverMatch, URLResolver, get_resolver

from pagesapi.endpoints.tree import get_tree
from pagesapi.resolver import find, mounted
from pagesapi.routing.route import Route

KNOWN_CONVERTERS = ("django.urls.", "pagesapi.")
SAMPLES = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000", "path": "a/b"}


def sample_of(text: str) -> str:
    """A path that a pattern matches, or nearly so: "posts/<int:id>" → "posts/1"."""
    return re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES.get(match[1] or "", "a"), text)


def swallowing_patterns(places: Sequence[str], told: set[str]) -> Iterator[CheckMessage]:
    """One warning a pattern, with the first of the files that it hides; those that are `told` already are left out."""
    hidden: dict[tuple[str, str], list[str]] = defaultdict(list)
    # What a catch-all leaves to others is its nature.
    for route in (each for each in get_tree().routes if not any(part.is_catch_all for part in each.segments)):
        for place in places:
            path = _path_of(route, place)
            match = _first_answer(path)
            if match is not None and match.route not in told and not hasattr(match.func, "pagesapi_route"):
                hidden[match.route, match.view_name].append(f"{path} ({route.file})")
    for (pattern, view), (first, *others) in hidden.items():
        more = f" and {len(others)} more" if others else ""
        yield Warning(
            f"The URL pattern {pattern!r} ({view}) swallows {first}{more}: it stands above the tree.",
            hint='Patterns are tried in their order: put path("", include("pagesapi.urls")) above it in urlpatterns.',
            id="pagesapi.W037",
        )


def _path_of(route: Route, place: str) -> str:
    prefix = get_tree().prefix
    parts = [f"<{part.type or 'str'}:{part.name}>" if part.is_parameter else part.name for part in route.segments]
    return "/" + sample_of(place + "/".join([*([prefix] if prefix else []), *parts]))


def _first_answer(path: str) -> ResolverMatch | None:
    """What answers a URL that the tree would answer; None where the sample is not one."""
    tree = get_tree()
    return get_resolver().resolve(path) if any(find(tree, rest) for rest in mounted(path)) else None


def uses_converters_of_its_own(resolver: URLResolver) -> bool:
    """Whether patterns have path converters of the project. They may ask the database, which a check must not."""
    return any(
        any(not type(each).__module__.startswith(KNOWN_CONVERTERS) for each in pattern.pattern.converters.values())
        or (isinstance(pattern, URLResolver) and uses_converters_of_its_own(pattern))
        for pattern in resolver.url_patterns
    )
