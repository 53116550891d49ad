"""The cookies of a request, their values percent-decoded as Next.js and browsers' `encodeURIComponent` have it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2})")


def decoded(cookies: Mapping[str, str]) -> dict[str, str]:
    return {name: _decoded(value) for name, value in cookies.items() if name}


def _decoded(value: str) -> str:
    if "%" not in value or MALFORMED.search(value):
        return value
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        return value
