"""`proxy(…)` and `aproxy(…)`: another service shown under a URL of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http.response import HttpResponseBase

from pagesapi.endpoints.config import RouteConfig
from pagesapi.endpoints.proxying.forwarder import Forwarder, Headers
from pagesapi.http.request import Request

Handler = Callable[..., HttpResponseBase]
AsyncHandler = Callable[..., Awaitable[HttpResponseBase]]
CONFIG = RouteConfig(parse_body=False, etag=False)  # bodies pass as they come, and so do the upstream's tags


def proxy(
    url: str | None,
    *,
    headers: Mapping[str, str] | Callable[[Request], Mapping[str, str]] | None = None,
    request_headers: Iterable[str] = (),
    response_headers: Iterable[str] = (),
    timeout: float = 10.0,
    deadline: float | None = 300.0,
    response_limit: int | str | None = "100mb",
    follow_redirects: bool = False,
) -> Handler:
    """A handler, or a method function, that passes requests on to another service and its answers back.

    >>> handler = proxy("https://api.example.com/v1", headers={"Authorization": f"Bearer {KEY}"})
    >>> GET = proxy(os.environ.get("SEARCH_URL"))

    In a catch-all route (`[...path].py`) the segments are added to the URL's path; else it is exactly the URL. No
    request leads to another host or out of that path; the caller's query string is passed on, but cannot override
    what stands in the URL's.

    `headers`: sent upstream, and set over the caller's; a mapping, or a function that gives one for our `Request`.
    `request_headers`, `response_headers`: names that pass besides those that are passed on anyway, such as
    `["Authorization", "Cookie"]`. There are lists of what passes because others (`X-Original-URL`,
    `X-Forwarded-Host`, `X-HTTP-Method-Override` …) can lead the upstream elsewhere. `Set-Cookie`, CORS headers and
    their like never come back.
    `timeout`: seconds to connect, and for each wait. `deadline`: seconds for all of it, body included (None: no
    bound). `response_limit`: bytes, or "100mb" (None: no limit).
    `follow_redirects`: up to five, of GET and HEAD and of a 303, if they stay below the URL. Else a redirect below
    the URL of a catch-all route is passed on with our own address, and any other is a 502. (An upstream that redirects
    to paths with a slash at the end wants this, or `PAGESAPI["TRAILING_SLASH"] = "accept"`.)
    A caller who sent a cookie or `Authorization` gets an answer that no shared cache keeps.

    The answers carry `Content-Security-Policy: sandbox` (unless `response_headers` names it and the upstream sets
    one) and `nosniff`. An upstream that fails is a 502, one that is late a 504; what went wrong is logged to
    `pagesapi.routes`. Raises `ValueError` for a wrong argument.
    """
    if iscoroutinefunction(headers):
        raise ValueError("proxy(headers=…) takes a plain function; aproxy() takes async ones too.")
    forwarder = Forwarder(
        url, headers, request_headers, response_headers, timeout, deadline, response_limit, follow_redirects
    )

    def forward(request: Any, res: Any = None, /, **params: Any) -> HttpResponseBase:
        return forwarder.send(_api(request))

    forward.__dict__["pagesapi_config"] = CONFIG
    return forward


def aproxy(
    url: str | None,
    *,
    headers: Headers | None = None,
    request_headers: Iterable[str] = (),
    response_headers: Iterable[str] = (),
    timeout: float = 10.0,
    deadline: float | None = 300.0,
    response_limit: int | str | None = "100mb",
    follow_redirects: bool = False,
) -> AsyncHandler:
    """`proxy` as a coroutine function, for ASGI: a caller who waits holds no thread. `headers` may be async too."""
    forwarder = Forwarder(
        url, headers, request_headers, response_headers, timeout, deadline, response_limit, follow_redirects
    )

    async def forward(request: Any, res: Any = None, /, **params: Any) -> HttpResponseBase:
        return await forwarder.asend(_api(request))

    forward.__dict__["pagesapi_config"] = CONFIG
    return forward


def _api(request: Any) -> Request:
    """Our request: what a handler gets, and what a method function's request holds."""
    return request if isinstance(request, Request) else request.api
