"""File-routed API endpoints for Django. These are the names that a user types; `pagesapi.testing` has the tests'."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pagesapi.endpoints.calling import acall_route, call_route, load_route
    from pagesapi.endpoints.config import RouteConfig
    from pagesapi.endpoints.cors import Cors
    from pagesapi.exceptions import HTTPError, MissingField
    from pagesapi.http.request import Request
    from pagesapi.http.response import Response
    from pagesapi.http.value_response import JsonResponse

__version__ = "0.1.0"
# Imported on first use: `pagesapi` itself is imported while Django reads INSTALLED_APPS.
ORIGINS = {
    "Cors": "endpoints.cors",
    "HTTPError": "exceptions",
    "JsonResponse": "http.value_response",
    "MissingField": "exceptions",
    "Request": "http.request",
    "Response": "http.response",
    "RouteConfig": "endpoints.config",
    "acall_route": "endpoints.calling",
    "call_route": "endpoints.calling",
    "load_route": "endpoints.calling",
}
__all__ = [
    "Cors",
    "HTTPError",
    "JsonResponse",
    "MissingField",
    "Request",
    "Response",
    "RouteConfig",
    "acall_route",
    "call_route",
    "load_route",
]


if not TYPE_CHECKING:  # to a type checker every name would then be one of ours

    def __getattr__(name: str) -> Any:
        if name not in ORIGINS:
            raise AttributeError(f"module 'pagesapi' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"pagesapi.{ORIGINS[name]}"), name)
        return value


def __dir__() -> list[str]:
    return sorted([*globals(), *ORIGINS])
