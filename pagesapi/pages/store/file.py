"""Pages as files, shared by the processes of one host.

listed/<build>/<ab>/<digest>          pages of a get_static_paths
found/<build>/<shard>/<digest>        others, bounded: a shard's oldest by mtime goes first
missing/<build>/<slot>                404s, bounded: a later one takes the place
marks/<slot>, marks/epoch             tokens
locks/<slot>                          locked by the process that makes a page; the system frees a dead one's
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pagesapi.conf import conf
from pagesapi.files import locked, read_bytes, replace_file, stamp_of
from pagesapi.pages.entry import Entry, decode_entry, encode_entry
from pagesapi.pages.store.interface import (
    EPOCH,
    MAX_ENTRIES,
    MISSING_SLOTS,
    checked_bound,
    digest,
    mark_slot,
    shards,
    slot,
)
from pagesapi.pages.store.marks import Marks

LOCK_SLOTS = 4096
BUILDS_KEPT = 5  # so that a rollback finds its pages; older ones are removed


class FileStore:
    """`OPTIONS`: `LOCATION`, a folder (`BASE_DIR / ".pagesapi"`; of a function, the one for temporary files), and
    `MAX_ENTRIES`."""

    def __init__(self, LOCATION: str | Path | None = None, MAX_ENTRIES: int = MAX_ENTRIES) -> None:  # noqa: N803
        self.root = Path(conf.store_dir if LOCATION is None else LOCATION) / "store"
        self.max_entries = checked_bound(MAX_ENTRIES)
        self._folder = str(self.root)
        self._marks = Marks(self._read_marks, self._epoch)
        self._builds: set[str] = set()

    def _path(self, *parts: str) -> str:
        return "/".join((self._folder, *parts))  # os.path.join takes three times as long; Windows takes both

    def _listed(self, build: str, path: str) -> str:
        name = digest(path)
        return self._path("listed", digest(build, 8), name[:2], name)

    def _found(self, build: str, path: str) -> str:
        shard = format(slot(path, shards(self.max_entries)), "x")
        return self._path("found", digest(build, 8), shard, digest(path))

    def _missing(self, build: str, path: str) -> str:
        return self._path("missing", digest(build, 8), format(slot(path, MISSING_SLOTS), "x"))

    def get(self, build: str, path: str) -> Entry | None:
        entry = self._read(self._listed(build, path), path)
        if entry is not None:
            return entry
        file = self._found(build, path)
        entry = self._read(file, path)
        if entry is None:
            return self._read(self._missing(build, path), path)
        with suppress(OSError):  # removed meanwhile, or of another user
            os.utime(file)
        return entry

    def _read(self, file: str, path: str) -> Entry | None:
        data = read_bytes(file)
        entry = None if data is None else decode_entry(data)
        return entry if entry is not None and entry.path == path else None

    def put(self, build: str, entry: Entry) -> None:
        data = encode_entry(entry)
        if data is None:
            return
        self._begin(build)
        listed, found = self._listed(build, entry.path), self._found(build, entry.path)
        if entry.listed:
            replace_file(listed, data)
        elif entry.is_missing:
            replace_file(self._missing(build, entry.path), data)
            _remove(listed)
        else:
            self._put_found(found, data)
            _remove(listed)
        if entry.listed or entry.is_missing:
            _remove(found)

    def _put_found(self, file: str, data: bytes) -> None:
        folder, _, name = file.rpartition("/")
        bound = self.max_entries // shards(self.max_entries)
        with locked(self._path("locks", f"shard-{folder.rpartition('/')[2]}"), wait=True):
            for old in _oldest(folder, name, bound - 1):
                _remove(old)
            replace_file(file, data)

    def _begin(self, build: str) -> None:
        """Where a build is new here, remove what is left of those of long ago."""
        if build in self._builds:
            return
        self._builds.add(build)
        for kind in ("listed", "found", "missing"):
            own = Path(self._path(kind, digest(build, 8)))
            own.mkdir(parents=True, exist_ok=True)
            os.utime(own)
            others = sorted((path for path in own.parent.iterdir() if path != own), key=_changed, reverse=True)
            for path in others[BUILDS_KEPT - 1 :]:
                shutil.rmtree(path, ignore_errors=True)

    def marks(self, names: Sequence[str]) -> tuple[str, ...]:
        return self._marks.tokens(names)

    def _read_marks(self, slots: Sequence[str]) -> list[str]:
        return [(read_bytes(self._path("marks", slot)) or b"").decode("ascii", "replace") for slot in slots]

    def mark(self, names: Sequence[str]) -> None:
        self._mark_epoch()
        for name in dict.fromkeys(map(mark_slot, names)):
            replace_file(self._path("marks", name), secrets.token_hex(8).encode())
        self._mark_epoch()

    def _epoch(self) -> str:
        """Its file is asked for by every request, so it is not read: the token is its time, which is a random one."""
        return str(stamp_of(self._path("marks", EPOCH)) or "")

    def _mark_epoch(self) -> None:
        replace_file(self._path("marks", EPOCH), b"The time of this file is a token.\n", mtime_ns=random_time())

    @contextmanager
    def lock(self, build: str, path: str) -> Iterator[bool]:
        name = format(slot(f"{build} {path}", LOCK_SLOTS), "03x")
        with locked(self._path("locks", name)) as is_mine:
            yield is_mine

    def clear(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        self._builds.clear()
        self._marks = Marks(self._read_marks, self._epoch)
        self.mark(["all"])  # what was built knows no tokens, and would else be current again


def random_time() -> int:
    """Nanoseconds since the epoch: any time of 60 years, so that two are never the same on any file system."""
    return secrets.randbelow(60 * 31536000 * 10**9)


def _remove(file: str) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(file)  # noqa: PTH108 - a text, as everywhere here


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0


def _oldest(folder: str, name: str, kept: int) -> list[str]:
    """The files beyond the newest `kept`, without the one that is written now and those being written."""
    try:
        with os.scandir(folder) as found:
            others = [item for item in found if item.name != name and "." not in item.name]
            files = [(item.stat().st_mtime_ns, item.path) for item in others]
    except FileNotFoundError:
        return []
    return [path for _, path in sorted(files, reverse=True)[kept:]]
