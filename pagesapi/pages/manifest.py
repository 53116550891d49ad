"""What one build holds: a row for each page, on disk, however many there are."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
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
VERSION = 1  # of the above, and of BuiltPage
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(BuiltPage)


class Reading(sqlite3.Connection):
    """A connection that ends with its thread or its manifest, whichever is first; Python warns of one that is left."""

    def __del__(self) -> None:
        self.close()


class Manifest:
    """Read by many threads, written by one process, once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._local = threading.local()

    @classmethod
    def create(cls, file: Path) -> Manifest:
        file.parent.mkdir(parents=True, exist_ok=True)
        manifest = cls(file)
        connection = sqlite3.connect(file, isolation_level=None)
        connection.execute("PRAGMA journal_mode = MEMORY")  # a build that was killed is thrown away
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(SCHEMA)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("BEGIN")
        manifest._local.connection = connection
        return manifest

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            where = f"{self.file.as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(where, uri=True, check_same_thread=False, factory=Reading)
            self._local.connection = connection
        return connection

    @property
    def is_readable(self) -> bool:
        """Whether it is there, and of this version of the package."""
        try:
            return self.file.is_file() and self._connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        except sqlite3.Error:
            return False

    def add(self, pages: Iterable[BuiltPage]) -> None:
        """All or none. Raises `sqlite3.IntegrityError` where a path or a file is there already."""
        connection = self._connection
        connection.execute("SAVEPOINT batch")
        try:
            connection.executemany("INSERT INTO pages VALUES (?, ?, ?)", map(_row, pages))
        except sqlite3.IntegrityError:
            connection.execute("ROLLBACK TO batch")
            raise
        finally:
            connection.execute("RELEASE batch")

    def get(self, path: str) -> BuiltPage | None:
        return self._one("path", path)

    def by_file(self, file: str) -> BuiltPage | None:
        return self._one("file", file)

    def _one(self, column: str, value: str) -> BuiltPage | None:
        query = f"SELECT page FROM pages WHERE {column} = ?"  # noqa: S608 - the column is a word of ours
        row = self._connection.execute(query, (value,)).fetchone()
        return None if row is None else _decoder.decode(row[0])

    def pages(self) -> Iterator[BuiltPage]:
        """All, by their paths."""
        for (page,) in self._connection.cursor().execute("SELECT page FROM pages ORDER BY path"):
            yield _decoder.decode(page)

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT COUNT(*) FROM pages").fetchone()[0])

    def about(self, key: str) -> str | None:
        row = self._connection.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def note(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (key, value))

    def checkpoint(self) -> None:
        """Everything so far into the file; and on."""
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN")

    def commit(self) -> None:
        self._connection.execute("COMMIT")
        self.close()

    def close(self) -> None:
        """This thread's connection."""
        connection: sqlite3.Connection | None = self._local.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()


def _row(page: BuiltPage) -> tuple[str, str | None, bytes]:
    return page.path, page.file or None, _encoder.encode(page)
