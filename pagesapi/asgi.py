"""Django's ASGI application; but a body that is too large is cut off while it comes in, not after it was spooled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.urls import Resolver404, get_resolver
from django.utils.translation import get_language_from_path, override

from pagesapi.endpoints.endpoint import Endpoint
from pagesapi.http.source import TOO_LARGE

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]  # Django's stubs have a read-only mapping
Send = Callable[[Message], Awaitable[None]]
END_OF_BODY: Message = {"type": "http.request", "body": b"", "more_body": False}


def get_asgi_application() -> ApiASGIHandler:
    """In the place of `django.core.asgi.get_asgi_application`."""
    django.setup(set_prefix=False)
    return ApiASGIHandler()


class ApiASGIHandler(ASGIHandler):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        if scope["type"] == "http" and (limit := _limit_for(scope)) is not None:
            receive = body = CountedBody(scope, receive, limit)
            send = body.noticing_answers(send)
        await super().__call__(scope, receive, send)  # type: ignore[arg-type]


class CountedBody:
    """A `receive` that ends the body at its limit and says so in the scope: the endpoint then answers 413.

    So middleware and guards come first, as they do under WSGI. What the client still sends is read and dropped, for
    after the body Django waits for nothing but the client's leaving.
    """

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        self.scope = scope
        self.receive = receive
        self.limit = limit
        self.count = 0
        self.ended = False
        self.answered = asyncio.Event()

    def noticing_answers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            await send(message)
            self.answered.set()

        return sending

    async def __call__(self) -> Message:
        if self.ended:
            return await self._until_left()
        if _announced(self.scope) > self.limit:
            return self._cut_off()
        message = await self.receive()
        if message["type"] == "http.request":
            self.count += len(message.get("body", b""))
            if self.count > self.limit:
                return self._cut_off()
            self.ended = not message.get("more_body", False)
        return message

    def _cut_off(self) -> Message:
        self.ended = True
        self.scope[TOO_LARGE] = True
        return END_OF_BODY

    async def _until_left(self) -> Message:
        if TOO_LARGE in self.scope:
            await self.answered.wait()  # asking for more would tell the client to go on (100 Continue)
        while (message := await self.receive())["type"] == "http.request":
            pass
        return message


def _language_of(path: str) -> AbstractContextManager[None]:
    """The language that `LocaleMiddleware` will read off the path, without which `i18n_patterns` match nothing."""
    language = get_language_from_path(path) if settings.USE_I18N else None
    return override(language) if language else nullcontext()


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and len(value) < 20:  # no longer: int() refuses them
            return int(value)
    return 0


def _limit_for(scope: Scope) -> int | None:
    """The bytes that the endpoint for this path takes; None for any other path, and where there is no limit."""
    lengths = (b"content-length", b"transfer-encoding")
    # HTTP/1 announces every body; HTTP/2 need not.
    announced = any(name in lengths for name, _ in scope["headers"])
    if not announced and scope["method"] in ("GET", "HEAD") and scope.get("http_version", "1.1").startswith("1"):
        return None
    path = scope["path"].removeprefix((get_script_prefix(scope) or "").rstrip("/")) or "/"
    try:
        with _language_of(path):
            match = get_resolver().resolve(path)
    except Resolver404:
        return None
    endpoint: Endpoint | None = getattr(match.func, "pagesapi_endpoint", None)
    return None if endpoint is None else endpoint.rules.limit.bytes
