"""The files of the tree: their names, their folders' policies, and what each of them exports."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.checks import WARNING, CheckMessage, Error, Warning
from django.db import connections

from pagesapi.checks.installation import import_messages, signs_in
from pagesapi.checks.packages import package_messages
from pagesapi.checks.settings import configured
from pagesapi.endpoints.dispatch import build_view
from pagesapi.endpoints.endpoint import Endpoint, rule_faults, rules_of
from pagesapi.endpoints.tree import Tree, get_tree
from pagesapi.routing.route import Route
from pagesapi.routing.scan import POLICY

# What a Django app has; a tree may have one of these as a route, /api/models.
APP_FILES = ("apps.py", "models.py", "models/__init__.py", "admin.py", "migrations/__init__.py")


def check_tree(**kwargs: Any) -> list[CheckMessage]:
    if not configured():
        return []
    tree = get_tree()
    messages: list[CheckMessage] = [
        Error(f"{', '.join(fault.files)}: {fault.problem}", hint=fault.cure, id=f"pagesapi.E{fault.kind:03}")
        for fault in tree.errors
    ]
    return messages + check_app()


def check_app() -> list[CheckMessage]:
    """Whether the tree is a Django app as well."""
    root = get_tree().scan.root
    present = [name for name in APP_FILES if (root / name).is_file()]
    if len(present) < 2 and not _is_installed(root):
        return []
    other = "routes" if root.name != "routes" else "endpoints"
    cure = f'Keep the tree elsewhere: PAGESAPI = {{"API_DIR": BASE_DIR / "{other}"}}.'
    hint = f"Each .py file there would be a URL. {cure} If these are routes, call them models/index.py and so on."
    said = f"it has {', '.join(present)}" if present else "it is one of INSTALLED_APPS"
    return [Error(f"The API folder {root} is a Django app too: {said}.", hint=hint, id="pagesapi.E018")]


def _is_installed(root: Path) -> bool:
    return any(Path(app.path).resolve() == root.resolve() for app in apps.get_app_configs())


def check_folders(**kwargs: Any) -> list[CheckMessage]:
    """Import every `_middleware.py`, and say what is wrong with each."""
    if not configured() or check_app():
        return []
    tree = get_tree()
    messages = [message for parts in tree.scan.policies for message in _folder_messages(tree, parts)]
    for file in tree.scan.lookalikes:
        hint = f"If it is a folder's policy, call it {POLICY}; else give it a name less like that."
        messages.append(Error(f"Nothing reads {file}, so it guards nothing.", hint=hint, id="pagesapi.E028"))
    return [*_softened(messages), *package_messages(tree.scan.root)]


def _folder_messages(tree: Tree, parts: tuple[str, ...]) -> Iterator[CheckMessage]:
    file = "/".join((*parts, POLICY))
    try:
        folder = tree.folder(parts)
    except Exception as error:  # noqa: BLE001 - whatever the file raises
        yield _import_error(file, error, "Everything beneath it answers 500 until this is mended.", "pagesapi.E028")
        return
    for fault in folder.faults:
        yield Error(f"{file}: {fault.problem}", hint=fault.cure, id=f"pagesapi.E{fault.number:03}")


def check_routes(**kwargs: Any) -> list[CheckMessage]:
    """Import every route file, and say what is wrong with each."""
    if not configured() or check_app() or import_messages():
        return []
    tree = get_tree()
    return _softened([message for route in tree.routes for message in _route_messages(tree, route)])


def _softened(messages: list[CheckMessage]) -> list[CheckMessage]:
    """For `runserver`, which starts with warnings only: a broken file breaks its own URLs alone, and says so there."""
    if sys.argv[1:2] == ["runserver"]:
        for message in messages:
            message.level = min(message.level, WARNING)
    return messages


def _route_messages(tree: Tree, route: Route) -> Iterator[CheckMessage]:
    try:
        exports = tree.exports(route)
    except Exception as error:  # noqa: BLE001 - whatever the file raises
        rest = "Its URL answers 500 until this is mended; all others are served."
        yield _import_error(route.file, error, rest, "pagesapi.E020")
        return
    for fault in exports.faults:
        yield Error(f"{route.file}: {fault.problem}", hint=fault.cure, id=f"pagesapi.E{fault.number:03}")
    try:
        rules = rules_of(exports, tree.folders(route.folders))
    except Exception:  # noqa: BLE001 - said already, of the folder's file
        return
    faults = list(rule_faults(exports, rules))
    for fault in faults:
        yield Error(f"{route.file}: {fault.problem}", hint=fault.cure, id=f"pagesapi.E{fault.number:03}")
    if exports.fatal is None and not faults:
        yield from _endpoint_messages(tree.endpoint(route))


def _import_error(file: str, error: Exception, consequence: str, id: str) -> Error:
    hint = f"Is the environment variable set? {consequence}" if isinstance(error, KeyError) else consequence
    text = f"{file} cannot be imported: {type(error).__name__}: {error}{_line_of(error, file)}"
    return Error(text, hint=hint, id=id)


def _line_of(error: Exception, file: str) -> str:
    """Where in the file; a syntax error says so itself."""
    path = get_tree().found.root / file
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
    return f" ({path.name}, line {lines[-1]})" if lines else ""


def _endpoint_messages(endpoint: Endpoint) -> Iterator[CheckMessage]:
    route = endpoint.route
    try:
        build_view(endpoint)
    except Exception as error:  # noqa: BLE001 - whatever a factory raises
        text = f"{route.file}: its middleware cannot be made: {type(error).__name__}: {error}"
        yield Error(text, hint="Its URL answers 500 until this is mended.", id="pagesapi.E028")
    if endpoint.asks_for_user and not signs_in():
        yield Warning(
            f"{route.file} stands behind a guard that asks for request.user, and nothing sets it.",
            hint="Add SessionMiddleware and AuthenticationMiddleware to MIDDLEWARE.",
            id="pagesapi.W029",
        )
    if endpoint.rules.static and (endpoint.rules.middleware or endpoint.guards):
        yield Warning(
            f"{route.file} is static, and stands behind middleware or guards.",
            hint="It is made for each caller, and neither stored nor prerendered: remove static=True, or the guard.",
            id="pagesapi.W027",
        )
    atomic = [alias for alias, options in connections.settings.items() if options.get("ATOMIC_REQUESTS")]
    if atomic and endpoint.is_async:
        yield Warning(
            f"{route.file}: its async functions run outside ATOMIC_REQUESTS.",
            hint="Django's transactions are for sync code: make the function sync, or call a sync one that is atomic.",
            id="pagesapi.W026",
        )
