"""The project that a page shows: its tree, its modules, its templates."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings
from django.urls.converters import REGISTERED_CONVERTERS, get_converters

from pagesapi.conf import conf
from pagesapi.endpoints.tree import get_tree
from tests.docs.page import Page


@contextmanager
def served(page: Page, **options: Any) -> Iterator[Path]:
    """Serve what the page shows; gives the folder above its modules. Options as in `PAGESAPI`.

    Its `…/urls.py` is the URLconf, if it has one; else the demo's is.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="docs_"))).resolve()
        (folder / "api").mkdir()  # as beside a `manage.py`, so that files import each other: `from api.greet import …`
        files = page.project_files | {f"api/{file}": text for file, text in page.routes.items()}
        _write(folder, files)
        stack.enter_context(_own_converters())
        stack.enter_context(_importable(folder, files))
        stack.enter_context(override_settings(**_overrides(folder, page)))
        stack.enter_context(override_settings(PAGESAPI={**conf.given, "API_DIR": folder / "api", **options}))
        stack.callback(get_tree().loader.forget)
        yield folder


def problems() -> list[str]:
    """What pagesapi's own checks say."""
    return [str(message) for message in run_checks() if str(message.id).startswith("pagesapi.")]


def _overrides(folder: Path, page: Page) -> dict[str, Any]:
    (engine,) = settings.TEMPLATES
    found: dict[str, Any] = {"TEMPLATES": [{**engine, "DIRS": [folder, *folder.glob("**/templates")]}]}
    for file in page.project_files:
        if file.endswith("/urls.py"):
            found["ROOT_URLCONF"] = file.removesuffix(".py").replace("/", ".")
    return found


def _write(folder: Path, files: dict[str, str]) -> None:
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@contextmanager
def _own_converters() -> Iterator[None]:
    """Path converters that a page registers are forgotten: none may be registered twice."""
    before, cached = dict(REGISTERED_CONVERTERS), cast(Any, get_converters)
    try:
        yield
    finally:
        REGISTERED_CONVERTERS.clear()
        REGISTERED_CONVERTERS.update(before)
        cached.cache_clear()


@contextmanager
def _importable(folder: Path, files: Iterable[str]) -> Iterator[None]:
    """Its packages stand first on Python's path, and leave no module behind."""
    packages = {"api", *(file.partition("/")[0].removesuffix(".py") for file in files if file.endswith(".py"))}
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in packages}
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        _forget(packages)
        yield
    finally:
        sys.path.remove(str(folder))
        _forget(packages)
        sys.modules.update(kept)


def _forget(packages: set[str]) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
