"""Pages in this process's memory: for tests, and for sites of one process."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pagesapi.pages.entry import Entry
from pagesapi.pages.store.interface import EPOCH, MAX_ENTRIES, MISSING_SLOTS, checked_bound, mark_slot, slot

Key = tuple[str, str]  # build and path


class MemoryStore:
    """`OPTIONS`: `MAX_ENTRIES`, the number of pages kept that no `get_static_paths` listed."""

    def __init__(self, MAX_ENTRIES: int = MAX_ENTRIES) -> None:  # noqa: N803 - named as in the settings
        self.max_entries = checked_bound(MAX_ENTRIES)
        self._guard = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self._guard:
            self._listed: dict[Key, Entry] = {}
            self._found: OrderedDict[Key, Entry] = OrderedDict()  # the last used at the end
            self._missing: dict[tuple[str, int], Entry] = {}
            self._tokens: dict[str, str] = {"all": secrets.token_hex(8)}
            self._held: set[Key] = set()

    def get(self, build: str, path: str) -> Entry | None:
        key = build, path
        with self._guard:
            if key in self._listed:
                return self._listed[key]
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
            missing = self._missing.get((build, slot(path, MISSING_SLOTS)))
        return missing if missing is not None and missing.path == path else None

    def put(self, build: str, entry: Entry) -> None:
        key = build, entry.path
        with self._guard:
            self._listed.pop(key, None)
            self._found.pop(key, None)
            if entry.listed:
                self._listed[key] = entry
            elif entry.is_missing:
                self._missing[build, slot(entry.path, MISSING_SLOTS)] = entry
            else:
                self._found[key] = entry
                while len(self._found) > self.max_entries:
                    self._found.popitem(last=False)

    def marks(self, names: Sequence[str]) -> tuple[str, ...]:
        with self._guard:
            return tuple(self._tokens.get(mark_slot(name), "") for name in names)

    def mark(self, names: Sequence[str]) -> None:
        with self._guard:
            self._tokens.update((mark_slot(name), secrets.token_hex(8)) for name in (*names, EPOCH))

    @contextmanager
    def lock(self, build: str, path: str) -> Iterator[bool]:
        key = build, path
        with self._guard:
            is_free = key not in self._held
            self._held.add(key)
        try:
            yield is_free
        finally:
            if is_free:
                with self._guard:
                    self._held.discard(key)
