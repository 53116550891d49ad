"""A WSGI function and the standard library: the floor."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.peers.cases import MESSAGE, TITLE, posts

Environ = dict[str, Any]


def hello(environ: Environ) -> Any:
    return {"message": MESSAGE}


def echo(environ: Environ) -> Any:
    return json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))


def every_post(environ: Environ) -> Any:
    return posts()


ENDPOINTS: dict[str, Callable[[Environ], Any]] = {
    "/api/hello": hello,
    "/api/orders": echo,
    "/api/posts": every_post,
}


def post(environ: Environ) -> Any:
    return {"id": int(environ["PATH_INFO"].removeprefix("/api/posts/")), "title": TITLE}


def application(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
    endpoint = ENDPOINTS.get(environ["PATH_INFO"], post)
    content = json.dumps(endpoint(environ)).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]
