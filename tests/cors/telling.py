"""What an answer tells a page of another origin, and how such a page asks."""

from __future__ import annotations

from typing import Any

from tests.machinery.asking import Ask

APP = "https://app.example"
EVIL = "https://evil.example"
DEFAULT_HEADERS = "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with"
GET = "def GET(request): return 1"


def with_cors(cors: str, source: str = "", **fields: str) -> str:
    """The source of a route file, or of a `_middleware.py`, that has a policy."""
    written = "".join(f", {name}={value}" for name, value in fields.items())
    head = "import re\nfrom pagesapi import Cors, HTTPError, RouteConfig\n"
    return f"{head}config = RouteConfig(cors={cors}{written})\n{source}\n"


def told(response: Any) -> dict[str, str]:
    """The CORS headers, "allow-origin" and so on."""
    prefix = "access-control-"
    return {
        name.lower().removeprefix(prefix): value for name, value in response.items() if name.lower().startswith(prefix)
    }


def varies_by(response: Any) -> list[str]:
    return [name.strip().lower() for name in response.headers.get("Vary", "").split(",") if name.strip()]


def may_read(response: Any, origin: str = APP) -> bool:
    """Whether a browser shows the answer to a page of this origin; and whether caches know that it depends on it."""
    assert "origin" in varies_by(response), response.headers
    return told(response).get("allow-origin") in (origin, "*")


def preflight(ask: Ask, path: str, method: str = "POST", origin: str = APP, **headers: str) -> Any:
    named = {f"Access-Control-Request-{name.replace('_', '-').title()}": value for name, value in headers.items()}
    return ask(path, method="OPTIONS", headers={"Origin": origin, "Access-Control-Request-Method": method, **named})
