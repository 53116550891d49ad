"""Routes that contradict each other: two files for one URL, two names for one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pagesapi.routing.fault import Fault, FaultKind
from pagesapi.routing.route import Route
from pagesapi.routing.segments import Kind, Segment

Place = tuple[tuple[Kind, str], ...]  # a path without its parameters' names


def place_of(segments: Iterable[Segment]) -> Place:
    return tuple([(part.kind, part.type if part.is_parameter else part.name) for part in segments])


def conflicts(routes: list[Route]) -> Iterator[Fault]:
    """Every conflict, each once, with all of its files."""
    named: dict[Place, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    ended: dict[Place, list[Route]] = defaultdict(list)
    for route in routes:
        place = place_of(route.segments)
        ended[place].append(route)
        if route.names:
            for position, part in enumerate(route.segments):
                if part.is_parameter:
                    named[place[: position + 1]][part.name].append(route.file)
    yield from _different_names(named)
    yield from _same_url(ended, named)
    yield from _two_catch_alls(ended)


def _different_names(named: dict[Place, dict[str, list[str]]]) -> Iterator[Fault]:
    for names in named.values():
        if len(names) > 1:
            yield Fault(
                FaultKind.DIFFERENT_NAMES,
                tuple(sorted(file for files in names.values() for file in files)),
                f"One place in the URL has several parameter names: {', '.join(map(repr, sorted(names)))}.",
                "Give the parameter one name in all of these files and folders.",
            )


def _same_url(ended: dict[Place, list[Route]], named: dict[Place, dict[str, list[str]]]) -> Iterator[Fault]:
    for place, routes in ended.items():
        optional = ended.get((*place, (Kind.OPTIONAL_CATCH_ALL, "")), [])
        if (len(routes) > 1 and not _renamed(place, named)) or optional:
            files = tuple(sorted(route.file for route in [*routes, *optional]))
            yield Fault(
                FaultKind.SAME_URL,
                files,
                f"These files answer one URL, /{routes[0].url}.",
                "Keep one: [[...name]] answers its folder's own URL too; [...name] does not."
                if optional
                else "Keep one of them, or rename the others.",
            )


def _renamed(place: Place, named: dict[Place, dict[str, list[str]]]) -> bool:
    """Whether a parameter on the way has several names, which is a fault of its own."""
    return any(len(named[place[:end]]) > 1 for end in range(1, len(place) + 1) if place[:end] in named)


def _two_catch_alls(ended: dict[Place, list[Route]]) -> Iterator[Fault]:
    for place, routes in ended.items():
        if place and place[-1][0] is Kind.CATCH_ALL:
            optional = ended.get((*place[:-1], (Kind.OPTIONAL_CATCH_ALL, "")), [])
            if optional:
                yield Fault(
                    FaultKind.TWO_CATCH_ALLS,
                    tuple(sorted(route.file for route in [*routes, *optional])),
                    "A required and an optional catch-all stand in one place.",
                    "Keep the optional one if the folder's own URL is to be answered, else the required one.",
                )
