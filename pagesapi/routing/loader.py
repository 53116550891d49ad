"""A route's file imported: once, under Python's own import lock, whatever its name."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from pagesapi.exceptions import RouteImportError


class RouteFinder:
    """Finds the modules that `import` cannot name: those with full stops, and folders beside a file of their name.

    It stands last in `sys.meta_path`, so it changes nothing for names that Python finds by itself.
    """

    def __init__(self) -> None:
        self.locations: dict[str, Path] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        location = self.locations.get(fullname)
        if location is None:
            return None
        if location.suffix == ".py" and not location.is_dir():
            return importlib.util.spec_from_file_location(fullname, location)
        init = location / "__init__.py"
        if init.is_file():
            return importlib.util.spec_from_file_location(fullname, init, submodule_search_locations=[str(location)])
        spec = ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = [str(location)]
        return spec


finder = RouteFinder()
sys.meta_path.append(finder)


class Loader:
    """Imports the route files of one folder, under the names by which the project can import them too."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._package: str | None = None

    def load(self, file: str) -> ModuleType:
        """The module of a file of the folder, "posts/[id].py"; the same object as `from api.posts import …` uses.

        Raises whatever the file raises when it is executed, and `RouteImportError` if another module has its name.
        """
        name, path = self.module_name(file), self.root / file
        try:
            module = _imported(name)
        except SystemExit as error:  # which would end the server, not the request
            raise RouteImportError(f"{file} calls sys.exit({error.code!r}) when it is imported.") from error
        origin = getattr(module, "__file__", None)
        if origin is None or not Path(origin).samefile(path):
            raise RouteImportError(
                f"{path} must be imported as {name!r}, but that is {origin or 'another module'}. "
                f"Rename one of the two."
            )
        return module

    def module_name(self, file: str) -> str:
        """ "api.posts.[id]"; full stops in a name become "․" and "…", a folder beside a file of its name "users/"."""
        name, folder = self.package, self.root
        *folders, stem = file.removesuffix(".py").split("/")
        for part in folders:
            beside_a_file = (folder / f"{part}.py").is_file() and not (folder / part / "__init__.py").is_file()
            folder = folder / part
            name = self._register(name, f"{part}/" if beside_a_file else part, folder)
        beside_a_package = (folder / stem / "__init__.py").is_file()
        return self._register(name, f"{stem}.py" if beside_a_package else stem, self.root / file)

    def _register(self, parent: str, part: str, location: Path) -> str:
        name = f"{parent}.{part.replace('...', '…').replace('.', '․')}"  # a full stop would split it
        if "." in part or part.endswith("/"):
            finder.locations[name] = location
        return name

    @property
    def package(self) -> str:
        """The name of the folder as a package: "api", or a private one where Python cannot import it."""
        if self._package is None:
            self._package = importable_name(self.root)
        if self._package is None:
            digest = hashlib.blake2b(os.fsencode(self.root), digest_size=6).hexdigest()
            self._package = f"_pagesapi_{digest}"
            finder.locations[self._package] = self.root
        return self._package

    def forget(self) -> None:
        """Drop every module of the folder, so that the next `load` executes its file again. For tests."""
        below = f"{self.package}."
        for name in [name for name in sys.modules if name == self.package or name.startswith(below)]:
            del sys.modules[name]
        for name in [name for name in finder.locations if name == self.package or name.startswith(below)]:
            del finder.locations[name]
        self._package = None


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # something that the file itself imports
        importlib.invalidate_caches()  # the file is younger than Python's list of its folder
        return importlib.import_module(name)


def importable_name(folder: Path) -> str | None:
    """The dotted name by which Python imports a folder, if it can: "api" for one beside `manage.py`."""
    resolved = folder.resolve()
    for entry in sys.path:
        base = Path(entry or ".").resolve()
        if base == resolved or base not in resolved.parents:
            continue
        parts = resolved.relative_to(base).parts
        name = ".".join(parts)
        if all(part.isidentifier() for part in parts) and _is_package_at(name, resolved):
            return name
    return None


def _is_package_at(name: str, folder: Path) -> bool:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    locations = spec.submodule_search_locations if spec is not None else None
    return any(Path(location).resolve() == folder for location in locations or ())
