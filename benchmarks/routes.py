"""A whole request, in process and without middleware, with more and more routes."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import include, path

from benchmarks.measure import Figure, Run, paired
from benchmarks.request import answer, environ
from benchmarks.same_routes import included_patterns, patterns, route_files, spread, url_of
from benchmarks.sample_tree import served
from pagesapi.endpoints import tree as trees

SIZES = (1, 10, 100, 1_000, 10_000)
CALLS = 500
SLOWEST_CALLS, SLOWEST_PAIRS = 50, 5  # Django tries 5,000 patterns for each
LIMIT = 1.1  # of a request with 10,000 routes, against one with one


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Ten paths, from the first route to the last, in their turn; as many views have their places in the URLconf."""
    pairs = 5 if quick else 41
    routes = {count: _of_tree(count) for count in SIZES}
    gc.collect()
    gc.freeze()  # what has lived so long need not be looked at before each block
    yield paired(routes[1], routes[1], calls=CALLS, pairs=pairs).figure("one route against itself (the noise)")
    for count in SIZES[1:]:
        measured = paired(routes[count], routes[1], calls=CALLS, pairs=pairs)
        yield measured.figure(f"a request: {_routes(count)}, one route", limit=LIMIT)
    for count in SIZES:
        many = count > 1_000
        calls, at_most = (SLOWEST_CALLS, SLOWEST_PAIRS) if many else (CALLS, pairs if count < 1_000 else 9)
        for said, views in (("in one list", patterns(count)), ("an include() for ten", included_patterns(count))):
            measured = paired(routes[count], _of_views(views, count), calls=calls, pairs=min(pairs, at_most))
            yield measured.figure(f"a request: {_routes(count)}, as many hand-written views, {said}")
    gc.unfreeze()


def _routes(count: int) -> str:
    return f"{count:,} routes" if count > 1 else "one route"


def _of_tree(count: int) -> Run:
    with served(route_files(count)):
        tree = trees.get_tree()
        urlconf = _urlconf("file_routed", [path("", include("pagesapi.urls"))])
        return _requests(urlconf, count, tree)  # asks for each path, so all that is imported is there


def _of_views(views: Sequence[Any], count: int) -> Run:
    return _requests(_urlconf("hand_written", views), count)


def _urlconf(name: str, urlpatterns: Sequence[Any]) -> ModuleType:
    module = ModuleType(name)
    module.__dict__["urlpatterns"] = urlpatterns
    return module


def _requests(urlconf: ModuleType, count: int, tree: trees.Tree | None = None) -> Run:
    """Makes so many requests as a server does, a fresh environ each."""
    handler = WSGIHandler()
    given = [environ(url_of(number)) for number in spread(min(count, 10), count)]

    def run(calls: int) -> None:
        settings.ROOT_URLCONF = urlconf
        trees._tree = tree  # each tree is scanned once
        for call in range(calls):
            answer(handler, given[call % len(given)])

    run(0)
    for one in given:
        first: Any = answer(handler, one)
        if first.status_code != 200 or json.loads(first.content) != {"id": 7}:
            raise RuntimeError(f"{urlconf.__name__} answered {first.status_code} {first.content!r:.200}")
    return run
