"""The making of one site, from its pages to the files for hosts."""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings

from pagesapi.conf import conf
from pagesapi.exceptions import PrerenderError
from pagesapi.pages.address import url_of
from pagesapi.pages.build import UNBUILT
from pagesapi.pages.building import pool
from pagesapi.pages.building.assets import put_host_file, put_not_found, put_static_files, site_of_settings
from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.flush import flush
from pagesapi.pages.building.hosting import hosting_files
from pagesapi.pages.building.maker import PAGE_ERRORS, Change, Maker, Order, Outcome, Places, keep_file
from pagesapi.pages.building.options import Options, Progress
from pagesapi.pages.building.report import Failure, Report
from pagesapi.pages.building.self_call import no_calls_to
from pagesapi.pages.building.shards import Shards, write_shard
from pagesapi.pages.building.workspace import Workspace
from pagesapi.pages.discover import iter_addresses, paths_of
from pagesapi.pages.manifest import Manifest, Row, page_of_row, row_of
from pagesapi.pages.render import site_url
from pagesapi.pages.shelf import Shelf, get_shelf

FEW = 10_000  # pages: some ten megabytes
MOST_WORKERS = 64  # more would wait for one another
SHOWN = 50  # changed pages that are named
OTHERS = "other files"  # a note of the manifest: files of no page
logger = logging.getLogger("pagesapi.pages")


class Construction:
    """Pages, other files, and the lists of both, in the staging folder."""

    def __init__(self, space: Workspace, options: Options) -> None:
        self.space = space
        self.options = options
        self.before = space.before()
        self.manifest = Manifest.create(space.manifest)
        self.report = Report(str(space.output))
        self.total: int | None = None
        self.done = 0

    def build(self) -> Report:
        if settings.DEBUG and "SITE_URL" not in conf.given:
            self.report.notes.append(f"SITE_URL is not set: with DEBUG, the pages say {site_url()}.")
        if self.options.merge:
            self._add_shards()
        else:
            self._make_pages()
            self._check_only()
        if self.report.ok:
            self._keep_others()
            self._finish()
        return self.report

    # Pages

    def _make_pages(self) -> None:
        for outcomes in self._outcomes():
            self._take(outcomes)
            self.done += len(outcomes)
            if self.options.progress is not None:
                self.options.progress(Progress(self.done, self.total, len(self.report.failures)))
            if self.report.failures and self.options.fail_fast:
                return

    def _outcomes(self) -> Iterator[list[Outcome]]:
        workers = min(self.options.workers or 0, MOST_WORKERS) or (1 if pool.is_daemonic() else pool.processors())
        start = partial(started_maker, self.space.places, self._shelf() is not None)
        if workers == 1:
            yield from pool.run_here(start, self._orders())
        else:
            yield from pool.run(start, self._orders(), workers)

    def _check_only(self) -> None:
        if self.options.only and self.total == 0 and self.report.ok:
            listed = " ".join(self.options.only)
            raise PrerenderError(f"--only {listed} matches no page. `manage.py prerender --dry-run` lists them.")

    def _shelf(self) -> Shelf | None:
        shelf = reachable_shelf()
        if shelf is None:
            self.report.notes.append(
                "The store cannot be reached, so it is not known what was revalidated: "
                "its pages will be made anew at their first visit."
            )
        return shelf

    def _orders(self) -> Iterator[Order]:
        count = 0
        for number, (address, page) in enumerate(iter_addresses()):
            try:
                with no_calls_to(site_url()):
                    for path in paths_of(address, page):
                        if self.options.wants(path, address.name):
                            count += 1
                            yield Order(number, path)
            except PAGE_ERRORS as error:
                self.report.failures.append(Failure.of(f"/{address.route}", error))
        self.total = count

    def _take(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            self._count(outcome)
        self._add([outcome.row for outcome in outcomes if outcome.row is not None])

    def _count(self, outcome: Outcome) -> None:
        if outcome.failure is not None:
            self.report.failures.append(outcome.failure)
            return
        self.report.pages += 1
        self.report.redirects += outcome.status not in (200, 404)
        self.report.missing += outcome.status == 404
        if outcome.change in ("new", "changed"):
            self.report.written += 1
            self._name(outcome.row[0] if outcome.row else "")
        self.report.unchanged += outcome.change == "unchanged"

    def _name(self, path: str) -> None:
        """Say which pages changed: the first of them, for there may be a million."""
        if len(self.report.changed) < SHOWN:
            self.report.changed.append(url_of(path))

    def _add(self, rows: list[Row]) -> None:
        try:
            self.manifest.add(rows)
        except sqlite3.IntegrityError:
            for row in rows:
                self._add_one(row)

    def _add_one(self, row: Row) -> None:
        """A path or a file that is there already: listed twice, or by two patterns."""
        path, file, _ = row
        other = self.manifest.get(path) or (self.manifest.by_file(file) if file else None)
        if other is None:
            self.manifest.add([row])
            return
        what = (
            f"The path is listed twice, by {other.source} and {page_of_row(row).source}."
            if other.path == path
            else f"It has the same file, {file}, as {other.path}."
        )
        self.report.failures.append(Failure(url_of(path), f"PageError: {what} Change one of them.", ""))

    def _add_shards(self) -> None:
        shards = Shards(self.options.merge)
        for page, folder in shards.pages():
            change = keep_file(self.space.places, folder, page) if page.file else "none"
            self._take([Outcome.of(page, change)])

    def _keep_others(self) -> None:
        """With `--only`: every page of the old site that it does not speak of."""
        if not self.options.only or not self.space.has_site:
            return
        if self.before is None:
            raise PrerenderError(
                f"It is not known which pages {self.space.output} has besides: the list in {self.space.work} is gone. "
                "Build all pages once, without --only."
            )
        places = self.space.places
        for page in self.before.pages():
            if not self.options.wants(page.path, page.source):
                if page.file:
                    keep_file(places, places.output, page)
                self._add([row_of(page)])
                self.report.kept += 1

    # All else

    def _finish(self) -> None:
        if self.options.shard is not None:
            write_shard(self.space, self.options.shard, self.manifest)
            return
        with ThreadPoolExecutor(1) as executor:  # the disk has the pages to write meanwhile
            flushed = executor.submit(flush, self.space.staging)
            self._put_others()
            flushed.result()
        self._count_removed()
        self.report.build_id = conf.build_id or self._old_id_if_unchanged() or secrets.token_hex(6)
        self.manifest.note("build_id", self.report.build_id)

    def _put_others(self) -> None:
        places = self.space.places
        others: dict[str, Change] = {}
        try:
            others["404.html"] = put_not_found(places)
        except PAGE_ERRORS as error:
            self.report.failures.append(Failure.of("/404.html", error))
            return
        if self.options.static:
            others.update(put_static_files(places))
            self.report.static_files = len(others) - 1
        for name, lines in hosting_files(self._pages(), site_of_settings()).items():
            others[name] = put_host_file(places, name, lines)
        self.report.other_changes = sum(change != "unchanged" for change in others.values())
        self.manifest.note(OTHERS, json.dumps(list(others)))

    def _pages(self) -> Callable[[], Iterable[BuiltPage]]:
        """All pages, as often as they are asked for; few enough are read once."""
        if self.report.pages + self.report.kept > FEW:
            return self.manifest.pages
        pages = list(self.manifest.pages())
        return lambda: pages

    def _count_removed(self) -> None:
        """What the old site has and the new one has not; and what is said of a page otherwise."""
        if self.before is None:
            return
        for page in self.before.pages():
            now = self.manifest.get(page.path)
            if page.file and (now is None or now.file != page.file) and self.manifest.by_file(page.file) is None:
                self.report.removed += 1
                self._name(page.path)
            elif now is None or (now.etag == page.etag and said(now) != said(page)):
                self.report.other_changes += 1
        old, new = (set(json.loads(manifest.about(OTHERS) or "[]")) for manifest in (self.before, self.manifest))
        self.report.removed += len(old - new)

    def _old_id_if_unchanged(self) -> str | None:
        return None if self.before is None or not self.report.is_unchanged else self.before.about("build_id")

    def close(self) -> None:
        self.manifest.close()
        if self.before is not None:
            self.before.close()

    def commit(self) -> None:
        self.manifest.commit()
        flush(self.space.staging)
        record = {"id": self.report.build_id or UNBUILT, "manifest": self.space.manifest.name}
        self.space.commit("" if self.options.shard is not None else json.dumps(record))


def said(page: BuiltPage) -> object:
    """What a page has besides its bytes."""
    return page.status, page.content_type, page.headers, page.revalidate, page.tags, page.attributes


def started_maker(places: Places, is_reachable: bool) -> pool.Work:
    """In a worker: what makes its pages."""
    maker = Maker(places, get_shelf() if is_reachable else None)
    return maker.make


def reachable_shelf() -> Shelf | None:
    shelf = get_shelf()
    try:
        shelf.store.marks(["all"])
    except Exception as error:  # noqa: BLE001 - whatever the backend raises; a build can do without
        logger.warning("The store of pages cannot be reached: %s", error)
        return None
    return shelf
