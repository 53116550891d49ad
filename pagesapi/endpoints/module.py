"""What a route file exports: one style, its functions, its config; and everything that is wrong with it."""

from __future__ import annotations

import difflib
import enum
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from pagesapi.endpoints.config import FACTORIES, RouteConfig
from pagesapi.endpoints.cors import METHODS, Cors
from pagesapi.endpoints.guards import Guard
from pagesapi.policy import Unset
from pagesapi.routing.route import Route
from pagesapi.routing.segments import Kind

READ_BY_DJANGO = {  # and what to write in the place of a mark on one function
    "csrf_exempt": "Write config = RouteConfig(csrf=False), which is for all of them.",
    "login_required": "Mark all of them, or none and guard the others with @require_user.",
    "_non_atomic_requests": "",
}
ALIKE = 0.7  # PSOT is to POST, and DELET to DELETE; SET is not to GET
FATAL = frozenset({21, 22, 24, 25})  # with these the route cannot answer
# What belongs to one function alone, and says nothing about how Django should treat the view.
OWN_ATTRIBUTES = frozenset(
    {"__wrapped__", "view_class", "view_initkwargs", "_is_coroutine_marker", "_is_coroutine"}
    | {"pagesapi_config", "pagesapi_guards", "pagesapi_guarded"}
)


class Style(enum.Enum):
    HANDLER = "handler"
    METHODS = "methods"


@dataclass(frozen=True, slots=True)
class ModuleFault:
    number: int  # of the system check's permanent id
    problem: str
    cure: str


@dataclass(frozen=True, slots=True)
class Exports:
    style: Style | None
    functions: Mapping[str, Callable[..., Any]]  # by method; the handler under ""
    config: RouteConfig  # the file's own
    defaults: RouteConfig  # what a ready-made handler, such as a proxy, brings along
    attributes: Mapping[str, Any]  # what decorators left on the functions for Django's middleware
    faults: tuple[ModuleFault, ...]

    @property
    def configs(self) -> tuple[RouteConfig, RouteConfig]:
        return self.defaults, self.config

    @property
    def fatal(self) -> ModuleFault | None:
        return next((fault for fault in self.faults if fault.number in FATAL), None)


def read_module(module: ModuleType, route: Route) -> Exports:
    """Everything that a route needs of its module. Executes nothing of it."""
    names = vars(module)
    functions = {name: names[name] for name in METHODS if name in names}
    style = Style.METHODS if functions else None
    if "handler" in names:
        style = Style.HANDLER
    config = names.get("config", RouteConfig())
    faults = [
        *_style_faults(names, functions),
        *_config_faults(config, style, has_get="handler" in names or "GET" in functions),
        *_misplaced(names),
    ]
    if style is Style.HANDLER:
        functions = {"": names["handler"]}
    faults += [fault for name, function in functions.items() for fault in _function_faults(name, function, route)]
    faults += _disagreements(functions)
    valid = config if isinstance(config, RouteConfig) else RouteConfig()
    return Exports(style, functions, valid, _defaults(functions), _attributes(functions), tuple(faults))


def _defaults(functions: Mapping[str, Any]) -> RouteConfig:
    """Those of the file's functions, if they agree."""
    first, *others = [getattr(function, "pagesapi_config", None) for function in functions.values()] or [None]
    return first if first is not None and all(other == first for other in others) else RouteConfig()


def _style_faults(names: Mapping[str, Any], functions: Mapping[str, Any]) -> Iterator[ModuleFault]:
    if "handler" in names:
        if functions:
            listed = ", ".join(functions)
            yield ModuleFault(21, f"Both styles in one file: handler, and {listed}.", "Keep handler, or the methods.")
        return
    lower = [name for name in METHODS if _defines(names, name.lower())]
    if not functions:
        yield _no_endpoint(names, lower)
        return
    for name in lower:
        yield ModuleFault(23, f"The function {name.lower()!r} answers no method.", f"Call it {name}, in upper case.")
    for name, meant in _misspelt(names):
        yield ModuleFault(23, f"The function {name!r} answers no method.", f"Call it {meant}, or in lower case.")


def _misspelt(names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Functions in upper case of nearly a method's name: PSOT, DELET."""
    for name in names:
        if name.isupper() and name not in METHODS and _defines(names, name):
            for meant in difflib.get_close_matches(name, METHODS, n=1, cutoff=ALIKE):
                yield name, meant


def _no_endpoint(names: Mapping[str, Any], lower: list[str]) -> ModuleFault:
    own = [name for name in names if _defines(names, name)]
    alike = [name.lower() for name in lower] or difflib.get_close_matches("handler", own, n=1)
    problem = f"The file exports no endpoint, but {alike[0]!r}." if alike else "The file exports no endpoint."
    cure = "Write `def handler(req, res)`, or functions named GET, POST, …; or let its name begin with an underscore."
    if "middleware" in names:
        cure = "What a folder's routes have in common stands in a file called _middleware.py."
    elif lower:
        cure = f"Call it {lower[0]}, in upper case."
    return ModuleFault(22, problem, cure)


def _defines(names: Mapping[str, Any], name: str) -> bool:
    value = names.get(name)
    return inspect.isfunction(value) and value.__module__ == names["__name__"]


def _config_faults(config: object, style: Style | None, *, has_get: bool) -> Iterator[ModuleFault]:
    if not isinstance(config, RouteConfig):
        kind = type(config).__name__
        yield ModuleFault(25, f"`config` is a {kind}.", "Write config = RouteConfig(…), or rename the variable.")
        return
    methods = None if isinstance(config.methods, Unset) else config.methods
    if config.static is True and (not has_get or "GET" not in (methods or ["GET"])):
        yield ModuleFault(25, "RouteConfig(static=True) stores the answer to GET, and there is none.", "Write GET.")
    elif methods is not None and style is Style.METHODS:
        yield ModuleFault(
            25, "RouteConfig(methods=…) is for `handler`; here the functions say it.", "Remove `methods`."
        )


def _misplaced(names: Mapping[str, Any]) -> Iterator[ModuleFault]:
    """What would hold in a folder's `_middleware.py`, or under its right name, and is read by nobody here."""
    if "middleware" in names and not isinstance(names["middleware"], ModuleType):
        cure = "Write config = RouteConfig(middleware=[…]), or rename the variable."
        yield ModuleFault(25, "`middleware` is read in _middleware.py only, so it guards nothing here.", cure)
    yield from unread_fields(names, 25)
    if "config" not in names:
        for name, value in names.items():
            if isinstance(value, RouteConfig):
                yield ModuleFault(25, f"The RouteConfig is called {name!r}, which nothing reads.", "Call it `config`.")


def unread_fields(names: Mapping[str, Any], number: int) -> Iterator[ModuleFault]:
    """`cors = Cors(…)`, `csrf = False`: fields of the config that stand beside it."""
    cors, csrf = names.get("cors"), names.get("csrf")
    for name, is_field in (("cors", isinstance(cors, Cors)), ("csrf", csrf is False or csrf == "token")):
        if is_field:
            yield ModuleFault(number, f"Nothing reads {name!r} here.", f"Write config = RouteConfig({name}=…).")


def _function_faults(name: str, function: Any, route: Route) -> Iterator[ModuleFault]:
    label = name or "handler"
    if isinstance(function, Guard) or function in FACTORIES:
        yield ModuleFault(
            24, f"{label} is no function, but the guard.", "Write @require_bearer(…) with its arguments."
        )
        return
    if name == "" and (hasattr(function, "as_view") or hasattr(function, "view_class")):
        view = getattr(function, "view_class", function).__name__
        yield ModuleFault(
            24, "handler is a class-based view, which answers by methods.", f"Write GET = {view}.as_view()."
        )
        return
    if not callable(function) or inspect.isclass(function):
        cure = (
            f"Write {label} = {function.__name__}.as_view()."
            if hasattr(function, "as_view")
            else "Make it a function."
        )
        kind = "a class" if inspect.isclass(function) else f"a {type(function).__name__}"
        yield ModuleFault(24, f"{label} is {kind}, not a function.", cure)
        return
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a builtin without one
        return
    arguments = dict.fromkeys((part.name for part in route.parameters), "")
    optional = {part.name for part in route.parameters if part.kind is Kind.OPTIONAL_CATCH_ALL}
    try:
        if name == "":
            signature.bind(None, None)
        else:
            signature.bind(None, **arguments)
            signature.bind(None, **{part: "" for part in arguments if part not in optional})
    except TypeError as error:
        named = [f"{part}=()" if part in optional else part for part in arguments]
        wanted = "req, res" if name == "" else ", ".join(["request", *named])
        yield ModuleFault(27, f"{label}{signature} cannot be called: {error}.", f"Write def {label}({wanted}).")


def _attributes(functions: Mapping[str, Any]) -> dict[str, Any]:
    """Those on which all functions agree: middleware reads them off the one view that there is."""
    first, *others = [getattr(function, "__dict__", {}) for function in functions.values()] or [{}]
    return {
        name: value
        for name, value in first.items()
        if name not in OWN_ATTRIBUTES and all(repr(other.get(name)) == repr(value) for other in others)
    }


def _disagreements(functions: Mapping[str, Any]) -> Iterator[ModuleFault]:
    """Django's own marks, and those of other packages: whatever is True or False by its decorator's hand."""
    marks = {name for function in functions.values() for name, value in vars_of(function) if isinstance(value, bool)}
    for name in dict.fromkeys((*READ_BY_DJANGO, *sorted(marks))):
        values = {method: getattr(function, name, None) for method, function in functions.items()}
        if len(set(map(repr, values.values()))) > 1:
            marked = ", ".join(method for method, value in values.items() if value is not None)
            yield ModuleFault(
                26,
                f"Middleware reads {name!r} off the whole view, but only {marked} of this file set it alike.",
                READ_BY_DJANGO.get(name)
                or "Decorate every function of the file in the same way, or move some to a file of their own.",
            )


def vars_of(function: Any) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in getattr(function, "__dict__", {}).items() if name not in OWN_ATTRIBUTES]
