"""For the tests of a project that uses pagesapi."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

from django.test import override_settings

from pagesapi.conf import conf
from pagesapi.endpoints.tree import get_tree


@contextmanager
def route_tree(files: Mapping[str, str], **options: Any) -> Iterator[Path]:
    """An API tree for a test: `files` by name, with their source; options as in `PAGESAPI`. Gives the folder.

    >>> with route_tree({"posts/[id].py": "def GET(request, id): return {'id': id}"}, TRAILING_SLASH="accept"):
    ...     client.get("/api/posts/3/").json()
    {'id': '3'}

    It is a decorator too. Meanwhile the project's own tree is not served.
    """
    with tempfile.TemporaryDirectory(prefix="route_tree_") as name:
        folder = Path(name).resolve() / "api"
        folder.mkdir()
        for file, source in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(source), "utf-8")
        with override_settings(PAGESAPI={**conf.given, "API_DIR": folder, **options}):
            tree = get_tree() if folder.is_dir() else None
            try:
                yield folder
            finally:
                if tree is not None:
                    tree.loader.forget()
