"""What `ApiMiddleware`, with every check of who may call, adds to django-cors-headers' own middleware."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from benchmarks.measure import Figure, Run, paired
from benchmarks.request import answer, environ
from benchmarks.sample_tree import served

CALLS = 500
LIMIT = 3.0  # µs a request
THEIRS = "corsheaders.middleware.CorsMiddleware"
OURS = "pagesapi.middleware.ApiMiddleware"
SOURCE = """
def GET(request, id):
    return {"id": id}

def POST(request, id):
    return {"id": id}
"""


def figures() -> Iterator[Figure]:
    with served({"posts/[id=int].py": SOURCE}):
        yield _added("the same middleware twice (the noise)", "GET", THEIRS, THEIRS)
        for method in ("GET", "POST"):
            yield _added(f"{method}, no policy, no Origin", method, OURS, THEIRS, limit=LIMIT)


def _added(name: str, method: str, ours: str, theirs: str, limit: float | None = None) -> Figure:
    pairs = paired(requests(method, ours), requests(method, theirs), calls=CALLS)
    added = [(one - other) * 1e6 for one, other in zip(pairs.ours, pairs.theirs, strict=True)]
    return Figure.of(name, "µs", added, limit=limit)


def requests(method: str, middleware: str) -> Run:
    """Makes so many requests through one middleware, as a server does."""
    settings.ROOT_URLCONF = "pagesapi.urls"
    settings.MIDDLEWARE = [middleware]
    handler = WSGIHandler()
    settings.MIDDLEWARE = []
    given = environ("/api/posts/7") | {"REQUEST_METHOD": method}

    def run(count: int) -> None:
        for _ in range(count):
            answer(handler, given)

    first: Any = answer(handler, given)
    if first.status_code != 200:
        raise RuntimeError(f"{middleware} answered {first.status_code} {first.content!r:.200}")
    return run
