"""What becomes of an upstream's answer: decided by its status and headers, before its body."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from pagesapi.endpoints.proxying.call import Call
from pagesapi.endpoints.proxying.headers import response_headers
from pagesapi.endpoints.proxying.upstream import Place
from pagesapi.http.response import BODILESS
from pagesapi.http.stream import Source, StreamResponse

MAX_HOPS = 5
FOLLOWED = frozenset({301, 302, 303, 307, 308})
# Whatever the upstream sends, it does not run with the rights of our pages.
SHARED = frozenset({"age", "cdn-cache-control", "expires", "surrogate-control"})
PRIVATE = "private, no-cache"
HARMLESS = {"x-content-type-options": "nosniff", "content-security-policy": "sandbox"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    has_body: bool
    is_live: bool  # server-sent events: the first may be long in coming

    def response(self, body: Source) -> StreamResponse:
        response = StreamResponse(body if self.has_body else (), status=self.status)
        # The type first, for Django has given it HTML's; without one, it is to be guessed by nobody.
        del response.headers["Content-Type"]
        if self.has_body:
            response.headers["Content-Type"] = "application/octet-stream"
        for name, value in filter(all, self.headers.items()):
            response.headers[name.title()] = value
        return response


def judged(call: Call, response: httpx.Response) -> Answer | Call:
    """The answer as we give it, or the request that comes next. Raises `httpx.RemoteProtocolError` for a bad one."""
    status = response.status_code
    if not 200 <= status <= 599:
        raise httpx.RemoteProtocolError(f"status {status}")
    _check_length(call, response)
    given = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw]
    try:
        headers = response_headers(given, _named(call))
    except ValueError as error:
        raise httpx.RemoteProtocolError(str(error)) from None
    location = headers.pop("location", None)
    if location is not None:
        place = call.options.upstream.below(call.target, location)
        if call.options.follow_redirects and status in FOLLOWED:
            return _followed(call, status, place)
        headers.update(_location(call, status, place))
    has_body = call.method != "HEAD" and status not in BODILESS
    if "authorization" not in call.options.request_headers:
        headers.pop("www-authenticate", None)
    if call.is_personal:  # the upstream speaks of the caller that it knows, which is us
        headers = {name: value for name, value in headers.items() if name not in SHARED} | {"cache-control": PRIVATE}
    return Answer(status, {**HARMLESS, **headers}, has_body, _is_live(headers))


def _named(call: Call) -> frozenset[str]:
    return call.options.response_headers | {"location", "www-authenticate"}


def _check_length(call: Call, response: httpx.Response) -> None:
    length = response.headers.get("Content-Length")
    if length is None:
        return
    if "Transfer-Encoding" in response.headers:
        raise httpx.RemoteProtocolError("both a length and a transfer coding")  # RFC 9112 §6.3: an attack
    limit = call.options.response_limit
    if limit.bytes is not None and int(length) > limit.bytes and call.method != "HEAD":
        raise httpx.RemoteProtocolError(f"a body of {length} bytes, and the limit is {limit.text}")


def _followed(call: Call, status: int, place: Place | None) -> Call:
    if place is None:
        raise httpx.RemoteProtocolError("a redirect that leads out of the configured URL")
    if call.hops == MAX_HOPS:
        raise httpx.RemoteProtocolError(f"more than {MAX_HOPS} redirects")
    if call.method in ("GET", "HEAD"):
        return call.following(place, call.method)
    if status == 303:
        return call.following(place, "GET")
    raise httpx.RemoteProtocolError(f"a redirect (status {status}) of {call.method}")


def _location(call: Call, status: int, place: Place | None) -> dict[str, str]:
    """The header with an address of ours; where it leads nowhere (status 201, say) it can be left out."""
    location = None if place is None else call.location(place)
    if location is not None:
        return {"location": location}
    if 300 <= status <= 399 and status != 304:
        raise httpx.RemoteProtocolError("a redirect that has no address of ours")
    return {}


def _is_live(headers: dict[str, str]) -> bool:
    return headers.get("content-type", "").lower().startswith("text/event-stream")
