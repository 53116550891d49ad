"""A plain value as Django's response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, SimpleCookie
from django.http.response import ResponseHeaders

from pagesapi.http.etag import etag_of
from pagesapi.http.headers import add_headers
from pagesapi.http.json import encode

JSON = "application/json"


class JsonResponse(HttpResponse):
    """Django's response with any value as JSON, for whoever has no `res`.

    >>> return JsonResponse({"id": 3, "at": now()}, status=201, headers={"Location": "/api/posts/3"})

    By msgspec: dataclasses, structs, pydantic models, dates, `Decimal`, `UUID`, enums, sets, lazy texts, `.values()`.
    Raises `JSONEncodeError` (a `TypeError`), which names the type and place of what has no JSON form.
    """

    def __init__(self, value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(encode(value), content_type=JSON, status=status)
        add_headers(self, headers)


class QuickHeaders(ResponseHeaders):
    """Headers that begin with a type known to be sound. Django's `items()` looks up every header anew."""

    def __init__(self, content_type: str | None) -> None:
        self._store = {} if content_type is None else {"content-type": ("Content-Type", content_type)}

    def items(self) -> Any:
        return self._store.values()


class ValueResponse(HttpResponse):
    """An `HttpResponse` of bytes and a type that are known to be sound, made in half the time.

    It sets what `HttpResponseBase.__init__` sets; a test compares the two.
    """

    pagesapi_answer = True  # no page of Django's: see `signed`

    def __init__(self, content: bytes, content_type: str | None, status: int) -> None:
        self.headers: QuickHeaders = QuickHeaders(content_type)
        self.cookies = SimpleCookie()
        self.status_code = status
        self.closed = False
        self._container = [content]
        self._charset = self._reason_phrase = self._handler_class = None
        self._resource_closers: list[Any] = []

    def tag(self) -> str:
        """Its `ETag`: the handler's own, or else a strong one of its bytes."""
        return self.headers._store.setdefault("etag", ("ETag", etag_of(self._container[0])))[1]
