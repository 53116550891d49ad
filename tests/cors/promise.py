"""One thing that django-cors-headers 4.9 says or does, as a request that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ORIGIN = "https://example.com"
OTHER = "https://other.example"
ALLOWED = {"CORS_ALLOWED_ORIGINS": [ORIGIN]}
ALL = {"CORS_ALLOW_ALL_ORIGINS": True}
NOTHING: Mapping[str, str | None] = {"Access-Control-Allow-Origin": None}
NAMED = {"Access-Control-Allow-Origin": ORIGIN}
ANYBODY = {"Access-Control-Allow-Origin": "*"}


@dataclass(frozen=True, kw_only=True)
class Promise:
    settings: Mapping[str, Any]
    origin: str | None = ORIGIN
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    receivers: tuple[Callable[..., Any], ...] = ()  # of `check_request_enabled`
    gives: Mapping[str, str | None]  # at /page/ by corsheaders' own middleware; None: not sent


def asks(method: str, **headers: str) -> dict[str, Any]:
    """A preflight."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"method": "OPTIONS", "headers": {"Access-Control-Request-Method": method, **named}}
