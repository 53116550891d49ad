"""`runserver` restarts when a route file is edited, added, renamed or deleted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.autoreload import BaseReloader, StatReloader

from pagesapi.conf import conf
from pagesapi.routing.scan import is_route_folder


def watch_tree(sender: BaseReloader, **kwargs: Any) -> None:
    """Receiver of `autoreload_started`."""
    try:
        folder = Path(conf.api_dir).resolve()
    except ImproperlyConfigured:  # reported by the checks
        return
    sender.watch_dir(folder, "**/*.py")
    if isinstance(sender, StatReloader):
        # It compares the times of files that it has seen before, and so misses what comes and goes.
        sender.tick = notice_names(sender, folder, sender.tick)  # type: ignore[method-assign]


def notice_names(reloader: BaseReloader, folder: Path, tick: Any) -> Any:
    """The reloader's `tick` (a generator function, one step a second), and a look at the names after each step."""

    def ticking() -> Iterator[None]:
        known = python_files(folder)
        for _ in tick():
            present = python_files(folder)
            for file in sorted(known ^ present)[:1]:
                reloader.notify_file_changed(Path(file))
            known = present
            yield

    return ticking


def python_files(folder: Path) -> frozenset[str]:
    """The files of a tree that may be routes, folder policies, or imported by them."""
    found: set[str] = set()
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and (is_route_folder(name) or name[0] == "_")]
        found.update(os.path.join(path, name) for name in files if name.endswith(".py"))  # noqa: PTH118 - a hot loop
    return frozenset(found)
