"""`Response`: the `res` of `handler(req, res)`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, overload
from urllib.parse import quote, urlsplit

from django.core.exceptions import DisallowedRedirect
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase, ResponseHeaders
from django.utils.encoding import iri_to_uri

from pagesapi.exceptions import ResponseError
from pagesapi.http.cookies import CookieLine
from pagesapi.http.headers import checked_name, checked_value
from pagesapi.http.json import encode
from pagesapi.http.site import get_site
from pagesapi.http.sse import event_stream
from pagesapi.http.stream import FileStreamResponse, Source, StreamResponse
from pagesapi.http.value_response import JSON, ValueResponse

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
BODILESS = (204, 304)
REDIRECTS = (301, 302, 303, 307, 308)
Pieces = Iterable[bytes | memoryview | str] | AsyncIterable[bytes | memoryview | str]
SameSite = Literal["Lax", "Strict", "None", False] | None


class Response:
    """The `res` of `handler(req, res)`: collects status, headers and cookies, and answers once.

    >>> def handler(req, res):
    ...     return res.status(201).set_header("Location", "/api/posts/3").json({"id": 3})

    `json`, `send`, `redirect`, `stream`, `sse` or `end` answers. Every method returns the `Response`, so they chain;
    whichever is called after the answer raises `ResponseError`.
    """

    __slots__ = ("_cookies", "_headers", "_status", "http", "taggable", "xframe_options_exempt")

    def __init__(self) -> None:
        self._status = 200
        self._headers: ResponseHeaders | None = None
        self._cookies: HttpResponse | None = None
        self.http: HttpResponseBase | None = None
        """Django's response, once this one is finished."""
        self.taggable = True
        """Whether its bytes may get an `ETag`."""
        self.xframe_options_exempt = False
        """Set by Django's decorator of that name."""

    if not TYPE_CHECKING:  # to a type checker every name would then be an attribute

        def __getattr__(self, name: str) -> Any:
            """Names as JavaScript writes them: `res.setHeader`."""
            snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
            hint = f"; did you mean {snake!r}?" if hasattr(type(self), snake) else ""
            raise AttributeError(f"The response has no attribute {name!r}{hint}")

    # Status, headers, cookies

    @property
    def status_code(self) -> int:
        """200, or what was set: `res.status_code = 404` is `res.status(404)`."""
        return self._status

    @status_code.setter
    def status_code(self, code: int) -> None:
        self.status(code)

    def status(self, code: int) -> Response:
        """Set the status, 200 to 599. Raises `ResponseError` for another."""
        if not isinstance(code, int) or not 200 <= code <= 599:
            raise ResponseError(f"res.status() takes a number from 200 to 599, not {code!r}.")
        if self.http is not None:
            self._changeable("status")
        self._status = int(code)
        return self

    @property
    def headers(self) -> ResponseHeaders:
        """What was set so far, by name, in upper or lower case. Cookies are not among them."""
        if self._headers is None:
            self._headers = ResponseHeaders({})
        return self._headers

    def set_header(self, name: str, value: str | int | Iterable[str]) -> Response:
        """Set a header; several values are joined by commas, or are several cookies for `Set-Cookie`.

        Raises `BadHeaderError` (a `ValueError`) for a name or value that HTTP cannot carry (RFC 9110 §5).
        """
        self._changeable("set_header")
        if name.lower() == "set-cookie":
            self._cookies = None
            return self._add_cookies(value)
        self.headers[checked_name(name)] = checked_value(value)
        return self

    def append_header(self, name: str, value: str | int | Iterable[str]) -> Response:
        """Add a value to those that the header has: `res.append_header("Vary", "Accept")`."""
        if name.lower() == "set-cookie":
            return self._add_cookies(value)
        present = self.get_header(name)
        return self.set_header(name, value if present is None else f"{present}, {checked_value(value)}")

    def get_header(self, name: str) -> str | None:
        """The value that was set; None without one."""
        return None if self._headers is None else self._headers.get(name)

    def remove_header(self, name: str) -> Response:
        """Take back a header that was set; no error if it was not."""
        self._changeable("remove_header")
        self.headers.pop(name, None)
        return self

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: int | timedelta | None = None,
        expires: str | datetime | None = None,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: SameSite = None,
    ) -> Response:
        """Django's `HttpResponse.set_cookie`; a value beyond ASCII is percent-encoded, as `req.cookies` decodes it.

        >>> res.set_cookie("theme", "dark", max_age=86400, httponly=True, samesite="Lax")

        `max_age`: seconds; None: until the browser is closed. `path` None: that of the request and below it.
        """
        text = str(value)
        sendable = text if text.isascii() else quote(text, safe="")
        options = (max_age, expires, path, domain, secure, httponly, samesite)
        self._cookie_jar("set_cookie").set_cookie(key, sendable, *map(_sound, options))
        return self

    def delete_cookie(
        self, key: str, path: str | None = "/", domain: str | None = None, samesite: SameSite = None
    ) -> Response:
        """Django's `HttpResponse.delete_cookie`; `path` and `domain` have to be those it was set with."""
        self._cookie_jar("delete_cookie").delete_cookie(key, *map(_sound, (path, domain, samesite)))
        return self

    def _add_cookies(self, lines: str | int | Iterable[str]) -> Response:
        jar = self._cookie_jar("set_cookie").cookies
        for line in [str(lines)] if isinstance(lines, (str, int)) else lines:
            cookie = CookieLine(checked_value(line))
            jar[line if cookie.key in jar else cookie.key] = cookie
        return self

    def _cookie_jar(self, method: str) -> HttpResponse:
        self._changeable(method)
        if self._cookies is None:
            self._cookies = HttpResponse()
        return self._cookies

    # Static pages

    def set_preview_data(self, data: Any, *, max_age: int | None = None, path: str | None = None) -> Response:
        """Let this visitor see previews, with data (Next.js's `setPreviewData`), which pages get as `preview_data`.

        `data`: any JSON value of at most 2,000 bytes, encrypted in a cookie by the extra `preview`. `max_age`: seconds
        (`PREVIEW["max_age"]`, a day). `path`: only for URLs below it ("/blog"). Raises `ValueError` for wrong ones.
        """
        return self._preview("set_preview_data", {} if data is None else data, max_age, path)

    def set_draft_mode(self, enable: bool = True, *, max_age: int | None = None, path: str | None = None) -> Response:
        """Let this visitor see previews, or no longer (Next.js's draft mode); options as in `set_preview_data`."""
        if not enable:
            return self.clear_preview_data(path=path)
        return self._preview("set_draft_mode", None, max_age, path)

    def _preview(self, method: str, data: Any, max_age: int | None, path: str | None) -> Response:
        jar = self._cookie_jar(method)
        get_site().enable_preview(jar, data, max_age, path)
        return self.set_header("Cache-Control", jar.headers["Cache-Control"])

    def clear_preview_data(self, *, path: str | None = None) -> Response:
        """Leave preview mode; `path` has to be the one it was entered with."""
        jar = self._cookie_jar("clear_preview_data")
        get_site().disable_preview(jar, path)
        return self.set_header("Cache-Control", jar.headers["Cache-Control"])

    def revalidate(self, path: str) -> Response:
        """The next visitor of this static page gets a new one: `res.revalidate("/blog/hello/")`.

        Raises `PageNotFound` (a `LookupError`) if there is no static page at this URL path.
        """
        get_site().revalidate(path)
        return self

    async def arevalidate(self, path: str) -> Response:
        """`revalidate` for async functions."""
        await get_site().arevalidate(path)
        return self

    # Finishing

    def json(self, value: Any) -> Response:
        """Answer with JSON: any value that `JsonResponse` takes.

        Raises `JSONEncodeError` (a `TypeError`), which names the type and place of what has no JSON form.
        """
        return self._finish(encode(value), JSON)

    def send(self, value: Any) -> Response:
        """Answer with text (text/plain), bytes (application/octet-stream), an open file (its name's type), an
        iterator (streamed), or else JSON; None → an empty body."""
        if value is None:
            return self._finish(b"", None)
        if isinstance(value, (dict, list)):
            return self.json(value)
        if isinstance(value, str):
            return self._finish(value.encode("utf-8", "replace"), TEXT)
        if isinstance(value, (bytes, bytearray, memoryview)):
            return self._finish(bytes(value), BYTES)
        if _is_file(value):
            return self._finish_with(FileStreamResponse(value))
        if isinstance(value, (Iterator, AsyncIterable)) and not isinstance(value, QuerySet):
            return self.stream(value)
        return self.json(value)

    @overload
    def redirect(self, url: str, /) -> Response: ...
    @overload
    def redirect(self, status: int, url: str) -> Response: ...
    def redirect(self, status: int | str, url: str | None = None) -> Response:
        """`redirect(url)` → 307; `redirect(303, url)`. Statuses: 301, 302, 303, 307, 308.

        Raises `DisallowedRedirect` (400) for a scheme other than http, https and ftp, as Django does, and
        `ResponseError` for another status.
        """
        code, target = (307, status) if url is None else (status, url)
        if not isinstance(target, str) or code not in REDIRECTS:
            raise ResponseError(
                f"res.redirect() takes a URL, or a status of {', '.join(map(str, REDIRECTS))} and a URL; "
                f"not {status!r}, {url!r}."
            )
        self.status(int(code)).set_header("Location", _location(target))
        return self._finish(target.encode("utf-8", "replace"), TEXT)

    def stream(self, source: Pieces, content_type: str = BYTES) -> Response:
        """Answer piece by piece from a sync or async iterable of bytes or text, closed when the caller goes.

        >>> return res.stream(csv_lines(), content_type="text/csv")
        """
        kind = self.get_header("Content-Type") or checked_value(content_type)
        # An iterator, for it is that which has a `close()` to call when the client goes.
        parts = source if isinstance(source, AsyncIterable) else iter(source)
        return self._finish_with(StreamResponse(parts, content_type=kind))

    def sse(self, events: Source) -> Response:
        """Answer with server-sent events (WHATWG HTML §9.2) from a sync or async iterable.

        >>> return res.sse({"event": "price", "id": each.pk, "data": {"eur": each.eur}} for each in prices())

        An event is text, a dict of `data` and any of `event`, `id`, `retry` (milliseconds), or another JSON value,
        which is then the data. When there is none for 15 seconds, a comment keeps the connection.
        """
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Accel-Buffering", "no")  # nginx
        return self.stream(event_stream(events), "text/event-stream")

    def end(self, text: str | bytes = b"") -> Response:
        """Answer with nothing, or with bytes that have no type: `res.status(204).end()`."""
        self.taggable = False
        return self._finish(text.encode() if isinstance(text, str) else text, None)

    def _finish(self, content: bytes, content_type: str | None) -> Response:
        if self._status in BODILESS:
            content, content_type = b"", None
        if self._headers is not None:
            self._headers.pop("Content-Length", None)  # a wrong one would keep the caller waiting
        return self._finish_with(ValueResponse(content, content_type, self._status))

    def _finish_with(self, response: HttpResponseBase) -> Response:
        if self.http is not None:
            self._changeable("answer")
        response.status_code = self._status
        if self._headers is not None:
            for name, value in self._headers.items():
                response.headers[name] = value
        if self._cookies is not None:
            response.cookies = self._cookies.cookies
        self.http = response
        return self

    def _changeable(self, method: str) -> None:
        if self.http is not None:
            what = "answered twice" if method == "answer" else f"called res.{method}() after it had answered"
            raise ResponseError(f"The handler {what}; is a `return` missing after the first answer?")


def _sound(value: Any) -> Any:
    return checked_value(value) if isinstance(value, str) else value


def _location(url: str) -> str:
    try:
        scheme, location = urlsplit(url).scheme.lower(), iri_to_uri(url)
    except ValueError as error:  # "http://[", half of a surrogate pair
        raise DisallowedRedirect(f"{url!r} is no URL: {error}") from None
    if scheme not in ("", "http", "https", "ftp"):
        raise DisallowedRedirect(f"Unsafe redirect to URL with protocol {scheme!r}")
    return location


def _is_file(value: object) -> bool:
    return hasattr(value, "read") and hasattr(value, "close")


def response_of(value: Any, res: Response | None = None) -> Response:
    """What a function returned, sent as `res.send(value)` would."""
    if isinstance(value, tuple) and value and isinstance(value[0], int) and not isinstance(value[0], bool):
        raise _no_tuple(value, value[0])
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], (dict, list)) and _is_status(value[1]):
        raise _no_tuple(value, value[1])
    return (res or Response()).send(value)


def _is_status(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599


def _no_tuple(value: object, status: int) -> ResponseError:
    return ResponseError(
        f"A status cannot be returned in a tuple {value!r:.80}: return JsonResponse(value, status={status}), "
        f"or res.status({status}).json(value)."
    )
