"""Which headers pass, in either direction: those of two lists, and what the route file adds to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pagesapi.http.headers import CONTROL, TOKEN

Pairs = list[tuple[bytes, bytes]]


def names_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Lists of what passes, for no list of what does not is ever complete: X-Original-URL, X-Rewrite-URL,
# X-Forwarded-Host, X-HTTP-Method-Override and others lead upstream elsewhere than our checks saw.
REQUEST = names_of(
    "accept accept-charset accept-encoding accept-language cache-control if-match if-modified-since if-none-match "
    "if-range if-unmodified-since idempotency-key last-event-id pragma prefer range traceparent tracestate "
    "user-agent x-correlation-id x-request-id"
)
REQUEST_BODY = names_of(
    "content-digest content-disposition content-encoding content-language content-md5 content-range content-type "
    "digest repr-digest"
)
RESPONSE = names_of(
    "accept-patch accept-post accept-ranges age allow cache-control content-digest content-disposition "
    "content-encoding content-language content-length content-range content-type deprecation digest etag expires "
    "last-modified link preference-applied repr-digest retry-after sunset vary x-correlation-id x-request-id"
)
RESPONSE_PREFIXES = ("ratelimit", "x-ratelimit")
# What has one value: two different ones are read differently by different readers.
SINGLE = names_of(
    "age content-disposition content-length content-range content-type etag expires last-modified location retry-after"
)

# About one connection, not about the message (RFC 9110 §7.6.1), or for whoever is in between.
HOP_BY_HOP = names_of(
    "connection expect http2-settings keep-alive proxy-authenticate proxy-authorization proxy-connection te "
    "trailer transfer-encoding upgrade"
)
# What would speak for our whole site, to the caller's browser or to the server in front of us.
NEVER = HOP_BY_HOP | names_of(
    "alt-svc clear-site-data content-length host location nel public-key-pins refresh report-to "
    "reporting-endpoints service-worker-allowed set-cookie set-cookie2 status strict-transport-security "
    "x-content-type-options x-lighttpd-send-file x-litespeed-location x-sendfile"
)
NEVER_PREFIXES = ("access-control-", "x-accel-", "x-sendfile-")


def checked_names(names: Any, option: str) -> frozenset[str]:
    """Names of headers, in lower case. Raises `ValueError` for one that must not pass, or is no name."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise ValueError(f"proxy({option}=…) takes a list of header names, not {names!r}.")
    found = tuple(names)
    for name in found:
        if not isinstance(name, str) or not TOKEN.fullmatch(name):
            raise ValueError(f"proxy({option}=…) takes header names, and {name!r} is none.")
        if name.lower() in NEVER or name.lower().startswith(NEVER_PREFIXES):
            raise ValueError(f"proxy({option}=…) cannot pass on {name}, which is not the other side's to say.")
    return frozenset(name.lower() for name in found)


def checked_headers(headers: Any) -> Pairs:
    """The configured headers. Raises `ValueError` for what cannot be sent."""
    if not isinstance(headers, Mapping):
        raise ValueError(f"proxy(headers=…) takes a mapping, or a function that returns one, not {headers!r:.80}.")
    return [_checked_pair(name, value) for name, value in headers.items()]


def _checked_pair(name: Any, value: Any) -> tuple[bytes, bytes]:
    if not isinstance(name, str) or not TOKEN.fullmatch(name):
        raise ValueError(f"proxy(headers=…): {name!r} is no header name.")
    if name.lower() in HOP_BY_HOP or name.lower() == "content-length":
        raise ValueError(f"proxy(headers=…): {name} is set by the connection itself.")
    if not isinstance(value, str):  # without its text: it may be a key
        hint = "None; is the environment variable set?" if value is None else f"a {type(value).__name__}, not text."
        raise ValueError(f"proxy(headers=…): the value of {name} is {hint}")
    if CONTROL.search(value):
        raise ValueError(f"proxy(headers=…): the value of {name} holds a line end or another control character.")
    try:
        return name.encode("ascii"), value.strip(" \t").encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError(f"proxy(headers=…): the value of {name} holds characters beyond Latin-1.") from None


def request_headers(
    given: Mapping[str, str], named: frozenset[str], configured: Pairs, *, has_body: bool
) -> Iterator[tuple[bytes, bytes]]:
    """What goes upstream: the caller's, without those about the caller's own connection, and the configured."""
    passing = REQUEST | named | (REQUEST_BODY if has_body else frozenset())
    fixed = {name.decode("ascii").lower() for name, _ in configured}
    dropped = fixed | listed(given.get("Connection", ""))
    for name, value in given.items():
        key = name.lower()
        if key in passing and key not in dropped and not CONTROL.search(value):
            yield name.encode("ascii"), value.strip(" \t").encode("latin-1", "replace")
    if "accept-encoding" not in fixed and not given.get("Accept-Encoding"):
        yield b"Accept-Encoding", b"identity"  # without a word, a server may choose any (RFC 9110 §12.5.3)
    yield from configured


def response_headers(given: Iterable[tuple[str, str]], named: frozenset[str]) -> dict[str, str]:
    """What comes back, by lower-case name. Raises `ValueError` for headers that are not clear."""
    pairs = [(name.lower(), value) for name, value in given]
    dropped = set().union(*(listed(value) for name, value in pairs if name == "connection"))
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in dropped or not (name in RESPONSE or name in named or name.startswith(RESPONSE_PREFIXES)):
            continue
        if CONTROL.search(value):
            raise ValueError(f"a control character in {name}")
        if name in found and name in SINGLE and found[name] != value:
            raise ValueError(f"two values of {name}")
        found[name] = f"{found[name]}, {value}" if name in found and name not in SINGLE else value
    return found


def listed(value: str) -> set[str]:
    """The names in a `Connection` header."""
    return {name.lower() for name in re.split(r"[,\s]+", value) if name}
