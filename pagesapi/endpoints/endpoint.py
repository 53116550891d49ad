"""An endpoint: a route with what its file exports. A plain value, which a view, a test or an adapter can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from asgiref.sync import iscoroutinefunction

from pagesapi.endpoints.config import RouteConfig
from pagesapi.endpoints.login import needs_login
from pagesapi.endpoints.module import Exports, Style
from pagesapi.exceptions import RouteError
from pagesapi.routing.route import Route

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Endpoint:
    route: Route
    exports: Exports
    config: RouteConfig
    handler: Function | None  # the one function of every method, or
    functions: Mapping[str, Function]  # one a method, HEAD among them where GET is
    allowed: frozenset[str]  # empty: every method
    coroutines: frozenset[Function]
    needs_login: bool  # by the project's LoginRequiredMiddleware
    checks_origin: bool  # of unsafe methods

    @classmethod
    def of(cls, route: Route, exports: Exports) -> Endpoint:
        """Raises `RouteError` for a file that exports no endpoint."""
        fault = exports.fatal
        if fault is not None:
            raise RouteError(f"{route.file}: {fault.problem} {fault.cure}")
        functions = dict(exports.functions)
        handler = functions.pop("", None)
        if "GET" in functions:
            functions.setdefault("HEAD", functions["GET"])
        return cls(
            route,
            exports,
            exports.config,
            handler,
            functions,
            _allowed(exports, functions),
            frozenset(function for function in exports.functions.values() if iscoroutinefunction(function)),
            needs_login(exports.functions.values()),
            exports.config.csrf == "origin" and not _all_exempt(exports),
        )

    @property
    def is_async(self) -> bool:
        return bool(self.coroutines)

    @property
    def allow(self) -> str:
        """The value of the header `Allow`, sorted; empty where every method is answered."""
        return ", ".join(sorted(self.allowed))


def _all_exempt(exports: Exports) -> bool:
    """By `@csrf_exempt`. Functions that disagree are a check error, and none of them is open."""
    return all(getattr(function, "csrf_exempt", False) for function in exports.functions.values())


def _allowed(exports: Exports, functions: Mapping[str, Function]) -> frozenset[str]:
    if exports.style is Style.METHODS:
        return frozenset({*functions, "OPTIONS"})
    methods = set(exports.config.methods or ())
    return frozenset(methods | ({"HEAD"} if "GET" in methods else set()))
