"""The project's API tree: its routes, found by path or name, and their endpoints, built once each."""

from __future__ import annotations

import difflib
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.urls.converters import get_converters

from pagesapi.conf import conf
from pagesapi.endpoints.config import Rules
from pagesapi.endpoints.cors import Cors
from pagesapi.endpoints.dispatch import View, build_view, mark
from pagesapi.endpoints.endpoint import Endpoint
from pagesapi.endpoints.folder import Folder, read_folder
from pagesapi.endpoints.module import Exports, read_module
from pagesapi.exceptions import RouteNotFound, TreeRefused
from pagesapi.routing.fault import FaultKind
from pagesapi.routing.loader import Loader
from pagesapi.routing.part import Part, read_part, scan_part
from pagesapi.routing.place import place_of
from pagesapi.routing.route import Match, Route
from pagesapi.routing.scan import POLICY, Scan, scan
from pagesapi.routing.trie import Trie


class Tree:
    """One scan of the folder. Nothing in it changes but what was imported since."""

    def __init__(self, found: Scan, prefix: str) -> None:
        self.prefix = prefix  # of its URLs: "api"
        self.start = f"{prefix}/" if prefix else ""
        self.errors = found.errors
        # Whether a file names a path converter that nobody has registered, so far.
        self.lacks_converters = any(fault.kind is FaultKind.CONVERTER for fault in found.errors)
        self.policies = found.policies
        self.loader = Loader(found.root)
        self.found = found
        self._trie = Trie.of(found.routes)
        self._views: dict[Route, View] = {}
        self._folders: dict[tuple[str, ...], Folder] = {}

    @property
    def scan(self) -> Scan:
        return self.found

    @property
    def routes(self) -> tuple[Route, ...]:
        return self.scan.routes

    @cached_property
    def _named(self) -> dict[str, Route]:
        return {route.name: route for route in self.routes}

    def find(self, path: str) -> Match | None:
        """The route for a path below the prefix, decoded: "posts/3"."""
        return self._trie.find(path)

    def route(self, name: str) -> Route:
        """The route of a name, "posts/[id]"; `RouteNotFound` names those that are spelt alike."""
        try:
            return self._named[name]
        except KeyError:
            alike = difflib.get_close_matches(name, self._named)
            hint = f" Did you mean {', '.join(map(repr, alike))}?" if alike else ""
            raise RouteNotFound(f"There is no route {name!r} in {self.scan.root}.{hint}") from None

    def module(self, route: Route) -> ModuleType:
        return self.loader.load(route.file)

    def folders(self, parts: tuple[str, ...]) -> Iterator[Folder]:
        """The policies of a folder, the outermost first. Raises what is wrong with one of them: it may be a guard."""
        for depth in range(len(parts) + 1):
            if parts[:depth] in self.policies:
                yield self.folder(parts[:depth]).checked()

    def folder(self, parts: tuple[str, ...]) -> Folder:
        """What the folder's own `_middleware.py` says; read once, if nothing is wrong with it."""
        folder = self._folders.get(parts)
        if folder is None:
            file = "/".join((*parts, POLICY))
            folder = read_folder(self.loader.load(file), file)
            if not folder.faults:
                self._folders[parts] = folder
        return folder

    def cors_below(self, path: str) -> Cors | Literal[False] | None:
        """The policy for a path that no route has, of the deepest folder that stands for it in URLs."""
        return self.cors_of(place_of(path.split("/"), self.policies) or ())

    def cors_of(self, folders: tuple[str, ...]) -> Cors | Literal[False] | None:
        """What the policies of a folder say alone; no other origin if one of them cannot be read."""
        try:
            configs = [config for folder in self.folders(folders) for config in folder.configs]
        except Exception:  # noqa: BLE001 - whatever the file raises; the routes beneath say so
            return False
        return Rules.of(configs).cors

    def endpoint(self, route: Route) -> Endpoint:
        """Raises what is wrong with the route's file, or with the policy of a folder above it."""
        return Endpoint.of(route, self.exports(route), self.folders(route.folders))

    def exports(self, route: Route) -> Exports:
        return read_module(self.module(route), route)

    def view(self, route: Route) -> View:
        """The route's view, built when it is first asked for; a broken file's raises what is wrong with it."""
        view = self._views.get(route)
        if view is None:
            try:
                view = build_view(self.endpoint(route))
            except Exception as error:  # noqa: BLE001 - raised where it can be answered, logged and signalled
                return _raising(
                    route, error, self.cors_of(route.folders)
                )  # not kept: the file may be mended, or what it needs may come back
            view = self._views.setdefault(route, view)
        return view

    def refused_view(self, route: Route) -> View:
        """What every route of a refused tree answers with: all of its errors, for the log."""
        return _raising(route, self.refusal(), cors=False)

    def refusal(self) -> TreeRefused:
        listed = "; ".join(map(str, self.errors))
        return TreeRefused(f"The API tree has errors, so nothing of it is served. {listed}")


class PartialTree(Tree):
    """The tree of a function that serves some of its routes; the folder is scanned when anything else is asked for."""

    def __init__(self, part: Part, found: Scan, whole: Callable[[], Scan], prefix: str) -> None:
        super().__init__(found, prefix)
        self._read = whole
        self.own = tuple(route for route in found.routes if route.file in set(part.files))

    @cached_property
    def scan(self) -> Scan:
        """All of the tree, with the routes that there are already."""
        known = {route.file: route for route in self.found.routes}
        whole = self._read()
        return replace(whole, routes=tuple(known.get(route.file, route) for route in whole.routes))

    @cached_property
    def _whole(self) -> Trie:
        return Trie.of(self.scan.routes)

    def find(self, path: str) -> Match | None:
        """All that could answer a path of one of its own routes is in the part; for others, all of the tree counts."""
        match = self._trie.find(path)
        return match if match is not None and match[0] in self.own else self._whole.find(path)


def _raising(route: Route, error: Exception, cors: Cors | Literal[False] | None) -> View:
    def view(request: HttpRequest, **params: Any) -> Any:
        raise error

    mark(view, route)
    view.__dict__["pagesapi_cors"] = cors
    return view


_lock = threading.Lock()
_tree: Tree | None = None


def get_tree() -> Tree:
    """The tree of `PAGESAPI["API_DIR"]`, scanned once a process."""
    tree = _tree or _taken(is_final=False)
    if tree is _tree or _urlconf_is_being_imported():
        return tree
    import_urlconf()  # without the lock: what it imports may ask for the tree
    return _taken(is_final=not _urlconf_is_being_imported())


def _taken(*, is_final: bool) -> Tree:
    """Read it, unless another thread was first. One that lacks converters is kept when no more can come."""
    global _tree  # noqa: PLW0603 - the one cache of this package, dropped when settings change
    with _lock:
        tree = _tree or _read_tree()
        if is_final or not tree.lacks_converters:
            _tree = tree
        return tree


def import_urlconf() -> None:
    """Have the project register its path converters, which Django's documentation has it do there."""
    with suppress(Exception):  # Django tells by itself what is wrong there
        import_module(settings.ROOT_URLCONF)


def _urlconf_is_being_imported() -> bool:
    spec = getattr(sys.modules.get(settings.ROOT_URLCONF), "__spec__", None)
    return bool(getattr(spec, "_initializing", False))  # importlib's own mark


def _read_tree() -> Tree:
    root = Path(conf.api_dir)
    part = None if conf.function is None else read_part(conf.work_dir, conf.function)
    if part is None:
        return Tree(_whole(root), conf.api_prefix)
    return PartialTree(part, scan_part(root, get_converters(), part), partial(_whole, root), conf.api_prefix)


def _whole(root: Path) -> Scan:
    return scan(root, get_converters())


def forget_tree(**kwargs: Any) -> None:
    """Scan again when the tree is next asked for, and after a scan that is under way: it may have missed something."""
    global _tree  # noqa: PLW0603
    with _lock:
        _tree = None


def _setting_changed(*, setting: str, **kwargs: Any) -> None:
    if setting in ("PAGESAPI", "BASE_DIR", "MIDDLEWARE"):
        forget_tree()


setting_changed.connect(_setting_changed, dispatch_uid="pagesapi.tree")
