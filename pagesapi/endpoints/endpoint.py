"""An endpoint: a route with what its file exports. A plain value, which a view, a test or an adapter can run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from asgiref.sync import iscoroutinefunction

from pagesapi.endpoints.config import Csrf, Rules
from pagesapi.endpoints.folder import Folder, middleware_faults
from pagesapi.endpoints.guards import Guard, UserGuard
from pagesapi.endpoints.login import needs_login
from pagesapi.endpoints.module import Exports, ModuleFault, Style
from pagesapi.exceptions import RouteError
from pagesapi.policy import UNSET
from pagesapi.routing.route import Route

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Endpoint:
    route: Route
    exports: Exports
    rules: Rules
    handler: Function | None  # the one function of every method, or
    functions: Mapping[str, Function]  # one a method, HEAD among them where GET is
    allowed: frozenset[str]  # empty: every method
    coroutines: frozenset[Function]
    gates: Mapping[str, tuple[Any, ...]]  # guards that decorate a function, by method; asked before its body is read
    needs_login: bool  # by the project's LoginRequiredMiddleware
    csrf: Csrf  # what is asked of unsafe methods

    @classmethod
    def of(cls, route: Route, exports: Exports, folders: Iterable[Folder] = ()) -> Endpoint:
        """`folders`: the policies above the file. Raises `RouteError` for a file that exports no endpoint."""
        rules = rules_of(exports, folders)
        for fault in (exports.fatal, *rule_faults(exports, rules)):
            if fault is not None:
                raise RouteError(f"{route.file}: {fault.problem} {fault.cure}")
        functions, gates = {}, {}
        for name, function in exports.functions.items():
            gates[name], functions[name] = unguarded(function)
        coroutines = frozenset(function for function in functions.values() if iscoroutinefunction(function))
        handler = functions.pop("", None)
        if "GET" in functions:
            functions.setdefault("HEAD", functions["GET"])
            gates.setdefault("HEAD", gates["GET"])
        return cls(
            route,
            exports,
            rules,
            handler,
            functions,
            _allowed(exports, functions, rules),
            coroutines,
            {name: guards for name, guards in gates.items() if guards},
            needs_login(exports.functions.values()),
            False if _all_exempt(exports) else rules.csrf,
        )

    @property
    def is_async(self) -> bool:
        return bool(self.coroutines)

    def exported(self, method: str | None) -> Function:
        """What the file exports for a method, with all decorators."""
        functions = self.exports.functions
        return functions.get("") or functions.get(method or "") or functions["GET"]

    @property
    def guards(self) -> tuple[Any, ...]:
        """Those that decorate its functions."""
        found = (guard for function in self.exports.functions.values() for guard in guards_of(function))
        return tuple(dict.fromkeys(found))

    @property
    def vary(self) -> tuple[str, ...]:
        """The headers that its guards read."""
        found = [guard for guard in (*self.rules.middleware, *self.guards) if isinstance(guard, Guard)]
        return tuple(dict.fromkeys(name for guard in found for name in guard.vary))

    @property
    def asks_for_user(self) -> bool:
        """Whether a guard wants `request.user`, and no guard before it may have set it."""
        guards = [guard for guard in (*self.rules.middleware, *self.guards) if isinstance(guard, Guard)]
        return bool(guards) and isinstance(guards[0], UserGuard)

    @property
    def is_static(self) -> bool:
        """Whether its GET is stored: not where somebody has to be let in first, or may be told something else."""
        has_get = "GET" in self.functions if self.handler is None else not self.allowed or "GET" in self.allowed
        return self.rules.static and has_get and not (self.needs_login or self.rules.middleware or self.guards)

    @property
    def allow(self) -> str:
        """The value of the header `Allow`, sorted; empty where every method is answered."""
        return ", ".join(sorted(self.allowed))


def _all_exempt(exports: Exports) -> bool:
    """By `@csrf_exempt`. Functions that disagree are a check error, and none of them is open."""
    return all(getattr(function, "csrf_exempt", False) for function in exports.functions.values())


def unguarded(function: Function) -> tuple[tuple[Any, ...], Function]:
    """The guards that stand around a function, and what they guard. A decorator outside of them ends it."""
    guards: list[Any] = []
    while getattr(function, "pagesapi_guarded", (None,))[0] is function:  # others copy a function's attributes
        _, guard, function = function.pagesapi_guarded
        guards.append(guard)
    return tuple(guards), function


def guards_of(function: Function) -> tuple[Any, ...]:
    return getattr(function, "pagesapi_guards", ())


def rules_of(exports: Exports, folders: Iterable[Folder]) -> Rules:
    return Rules.of([*(config for folder in folders for config in folder.configs), *exports.configs])


def rule_faults(exports: Exports, rules: Rules) -> Iterator[ModuleFault]:
    """What is wrong with the route's own config in the light of its folders'."""
    own = exports.config
    if not rules.static and (own.revalidate not in (UNSET, None) or own.tags not in (UNSET, ())):
        yield ModuleFault(
            25, "RouteConfig(revalidate=…, tags=…) is for stored answers.", "Add static=True, or remove them."
        )
    yield from middleware_faults(own.middleware)  # type: ignore[arg-type]  # a tuple since it was checked


def _allowed(exports: Exports, functions: Mapping[str, Function], rules: Rules) -> frozenset[str]:
    if exports.style is Style.METHODS:
        return frozenset({*functions, "OPTIONS"})
    methods = set(rules.methods or ())
    return frozenset(methods | ({"HEAD"} if "GET" in methods else set()))
