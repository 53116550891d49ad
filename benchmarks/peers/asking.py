"""A case asked of an application in process as a server asks: a fresh environ or scope, the answer read to its end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from benchmarks.peers.cases import Case
from benchmarks.request import environ


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    content_type: str
    body: bytes

    def check(self, case: Case, who: str) -> None:
        """Everybody answers the same JSON, or nothing is measured."""
        if self.status != "200" or not self.content_type.startswith("application/json"):
            raise RuntimeError(f"{who} answered {self.status} {self.content_type} {self.body!r:.300}")
        if json.loads(self.body) != case.answer:
            raise RuntimeError(f"{who} answered another JSON: {self.body!r:.300}")


class WSGI:
    """asked = WSGI(application, case); asked.answer() → Answer; asked.run(100)"""

    def __init__(self, application: Callable[..., Any], case: Case) -> None:
        self._application = application
        self._body = case.body
        self._given = environ(case.path)
        if case.body:
            self._given |= {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(len(case.body)),
            }

    def answer(self) -> Answer:
        begun: list[Any] = []
        body = self._asked(lambda *head: begun.append(head))
        status, headers = begun[0]
        return Answer(status.split()[0], {name.lower(): value for name, value in headers}["content-type"], body)

    def run(self, count: int) -> None:
        for _ in range(count):
            self._asked(_ignored)

    def _asked(self, start_response: Callable[..., Any]) -> bytes:
        response = self._application({**self._given, "wsgi.input": BytesIO(self._body)}, start_response)
        body = b"".join(response)
        if hasattr(response, "close"):
            response.close()
        return body


def _ignored(*head: Any) -> None: ...


class ASGI:
    """The same of an ASGI application. All requests of a block are one task of one loop."""

    def __init__(self, application: Callable[..., Any], case: Case, loop: asyncio.AbstractEventLoop) -> None:
        self._application = application
        self._loop = loop
        self._message = {"type": "http.request", "body": case.body, "more_body": False}
        self._given = _scope(case)

    def answer(self) -> Answer:
        start, *parts = self._loop.run_until_complete(self._asked())
        headers = {name.lower(): value.decode() for name, value in start["headers"]}
        return Answer(
            str(start["status"]), headers[b"content-type"], b"".join(part.get("body", b"") for part in parts)
        )

    def run(self, count: int) -> None:
        self._loop.run_until_complete(self._many(count))

    async def _many(self, count: int) -> None:
        for _ in range(count):
            await self._asked()

    async def _asked(self) -> list[MutableMapping[str, Any]]:
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> Any:
            return self._message

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self._application({**self._given}, receive, send)
        return sent


def _scope(case: Case) -> dict[str, Any]:
    """What `benchmarks.request.environ` says, in ASGI's words."""
    given = environ(case.path)
    headers = {name[5:].replace("_", "-").lower(): value for name, value in given.items() if name.startswith("HTTP_")}
    if case.body:
        headers |= {"content-type": "application/json", "content-length": str(len(case.body))}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST" if case.body else "GET",
        "scheme": "http",
        "path": case.path,
        "raw_path": case.path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 8000),
    }
