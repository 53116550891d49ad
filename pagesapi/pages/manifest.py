"""What one build holds: a row for each page, on disk, however many there are."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec

from pagesapi.pages.building.built import BuiltPage

SCHEMA = """
CREATE TABLE pages (
    path TEXT PRIMARY KEY,  -- decoded, below the script prefix
    file TEXT UNIQUE,       -- below the output folder; NULL for a 404, which has none
    page BLOB NOT NULL      -- a BuiltPage as MessagePack
) WITHOUT ROWID;
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
REMEMBERED = 4096  # rows, of some hundred bytes each
VERSION = 1  # of the above, and of BuiltPage
Row = tuple[str, str | None, bytes]  # path, file, and the page
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(BuiltPage)


class Manifest:
    """Read by all threads of a process over one connection, so that it can be read on when its file is removed."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._guard = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._pid = 0

    @classmethod
    def create(cls, file: Path) -> Manifest:
        """A new one, to be filled by this process."""
        file.parent.mkdir(parents=True, exist_ok=True)
        manifest = cls(file)
        manifest._keep(sqlite3.connect(file, isolation_level=None, check_same_thread=False))
        manifest._opened.execute("PRAGMA journal_mode = MEMORY")  # a build that was killed is thrown away
        manifest._opened.execute("PRAGMA synchronous = OFF")
        manifest._opened.executescript(SCHEMA)
        manifest._opened.execute(f"PRAGMA user_version = {VERSION}")
        manifest._opened.execute("BEGIN")
        return manifest

    def _keep(self, connection: sqlite3.Connection) -> None:
        self._connection, self._pid = connection, os.getpid()

    @property
    def _opened(self) -> sqlite3.Connection:
        if self._connection is None or self._pid != os.getpid():  # a connection is not to be used after a fork
            where = f"{self.file.absolute().as_uri()}?mode=ro&immutable=1"
            self._keep(sqlite3.connect(where, uri=True, check_same_thread=False))
        assert self._connection is not None
        return self._connection

    @property
    def is_readable(self) -> bool:
        """Whether it is there, and of this version of the package."""
        try:
            found = self.file.is_file() and self._opened.execute("PRAGMA user_version").fetchone() == (VERSION,)
        except (sqlite3.Error, OSError):
            found = False
        if not found:
            self.close()
        return found

    def add(self, rows: Iterable[Row]) -> None:
        """All or none. Raises `sqlite3.IntegrityError` where a path or a file is there already."""
        connection = self._opened
        connection.execute("SAVEPOINT batch")
        try:
            connection.executemany("INSERT INTO pages VALUES (?, ?, ?)", rows)
        except sqlite3.IntegrityError:
            connection.execute("ROLLBACK TO batch")
            raise
        finally:
            connection.execute("RELEASE batch")

    def get(self, path: str) -> BuiltPage | None:
        return self._one("path", path)

    @cached_property
    def remembered(self) -> Callable[[str], BuiltPage | None]:
        """`get` for a manifest that changes no more: the pages that are asked for most are kept in memory."""
        return lru_cache(REMEMBERED)(self.get)

    def by_file(self, file: str) -> BuiltPage | None:
        return self._one("file", file)

    def _one(self, column: str, value: str) -> BuiltPage | None:
        query = f"SELECT page FROM pages WHERE {column} = ?"  # noqa: S608 - the column is a word of ours
        with self._guard:
            row = self._opened.execute(query, (value,)).fetchone()
        return None if row is None else _decoder.decode(row[0])

    def pages(self) -> Iterator[BuiltPage]:
        """All, by their paths."""
        for (page,) in self._opened.execute("SELECT page FROM pages ORDER BY path"):
            yield _decoder.decode(page)

    def about(self, key: str) -> str | None:
        row = self._opened.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def note(self, key: str, value: str) -> None:
        self._opened.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (key, value))

    def checkpoint(self) -> None:
        """Everything so far into the file; and on."""
        self._opened.execute("COMMIT")
        self._opened.execute("BEGIN")

    def commit(self) -> None:
        self._opened.execute("COMMIT")
        self.close()

    def close(self) -> None:
        self.__dict__.pop("remembered", None)
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __del__(self) -> None:
        self.close()


def row_of(page: BuiltPage) -> Row:
    return page.path, page.file or None, _encoder.encode(page)


def page_of_row(row: Row) -> BuiltPage:
    return _decoder.decode(row[2])
