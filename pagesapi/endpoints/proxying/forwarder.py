"""`Forwarder`: what a proxy was told, and the requests that it passes on."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http.response import HttpResponseBase

from pagesapi.conf import size_of
from pagesapi.endpoints.proxying.call import Call, Options
from pagesapi.endpoints.proxying.clients import Clients
from pagesapi.endpoints.proxying.exchange import aexchange, exchange
from pagesapi.endpoints.proxying.headers import Pairs, checked_headers, checked_names
from pagesapi.endpoints.proxying.upload import Upload
from pagesapi.endpoints.proxying.upstream import Upstream
from pagesapi.http.request import Request

Headers = Mapping[str, str] | Callable[[Request], Mapping[str, str] | Awaitable[Mapping[str, str]]]


class Forwarder:
    """Raises `ValueError` for a wrong argument; they are those of `proxy`."""

    def __init__(
        self,
        url: str | None,
        headers: Headers | None,
        request_headers: Iterable[str],
        response_headers: Iterable[str],
        timeout: float,
        deadline: float | None,
        response_limit: int | str | None,
        follow_redirects: bool,
    ) -> None:
        if not isinstance(follow_redirects, bool):
            raise ValueError(f"proxy(follow_redirects=…) takes True or False, not {follow_redirects!r}.")
        upstream = Upstream.of(url)
        self.options = Options(
            upstream=upstream,
            clients=Clients(upstream),
            request_headers=checked_names(request_headers, "request_headers"),
            response_headers=checked_names(response_headers, "response_headers"),
            timeout=_seconds("timeout", timeout),
            deadline=None if deadline is None else _seconds("deadline", deadline),
            response_limit=size_of(response_limit),
            follow_redirects=follow_redirects,
        )
        self._function = headers if callable(headers) else None
        self._headers: Pairs = [] if callable(headers) else checked_headers({} if headers is None else headers)

    def send(self, api: Request) -> HttpResponseBase:
        return self._send(api, self._headers if self._function is None else checked_headers(self._function(api)))

    async def asend(self, api: Request) -> HttpResponseBase:
        headers = self._headers
        if self._function is not None:
            function = self._function if iscoroutinefunction(self._function) else sync_to_async(self._function)
            headers = checked_headers(await function(api))
        if not hasattr(api.django, "scope"):
            # Under WSGI a loop ends with the view, and the answer's body comes after it.
            return await sync_to_async(self._send)(api, headers)
        return await aexchange(Call.of(self.options, api, headers, await Upload.aof(api)))

    def _send(self, api: Request, headers: Pairs) -> HttpResponseBase:
        return exchange(Call.of(self.options, api, headers, Upload.of(api)))


def _seconds(option: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise ValueError(f"proxy({option}=…) takes seconds above 0, not {value!r}.")
    return float(value)
