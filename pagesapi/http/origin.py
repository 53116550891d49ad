"""An origin (RFC 6454): the scheme, host and port of the page that sent a request."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

PORTS = {"http": 80, "https": 443}
HIGHEST_PORT = 65535
LONGEST = 300  # characters: a host has at most 253
# What a browser sends (names in punycode), and nothing that urlsplit() would mend: no path, no user, no space.
# A dot in front: the entry "https://*.example.com" of CSRF_TRUSTED_ORIGINS, without its star.
SERIALIZED = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>\[[0-9a-f:.]+\]|\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)(?::(?P<port>\d{1,5}))?",
    re.IGNORECASE,
)


class Origin(NamedTuple):
    """Two are the same origin if they are equal (RFC 6454 §5)."""

    scheme: str
    host: str  # lower case, in punycode
    port: int | None  # None: of a scheme without one of its own


def parse_origin(text: str) -> Origin | None:
    """ "https://App.example" → ("https", "app.example", 443); None for "null", and for what is no origin."""
    return _parsed(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=256)
def _parsed(text: str) -> Origin | None:
    found = SERIALIZED.fullmatch(text)
    if found is None:
        return None
    scheme = found["scheme"].lower()
    port = int(found["port"]) if found["port"] else PORTS.get(scheme)
    return None if port is not None and port > HIGHEST_PORT else Origin(scheme, found["host"].lower(), port)


def configured_origin(text: str) -> Origin | None:
    """The same for an origin that a project wrote, with a name in any letters: "https://bücher.example"."""
    scheme, mark, rest = text.partition("://")
    if rest.isascii():
        return parse_origin(text)
    name, colon, port = rest.partition(":")
    host = name.lstrip(".")
    dot = name[: len(name) - len(host)]
    try:
        return parse_origin(f"{scheme}{mark}{dot}{host.encode('idna').decode()}{colon}{port}")
    except UnicodeError:
        return None
