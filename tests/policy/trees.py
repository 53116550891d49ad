"""Sources of sample files."""

from __future__ import annotations

GET = "def GET(request, **params): return 'secret'\n"


def layers(*names: str, kind: str = "class") -> str:
    """A `_middleware.py` with a layer of each name."""
    items = ", ".join(f"layer({kind!r}, {name!r})" for name in names)
    return f"from tests.policy.layers import layer\nmiddleware = [{items}]\n"


def config(**fields: str) -> str:
    """A `config`, its fields written as source."""
    given = ", ".join(f"{name}={source}" for name, source in fields.items())
    imports = "from pagesapi import Cors, RouteConfig\nfrom tests.policy.layers import layer\n"
    return f"{imports}config = RouteConfig({given})\n"
