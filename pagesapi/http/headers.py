"""One header of a response, refused if it could break out of its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.http.response import BadHeaderError, HttpResponseBase

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # all but the tab, §5.5


def checked_name(name: str) -> str:
    if not isinstance(name, str) or not TOKEN.fullmatch(name):
        raise BadHeaderError(f"{name!r} is no header name.")
    return name


def checked_value(value: str | int | Iterable[str]) -> str:
    """The text of a value; several are joined by commas (RFC 9110 §5.3)."""
    text = str(value) if isinstance(value, (str, int)) else ", ".join(map(str, value))
    # Django encodes what is not Latin-1 by `email.header`, which takes U+2028 and its like for line ends.
    if CONTROL.search(text) or len(text.splitlines()) > 1:
        raise BadHeaderError(f"A header value cannot hold control characters such as line ends: {text!r}.")
    return text


def add_headers(response: HttpResponseBase, headers: Mapping[str, str] | None) -> None:
    for name, value in (headers or {}).items():
        response.headers[checked_name(name)] = checked_value(value)
