"""What a store is. Write another one by these methods, and name it in `PAGESAPI["STORE"]`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Protocol

from pagesapi.pages.entry import Entry

MAX_ENTRIES = 10_000  # pages that nobody listed
MISSING_SLOTS = 1024  # 404s: each path has one place, and shares it
MARK_SLOTS = 4096  # so that marks, too, are bounded: two paths that share one are made anew together
EPOCH = "epoch"
SHARD = 64  # entries among which the one that was used longest ago is found


class Store(Protocol):
    """Shared by all threads and processes of the site. `build` names the build that a page belongs to.

    Every method may raise what its backend raises (`OSError`, an error of the cache).
    """

    def get(self, build: str, path: str) -> Entry | None:
        """The entry of a path; if it was not listed, it is now the last used."""

    def put(self, build: str, entry: Entry) -> None:
        """Keep an entry in the place of the path's last one. What is not listed is bounded:
        `MAX_ENTRIES` pages, the least recently used out first, and `MISSING_SLOTS` 404s."""

    def marks(self, names: Sequence[str]) -> tuple[str, ...]:
        """The tokens of names ("path:/blog/", "tag:posts", "all"). Another token: something changed since.

        "epoch" is the name whose token changes with every mark, before the others and after them.
        """

    def mark(self, names: Sequence[str]) -> None:
        """Give names new tokens, seen at once by every process."""

    def lock(self, build: str, path: str) -> AbstractContextManager[bool]:
        """Try to be the one process that makes a page; true if it is. Never waits, never nested."""

    def clear(self) -> None:
        """Forget everything."""


def digest(text: str, size: int = 16) -> str:
    """A name for any text, whatever characters it has, on any file system and in any cache."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def slot(text: str, slots: int) -> int:
    """One of so many places, always the same for a text."""
    return int(digest(text, 8), 16) % slots


def checked_bound(entries: int) -> int:
    if isinstance(entries, int) and not isinstance(entries, bool) and entries > 0:
        return entries
    raise ValueError(f"MAX_ENTRIES is a number above 0, not {entries!r}.")


def shards(max_entries: int) -> int:
    return max(1, max_entries // SHARD)


@lru_cache(4096)  # asked for by every request
def mark_slot(name: str) -> str:
    return name if name in ("all", EPOCH) else format(slot(name, MARK_SLOTS), "03x")
