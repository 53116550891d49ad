"""`Upstream`: the configured URL, and the addresses below it. Nothing else can be reached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from pagesapi.endpoints.proxying.query import joined, without
from pagesapi.endpoints.proxying.segment import encoded, is_sound

HOST = re.compile(r"[0-9A-Za-z._-]+|[0-9A-Fa-f:.]+")  # a name, or an address of either kind


@dataclass(frozen=True, slots=True)
class Place:
    """An address below the configured one: "/a?b=1#c", percent-encoded."""

    path: str  # beyond that of the configured URL: empty, or begins with a slash
    query: str
    fragment: str


@dataclass(frozen=True, slots=True)
class Upstream:
    """`Upstream.of("https://api.example.com/v1?key=k")`."""

    url: httpx.URL
    path: str  # as configured, percent-encoded: "/v1"
    query: str

    @classmethod
    def of(cls, url: Any) -> Upstream:
        """Raises `ValueError`, which says what is wrong with the URL."""
        if not url:
            raise ValueError(f"proxy() takes a URL, not {url!r}; is the environment variable set?")
        if not isinstance(url, str):
            raise ValueError(f"proxy() takes a URL as text, not {url!r}.")
        if url.split() != [url]:
            raise ValueError(f"proxy() takes a URL without white space, not {url!r}.")
        try:
            parsed = httpx.URL(url)
            parsed.host.encode("idna")  # a label may be too long, which the resolver would say only later
        except (httpx.InvalidURL, UnicodeError) as error:
            raise ValueError(f"proxy() takes a URL, not {url!r}: {error}") from None
        _check(url, parsed)
        path, _, query = parsed.raw_path.decode("ascii").partition("?")
        return cls(parsed, path, query)

    @property
    def base(self) -> str:
        """The path without its final slash: what everything below it begins with, and a slash then."""
        return self.path.rstrip("/")

    @property
    def label(self) -> str:
        """For the log: the query string may hold a key."""
        return f"{self.url.scheme}://{self.url.netloc.decode('ascii')}{self.path}"

    def target(self, segments: list[str], *, slash: bool, query: bytes | str) -> bytes:
        """The request target for segments below the path; `slash`: with one at its end. Raises a 400."""
        path = self.path
        if segments:
            path = "/".join([self.base, *encoded(segments)]) + ("/" if slash else "")
        return _target(path, joined(self.query, query))

    def target_of(self, place: Place) -> bytes:
        """The request target of a redirect that is followed."""
        return _target(f"{self.base}{place.path}" or "/", joined(self.query, place.query))

    def below(self, target: bytes, location: str) -> Place | None:
        """Where a `Location` in the answer to `target` leads; None for any place that is not below our URL."""
        try:
            url = self.url.copy_with(raw_path=target).join(location)
            path = url.raw_path.decode("ascii").partition("?")[0]
        except (httpx.InvalidURL, ValueError):
            return None
        tail = path[len(self.base) :]
        same = (url.scheme, url.raw_host, url.port) == (self.url.scheme, self.url.raw_host, self.url.port)
        if not same or url.userinfo or not path.startswith(self.base) or not _is_tail(tail):
            return None
        query = without(self.query, quote(url.query, safe="%!$&'()*+,;=:@/?[]"))
        return Place(tail, query, quote(url.fragment, safe="!$&'()*+,;=:@/?"))


def _check(url: str, parsed: httpx.URL) -> None:
    if parsed.scheme not in ("http", "https"):
        raise ValueError(f"proxy() takes a URL that begins with http:// or https://, not {url!r}.")
    if not HOST.fullmatch(parsed.raw_host.decode("ascii")):
        raise ValueError(f"proxy() takes a URL with a host, not {url!r}.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise ValueError(f"proxy() takes a URL with a port from 1 to 65535, not {url!r}.")
    if "@" in urlsplit(url).netloc:
        raise ValueError("proxy() takes a URL without a user; put it into headers={'Authorization': …}.")
    if "#" in url:
        raise ValueError(f"proxy() takes a URL without a fragment (#…), which is never sent; not {url!r}.")


def _is_tail(path: str) -> bool:
    if not path:
        return True
    first, *segments = path.split("/")
    if segments[-1:] == [""]:
        segments.pop()
    return first == "" and all(map(is_sound, segments))


def _target(path: str, query: str) -> bytes:
    return f"{path}?{query}".encode("ascii") if query else path.encode("ascii")
