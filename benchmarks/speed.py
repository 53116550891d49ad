"""A GET with a parameter and a JSON answer, in process and without middleware, against a hand-written Django view."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from benchmarks.measure import Figure, Run, paired
from benchmarks.request import answer, environ
from benchmarks.sample_tree import route_files, served

CALLS = 500
PAIRS_OF_THE_LAST_VIEW = 15  # each call takes several times as long
ROUTES = 1_000
PATH = "/api/posts/7"
FILE = "posts/[id=int].py"
ANSWER = {"id": 7, "title": "First post"}

HANDLER = """
def handler(req, res):
    res.status(200).json({"id": req.query["id"], "title": "First post"})
"""
METHODS = """
def GET(request, id):
    return {"id": id, "title": "First post"}
"""
WITHOUT_ETAG = """
from pagesapi import RouteConfig

config = RouteConfig(etag=False)
"""
SOURCES = {
    "handler(req, res)": HANDLER,
    "handler(req, res), no ETag": HANDLER + WITHOUT_ETAG,
    "def GET(request, id)": METHODS,
    "def GET(request, id), no ETag": METHODS + WITHOUT_ETAG,
}


def figures() -> Iterator[Figure]:
    handler = WSGIHandler()
    one_view = requests(handler, hand_written(1))
    yield paired(one_view, one_view, calls=CALLS).figure("one view against itself (the noise)")
    for style, source in SOURCES.items():
        with served({FILE: source}):
            pairs = paired(requests(handler, file_routed()), one_view, calls=CALLS)
        yield pairs.figure(f"{style}: one route, one view", limit=1.0)
    last_view = requests(handler, hand_written(ROUTES))
    for style, source in SOURCES.items():
        with served({**route_files(ROUTES - 1), FILE: source}):
            pairs = paired(requests(handler, file_routed()), last_view, calls=CALLS, pairs=PAIRS_OF_THE_LAST_VIEW)
        yield pairs.figure(f"{style}: {ROUTES:,} routes, the last of {ROUTES:,} views", limit=0.2)


def post(request: HttpRequest, id: int) -> JsonResponse:
    return JsonResponse({"id": id, "title": "First post"})


def hand_written(count: int) -> ModuleType:
    """A URLconf of so many views, of which the one that is asked for is the last."""
    others = [path(f"api/items{number}/<int:id>", post) for number in range(count - 1)]
    return _urlconf("hand_written", [*others, path("api/posts/<int:id>", post)])


def file_routed() -> ModuleType:
    return _urlconf("file_routed", [path("", include("pagesapi.urls"))])


def _urlconf(name: str, patterns: list[Any]) -> ModuleType:
    module = ModuleType(name)
    module.__dict__["urlpatterns"] = patterns
    return module


def requests(handler: WSGIHandler, urlconf: ModuleType) -> Run:
    """Makes so many requests as a server does, a fresh environ each."""
    given = environ(PATH)

    def run(count: int) -> None:
        settings.ROOT_URLCONF = urlconf
        for _ in range(count):
            answer(handler, given)

    settings.ROOT_URLCONF = urlconf
    first: Any = answer(handler, given)
    if first.status_code != 200 or json.loads(first.content) != ANSWER:
        raise RuntimeError(f"{urlconf.__name__} answered {first.status_code} {first.content!r:.200}")
    return run
