"""An API tree made of a dict."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path, PurePath
from textwrap import dedent
from typing import Any

from django.test import override_settings
from django.test.utils import TestContextDecorator

from pagesapi.conf import KNOWN, conf
from pagesapi.endpoints.tree import get_tree


class route_tree(TestContextDecorator):  # noqa: N801 - a decorator, named as Django names its own
    """An API tree for a test: `files` by name, with their source; options as in `PAGESAPI`. Gives the folder.

    >>> with route_tree({"posts/[id].py": "def GET(request, id): return {'id': id}"}, TRAILING_SLASH="accept"):
    ...     client.get("/api/posts/3/").json()
    {'id': '3'}

    It decorates functions, sync or async, and test cases too. Meanwhile the project's own tree is not served; but
    `import api` gives it still, so files of this tree import one another relatively (`from ._shared import …`).
    """

    def __init__(self, files: Mapping[str, str], **options: Any) -> None:
        super().__init__()
        unknown = sorted(set(options) - set(KNOWN))
        if unknown:
            raise TypeError(f"PAGESAPI has no key {', '.join(map(repr, unknown))}. The keys are {', '.join(KNOWN)}.")
        outside = [name for name in files if PurePath(name).anchor or ".." in PurePath(name).parts]
        if outside:
            raise ValueError(f"{', '.join(outside)} would be outside of the tree: names are below it, posts/[id].py.")
        self.files = files
        self.options = options

    def enable(self) -> Path:
        with ExitStack() as stack:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="route_tree_"))
            folder = Path(name).resolve() / "api"
            folder.mkdir()
            for file, source in self.files.items():
                _write(folder / file, source)
            stack.enter_context(override_settings(PAGESAPI={**conf.given, "API_DIR": folder, **self.options}))
            stack.callback(get_tree().loader.forget)
            self._left = stack.pop_all()
        return folder

    def __enter__(self) -> Path:  # type: ignore[override]
        return self.enable()

    def disable(self) -> None:
        self._left.close()


def _write(path: Path, source: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(source), "utf-8")
