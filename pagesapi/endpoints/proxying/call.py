"""`Call`: one request as it goes upstream; a redirect that is followed makes another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

import httpx

from pagesapi.conf import Size
from pagesapi.endpoints.proxying.clients import Clients
from pagesapi.endpoints.proxying.headers import Pairs, request_headers
from pagesapi.endpoints.proxying.patience import Patience
from pagesapi.endpoints.proxying.upload import Upload
from pagesapi.endpoints.proxying.upstream import Place, Upstream
from pagesapi.exceptions import HTTPError
from pagesapi.http.request import Request

# Not TRACE, whose answer shows the headers that were sent, and so the key; not CONNECT, which leads anywhere.
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
NO_BODY = httpx.ByteStream(b"")


@dataclass(frozen=True, slots=True)
class Options:
    """What `proxy(…)` was told, checked; and its connections, which live as long as a call does."""

    upstream: Upstream
    clients: Clients
    request_headers: frozenset[str]
    response_headers: frozenset[str]
    timeout: float
    deadline: float | None
    response_limit: Size
    follow_redirects: bool


@dataclass(frozen=True, slots=True)
class Call:
    options: Options
    method: str
    target: bytes
    headers: Pairs
    patience: Patience
    mount: str | None  # the path of our own that stands for the upstream's; None: the route takes no paths
    upload: Upload | None
    is_personal: bool  # the caller showed us who it is, so the answer is for no shared cache
    hops: int = 0

    @classmethod
    def of(cls, options: Options, api: Request, configured: Pairs, upload: Upload | None) -> Call:
        """Raises `HTTPError` 400 or 405 for what is not passed on."""
        if api.method not in METHODS:
            raise HTTPError(405, f"{api.method} is not allowed here.", headers={"Allow": ", ".join(METHODS)})
        return cls(
            options,
            api.method,
            _target(options.upstream, api),
            [*request_headers(api.headers, options.request_headers, configured, has_body=upload is not None)],
            Patience.of(options.timeout, options.deadline),
            _mount(api),
            upload,
            bool(api.META.get("HTTP_AUTHORIZATION") or api.META.get("HTTP_COOKIE")),
        )

    @property
    def label(self) -> str:
        return self.options.upstream.label

    @property
    def is_repeatable(self) -> bool:
        return self.upload is None and self.method in ("GET", "HEAD", "OPTIONS")

    def request(self) -> httpx.Request:
        self.patience.begin()
        upstream = self.options.upstream
        waits = dict.fromkeys(("connect", "read", "write", "pool"), self.patience)
        return httpx.Request(
            self.method,
            upstream.url,
            headers=[*self._host(), *self._framing(), *self.headers],
            stream=self.upload or NO_BODY,
            extensions={"timeout": waits, "target": self.target},
        )

    def _host(self) -> Pairs:
        if any(name.lower() == b"host" for name, _ in self.headers):
            return []
        return [(b"Host", self.options.upstream.url.netloc)]

    def _framing(self) -> Pairs:
        if self.upload is not None:
            # The connection ends with this request, or a server that leaves a body unread would take it for the
            # next one ("CL.0"), which could ask for any path.
            return [self.upload.framing, (b"Connection", b"close")]
        return [(b"Content-Length", b"0")] if self.method in ("PATCH", "POST", "PUT") else []

    def following(self, place: Place, method: str) -> Call:
        """The request that a redirect asks for."""
        names = {b"content-type", b"content-encoding", b"content-language"}
        return replace(
            self,
            method=method,
            target=self.options.upstream.target_of(place),
            headers=[pair for pair in self.headers if self.upload is None or pair[0].lower() not in names],
            upload=None,
            hops=self.hops + 1,
        )

    def location(self, place: Place) -> str | None:
        """The address of ours that stands for one of the upstream's."""
        if self.mount is None:
            return None
        query = f"?{place.query}" if place.query else ""
        fragment = f"#{place.fragment}" if place.fragment else ""
        return f"{quote(self.mount)}{place.path}{query}{fragment}" or "/"


def _target(upstream: Upstream, api: Request) -> bytes:
    query: str | bytes = api.META.get("QUERY_STRING", "")
    if isinstance(query, str) and hasattr(api.django, "environ"):
        query = query.encode("latin-1", "replace")  # WSGI's way to say bytes
    return upstream.target(_segments(api), slash=api.path.endswith("/"), query=query)


def _segments(api: Request) -> list[str]:
    """What a catch-all route was asked for; nothing with any other route."""
    return next((value for value in api.params.values() if isinstance(value, list)), [])


def _mount(api: Request) -> str | None:
    segments, path = _segments(api), api.path.rstrip("/")
    if segments:
        return path.removesuffix("/" + "/".join(segments))
    route = getattr(getattr(api.resolver_match, "func", None), "pagesapi_route", None)
    return path if route is not None and any(part.is_catch_all for part in route.segments) else None
