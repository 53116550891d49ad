"""A request to a proxied route, by either of Django's test clients, and its answer read to the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from asgiref.sync import async_to_sync
from django.http import HttpResponseBase
from django.test import AsyncClient, Client

from pagesapi.testing import route_tree


@dataclass(frozen=True)
class Answer:
    response: HttpResponseBase
    body: bytes
    error: BaseException | None  # the stream was cut off

    @property
    def status(self) -> int:
        return self.response.status_code

    def get(self, name: str) -> str | None:
        return self.response.headers.get(name)


Interface = Literal["wsgi", "asgi"]


@dataclass(frozen=True)
class Way:
    """Which function it is, and who calls it."""

    function: Literal["proxy", "aproxy"]
    interface: Interface

    def __str__(self) -> str:
        return f"{self.function}-{self.interface}"

    def source(self, url: str, *, style: str = "handler", config: str = "", **options: Any) -> str:
        """A route file; `style`: the names that it exports, `config`: the arguments of its RouteConfig."""
        if "configured" in options:  # `headers` are the caller's
            options["headers"] = options.pop("configured")
        listed = "".join(f", {name}={value!r}" for name, value in options.items())
        return (
            "from pagesapi import RouteConfig\n"
            f"from pagesapi.proxy import {self.function}\n"
            f"config = RouteConfig({config})\n"
            f"{style} = {self.function}({url!r}{listed})\n"
        )

    def ask(self, path: str, *, method: str = "GET", headers: dict[str, str] | None = None, **extra: Any) -> Answer:
        extra.setdefault("data", b"")
        if self.interface == "asgi":
            return async_to_sync(_aanswer)(method, path, headers, extra)
        client = Client(raise_request_exception=False)
        return _answer(client.generic(method, path, headers=headers, **extra))


WAYS = [Way("proxy", "wsgi"), Way("aproxy", "wsgi"), Way("proxy", "asgi"), Way("aproxy", "asgi")]


class Through:
    """through(url, timeout=1) → the answer to GET /api/x of a route that is a proxy of the URL."""

    def __init__(self, way: Way) -> None:
        self.way = way

    def __call__(
        self,
        url: str,
        path: str = "/api/x",
        *,
        file: str = "x.py",
        method: str = "GET",
        headers: dict[str, str] | None = None,
        data: bytes = b"",
        content_type: str = "application/octet-stream",
        **options: Any,
    ) -> Answer:
        with self.route(url, file=file, **options) as ask:
            return ask(path, method=method, headers=headers, data=data, content_type=content_type)

    def written(self, url: str, headers: str) -> Asked:
        """The route's `headers=` as source."""
        function = self.way.function
        return Asked(
            self.way,
            "x.py",
            f"from pagesapi.proxy import {function}\nhandler = {function}({url!r}, headers={headers})\n",
        )

    def route(self, url: str, *, file: str = "x.py", **options: Any) -> Asked:
        return Asked(self.way, file, self.way.source(url, **options))


class Asked:
    """with through.route(url) as ask: ask("/api/x"), several times over the same connections"""

    def __init__(self, way: Way, file: str, source: str) -> None:
        self._way = way
        self._tree = route_tree({file: source})

    def __enter__(self) -> Callable[..., Answer]:
        self._tree.enable()
        return self._way.ask

    def __exit__(self, *details: object) -> None:
        self._tree.disable()


def _answer(response: Any) -> Answer:
    body, error = b"", None
    if not response.streaming:
        return Answer(response, response.content, None)
    try:
        for piece in response:
            body += piece
    except Exception as caught:  # noqa: BLE001 - the test looks at it
        error = caught
    finally:
        response.close()
    return Answer(response, body, error)


async def _aanswer(method: str, path: str, headers: dict[str, str] | None, extra: dict[str, Any]) -> Answer:
    client = AsyncClient(raise_request_exception=False)
    response: Any = await client.generic(method, path, headers=headers, **extra)
    body, error = b"", None
    if not response.streaming:
        return Answer(response, response.content, None)
    try:
        async for piece in response:
            body += piece
    except Exception as caught:  # noqa: BLE001
        error = caught
    finally:
        response.close()
    return Answer(response, body, error)
