"""`runserver` restarts when a route file is edited, renamed or deleted. A new one is taken up without a restart."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.urls import clear_url_caches
from django.utils import autoreload
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV, BaseReloader, StatReloader

from pagesapi.conf import conf
from pagesapi.endpoints.tree import forget_tree, get_tree
from pagesapi.pages.discover import forget_index
from pagesapi.routing.scan import is_route_file, is_route_folder

logger = logging.getLogger("django.utils.autoreload")  # whose lines runserver shows
Snapshot = dict[str, int]  # file → time of its last change
# Taken before anything scanned the tree: what changes between that scan and the reloader's first look is seen too.
earliest: dict[Path, Snapshot] = {}


def remember_tree() -> None:
    """Called when apps are ready, in the process that `runserver` restarts."""
    folder = _folder() if os.environ.get(DJANGO_AUTORELOAD_ENV) == "true" else None
    if folder is not None:
        earliest[folder] = snapshot(folder)


def watch_tree(sender: BaseReloader, **kwargs: Any) -> None:
    """Receiver of `autoreload_started`."""
    folder = _folder()
    if folder is None:
        return
    sender.watch_dir(folder, "**/*.py")
    if isinstance(sender, StatReloader):
        # It compares the times of files that it has seen before, and so misses what comes and goes.
        sender.tick = notice_changes(sender, folder, sender.tick)  # type: ignore[method-assign]


def _folder() -> Path | None:
    try:
        return Path(conf.api_dir).resolve()
    except ImproperlyConfigured:  # reported by the checks
        return None


def notice_changes(reloader: BaseReloader, folder: Path, tick: Any) -> Any:
    """The reloader's `tick` (a generator function, one step a second), and a look at the tree after each step."""

    def ticking() -> Iterator[None]:
        known = earliest.pop(folder, None) or snapshot(folder)
        for _ in tick():
            present = snapshot(folder)
            changed = sorted(dict(known.items() ^ present.items()))
            only_new = known.items() <= present.items() and all(is_route(folder, file) for file in changed)
            if changed and not (only_new and take_up(folder, changed)):
                reloader.notify_file_changed(Path(changed[0]))
            known = present
            yield

    return ticking


def is_route(folder: Path, file: str) -> bool:
    """Whether it is a route's. What other files import, and a folder's policy, is read once a process."""
    *folders, name = Path(file).relative_to(folder).parts
    return is_route_file(name) and all(map(is_route_folder, folders))


def take_up(folder: Path, files: Sequence[str]) -> bool:
    """Read the tree again, now with these. False where a restart is better: the tree has errors, which `runserver`
    shows then, or the server itself has failed, perhaps for want of this file."""
    if getattr(autoreload, "_exception", None) is not None:
        return False
    importlib.invalidate_caches()
    forget_tree()
    forget_index()
    clear_url_caches()  # what has been reversed is kept by Django
    if get_tree().errors:
        return False
    for file in files:
        logger.info("%s is new, and taken up.", Path(file).relative_to(folder.parent).as_posix())
    return True


def snapshot(folder: Path) -> Snapshot:
    """The files of a tree that may be routes, folder policies, or imported by them."""
    found: Snapshot = {}
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and (is_route_folder(name) or name[0] == "_")]
        for name in files:
            if name.endswith(".py"):
                _add(found, os.path.join(path, name))  # noqa: PTH118 - a Path for each takes longer than the rest
    return found


def _add(found: Snapshot, file: str) -> None:
    try:
        found[file] = os.stat(file).st_mtime_ns  # noqa: PTH116 - as above
    except OSError:  # gone since it was listed, or a link to nothing
        return
