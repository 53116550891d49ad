"""What a folder's `_middleware.py` exports: middleware and defaults for every route beneath it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from django.utils.module_loading import import_string

from pagesapi.endpoints.config import Middleware, RouteConfig, checked_middleware
from pagesapi.endpoints.guards import Guard
from pagesapi.endpoints.module import ModuleFault, unread_fields
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
    yield from _misnamed(names)
    config = names.get("config", RouteConfig())
    if not isinstance(config, RouteConfig):
        kind = type(config).__name__
        yield ModuleFault(28, f"`config` is a {kind}.", "Write config = RouteConfig(…), or rename the variable.")
        config = RouteConfig()
    try:
        items = checked_middleware(names.get("middleware", ()))
    except ValueError as error:
        yield ModuleFault(28, f"{error}", "Mend it: what it guards stays closed.")
    else:
        yield from middleware_faults((*items, *config.middleware))  # type: ignore[misc]  # a tuple since it was checked


def _misnamed(names: dict[str, Any]) -> Iterator[ModuleFault]:
    """`MIDDLEWARE = […]` guards nothing, whatever stands beside it."""
    missing = [name for name in EXPORTS if name not in names]
    own = [name for name, value in names.items() if not name.startswith("__") and not isinstance(value, ModuleType)]
    for name in own:
        for meant in difflib.get_close_matches(name.lower().lstrip("_"), missing, n=1, cutoff=0.85):
            yield ModuleFault(28, f"Nothing reads {name!r}, so it guards nothing.", f"Call it {meant!r}.")
            return
    fields = list(unread_fields(names, 28))
    yield from fields
    if len(missing) == len(EXPORTS) and not fields:
        yield ModuleFault(
            28, "It exports neither `middleware` nor `config`, so it guards nothing.", "Add one of the two."
        )


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


def label(item: Any) -> str:
    """How people know a middleware: its dotted path, or what a guard says of itself. The same in every process."""
    if isinstance(item, (str, Guard)):
        return str(item)
    if isinstance(item, partial):
        return f"partial {label(item.func)}"
    named = item if hasattr(item, "__qualname__") else type(item)
    return f"{named.__module__}.{named.__qualname__}"
