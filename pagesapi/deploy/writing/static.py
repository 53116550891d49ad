"""The folder for a host of static files: the prerendered site, and what such hosts read of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from pagesapi.deploy.writing.cache_rules import cache_rules
from pagesapi.deploy.writing.compress import check_brotli, compress
from pagesapi.deploy.writing.folder import SIGNATURE, staged
from pagesapi.deploy.writing.host_limits import limits_exceeded
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.pages import Pages, build_pages
from pagesapi.deploy.writing.plan import Plan
from pagesapi.deploy.writing.secrets import refuse_secrets
from pagesapi.deploy.writing.surroundings import unfinished, unheard_middleware
from pagesapi.deploy.writing.unanswered import unanswered
from pagesapi.deploy.writing.written import Written
from pagesapi.exceptions import DeployError
from pagesapi.pages.building.assets import site_of_settings
from pagesapi.pages.building.options import Progress
from pagesapi.pages.manifest import Manifest

MARK = "_headers"
WORK = ".pagesapi"  # in the new folder, until the pages are built


def write_static(order: Order, plan: Plan, *, compressed: bool = False) -> Written:
    """Write `order.target`: pages, static files, `404.html`, `_redirects`, and `_headers` with rules for caches.

    `compressed`: with `.br` and `.gz` copies. Raises `DeployError`, and leaves the old folder as it was.
    """
    if compressed:
        check_brotli()
    with staged(order.target, MARK) as staging:
        pages = build_pages(staging / WORK, order)
        try:
            if pages.manifest is None:
                raise DeployError(
                    "The project has no static page, so there is nothing that a static host could serve."
                )
            _take_out(pages, staging)
            _write_headers(staging, pages.manifest, order.base)
            paths = pages.paths()
        finally:
            pages.close()
        shutil.rmtree(staging / WORK)
        refuse_secrets(staging, order.public)
        if compressed:
            compress(staging, progress=_shown(order))
        notes = (*unfinished(), *unanswered(plan), *unheard_middleware(), *limits_exceeded(staging))
    return Written(order, plan, notes, paths)


def _take_out(pages: Pages, target: Path) -> None:
    for entry in pages.folder.iterdir():
        entry.rename(target / entry.name)


def _write_headers(folder: Path, manifest: Manifest, base: Path) -> None:
    """What `prerender` wrote, under a first line of our own, then rules for caches."""
    file, old = folder / MARK, folder / WORK / MARK
    file.rename(old)
    with old.open(encoding="utf-8") as said, file.open("x", encoding="utf-8", newline="\n") as opened:
        next(said)
        opened.write(f"{SIGNATURE}\n")
        opened.writelines(said)
        opened.writelines(cache_rules(manifest.pages(), site_of_settings(), _files(folder), base))


def _files(folder: Path) -> Iterator[str]:
    for path, _, names in os.walk(folder):
        yield from (Path(path, name).relative_to(folder).as_posix() for name in names)


def _shown(order: Order) -> Callable[[int, int], None] | None:
    show = order.progress
    return None if show is None else lambda done, total: show(Progress(done, total, 0))
