"""What a folder's `_middleware.py` exports: middleware and defaults for every route beneath it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.utils.module_loading import import_string

from pagesapi.endpoints.config import Middleware, RouteConfig, checked_middleware
from pagesapi.endpoints.module import ModuleFault
from pagesapi.exceptions import RouteError

FILE = "_middleware.py"
EXPORTS = ("middleware", "config")


@dataclass(frozen=True, slots=True)
class Folder:
    """`configs`: that of the middleware, and the file's own."""

    file: str  # below the API folder: "account/_middleware.py"
    configs: tuple[RouteConfig, ...]
    faults: tuple[ModuleFault, ...]

    def checked(self) -> Folder:
        """Raises `RouteError` for a file with a fault: what it guards stays closed."""
        for fault in self.faults:
            raise RouteError(f"{self.file}: {fault.problem} {fault.cure}")
        return self


def read_folder(module: ModuleType, file: str) -> Folder:
    """Everything that the routes beneath need of the module; it has been executed."""
    names = vars(module)
    faults = tuple(_faults(names))
    if faults:
        return Folder(file, (), faults)
    config = names.get("config", RouteConfig())
    return Folder(file, (RouteConfig(middleware=names.get("middleware", ())), config), ())


def _faults(names: dict[str, Any]) -> Iterator[ModuleFault]:
    if not any(name in names for name in EXPORTS):
        own = [name for name in names if not name.startswith("__")]
        alike = [near for name in own for near in difflib.get_close_matches(name.lower(), EXPORTS, n=1, cutoff=0.75)]
        meant = f" Did you mean {alike[0]!r}?" if alike else ""
        yield ModuleFault(
            28, "It exports neither `middleware` nor `config`, so it guards nothing.", f"Add one.{meant}"
        )
    config = names.get("config", RouteConfig())
    if not isinstance(config, RouteConfig):
        kind = type(config).__name__
        yield ModuleFault(28, f"`config` is a {kind}.", "Write config = RouteConfig(…), or rename the variable.")
        config = RouteConfig()
    try:
        items = checked_middleware(names.get("middleware", ()))
    except ValueError as error:
        yield ModuleFault(28, f"{error}", "Write middleware = [...].")
    else:
        yield from middleware_faults((*items, *config.middleware))  # type: ignore[misc]  # a tuple since it was checked


def middleware_faults(items: tuple[Middleware, ...]) -> Iterator[ModuleFault]:
    """Dotted paths that lead nowhere. Importing them executes their modules."""
    for item in items:
        try:
            found = imported(item)
        except Exception as error:  # noqa: BLE001 - whatever the module raises
            problem = f"The middleware {item!r} cannot be imported: {type(error).__name__}: {error}."
            yield ModuleFault(28, problem, "Mend its dotted path.")
        else:
            if not callable(found):
                yield ModuleFault(28, f"The middleware {item!r} is no middleware, but {found!r}.", "Name a callable.")


def imported(item: Middleware) -> Any:
    return import_string(item) if isinstance(item, str) else item


def label(item: Middleware) -> str:
    """How people know a middleware: its dotted path, or what a guard says of itself."""
    if isinstance(item, str):
        return item
    name = getattr(item, "__qualname__", None)
    return repr(item) if name is None else f"{item.__module__}.{name}"
