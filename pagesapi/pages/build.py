"""The build that this process serves: its name, and the pages that `prerender` made."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.core.signals import setting_changed

from pagesapi.conf import conf
from pagesapi.files import read_bytes
from pagesapi.http.etag import etag_of
from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.entry import Entry, is_young, lifetime_of
from pagesapi.pages.manifest import Manifest

logger = logging.getLogger("pagesapi.pages")
RECORD = "build.json"  # below `.pagesapi`: the name of the last build, and where its manifest is
UNBUILT = "unbuilt"  # the name where there is neither a build nor a BUILD_ID


class BuiltMarks(NamedTuple):
    tags: tuple[str, ...]
    tokens: tuple[str, ...]  # as `Entry.marks`


@dataclass(frozen=True, slots=True)
class Build:
    """`name` is what the store keeps its pages under: the BUILD_ID, and which build of that name it is."""

    name: str
    manifest: Manifest | None  # None: nothing was prerendered
    output: Path

    def get(self, path: str) -> Entry | None:
        """The page as it was built, if its file is still that of this build."""
        page = self._row(path)
        if page is None:
            return None
        body = page.body if page.body is not None else self._file(page.file)
        if body is None or (page.body is None and etag_of(body) != page.etag):
            return None  # another build has been put in its place
        return entry_of(page, body)

    def _file(self, name: str) -> bytes | None:
        try:
            return read_bytes(f"{self.output}/{name}")  # a Path takes as long as the rest
        except OSError as error:  # of another user, say: the page can be made all the same
            logger.error("%s cannot be read: %s", self.output / name, error.strerror)
            return None

    def fresh_marks(self, path: str) -> BuiltMarks | None:
        """What the page depended on when it was built; None if it is older than it may be, or was not built."""
        page = self._row(path)
        if page is None or not is_young(page.rendered_at, lifetime_of(page.status, page.revalidate)):
            return None
        return BuiltMarks(page.tags, page.marks)

    def lists(self, path: str) -> bool:
        return self._row(path) is not None

    def _row(self, path: str) -> BuiltPage | None:
        if self.manifest is None:
            return None
        try:
            return self.manifest.remembered(path)
        except (sqlite3.Error, UnicodeError, msgspec.MsgspecError):  # spoilt, or removed; no path of a page
            return None


def entry_of(page: BuiltPage, body: bytes) -> Entry:
    return Entry(
        path=page.path,
        status=page.status,
        content_type=page.content_type,
        headers=page.headers,
        etag=page.etag,
        body=body,
        rendered_at=page.rendered_at,
        revalidate=page.revalidate,
        tags=page.tags,
        marks=page.marks,
        attributes=dict(page.attributes),
        listed=True,
    )


_guard = threading.Lock()
_build: Build | None = None


def get_build() -> Build:
    """Looked up once a process: it serves the pages of the build that its code belongs to, until it ends.

    The project's tests see none: what somebody built on this machine would be older than what they test.
    """
    global _build  # noqa: PLW0603 - dropped when settings change
    if conf.is_testing:
        return Build(UNBUILT, None, conf.output_dir)
    build = _build
    if build is None:
        with _guard:
            build = _build = _build or read_build()  # another thread may have been first
    return build


def forget_build(**kwargs: object) -> None:
    global _build
    build, _build = _build, None
    if build is not None and build.manifest is not None:
        build.manifest.close()


def read_build() -> Build:
    """What `BUILD_ID` and the record of the last build say."""
    try:
        record = read_record(conf.work_dir / RECORD)
    except OSError as error:
        logger.error("%s cannot be read, so no built page is served: %s", conf.work_dir / RECORD, error.strerror)
        record = None
    wanted = conf.build_id
    if record is None or (wanted is not None and record["id"] != wanted):
        return Build(wanted or UNBUILT, None, conf.output_dir)
    manifest = Manifest(conf.work_dir / "builds" / record["manifest"])
    return Build(f"{record['id']} {record['manifest']}", manifest if manifest.is_readable else None, conf.output_dir)


def read_record(file: Path) -> dict[str, str] | None:
    """`build.json`; None if there is none, or none that can be read."""
    data = read_bytes(str(file))
    try:
        record = json.loads(data or b"")
    except ValueError:
        return None
    known = isinstance(record, dict) and all(isinstance(record.get(key), str) for key in ("id", "manifest"))
    return record if known and Path(record["manifest"]).name == record["manifest"] else None


def _setting_changed(*, setting: str, **kwargs: object) -> None:
    if setting in ("PAGESAPI", "BASE_DIR"):
        forget_build()


setting_changed.connect(_setting_changed, dispatch_uid="pagesapi.pages.build")
