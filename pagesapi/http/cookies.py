"""Cookies: those of a request, decoded as Next.js has them; and one that is set by the whole of its header line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http.cookies import Morsel
from typing import Any
from urllib.parse import unquote

from pagesapi.exceptions import ResponseError

MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2})")
LINE = re.compile(r"\s*(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?P<value>[^;]*?)\s*(?:;(?P<attributes>.*))?")


def decoded(cookies: Mapping[str, str]) -> dict[str, str]:
    """Values percent-decoded, as browsers' `encodeURIComponent` and Next.js have them; a malformed one as it is."""
    return {name: _decoded(value) for name, value in cookies.items() if name}


def _decoded(value: str) -> str:
    if "%" not in value or MALFORMED.search(value):
        return value
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        return value


class CookieLine(Morsel[str]):
    """A cookie by its `Set-Cookie` line, which is sent as it was given: "a=1; Path=/; Priority=High"."""

    def __init__(self, line: str) -> None:
        super().__init__()
        match = LINE.fullmatch(line) if line.isascii() else None
        if match is None:
            raise ResponseError(f"{line!r} is no cookie in ASCII: use res.set_cookie(name, value, …).")
        self.line = line.strip()
        self.set(match["name"], match["value"], match["value"])
        for attribute in (match["attributes"] or "").split(";"):
            name, has_value, value = attribute.strip().partition("=")
            if name.lower() in self:
                self[name.lower()] = value.strip() if has_value else True

    def OutputString(self, attrs: Any = None) -> str:  # noqa: N802 - Morsel's name
        return self.line
