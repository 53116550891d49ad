"""Pages in one of Django's caches, so that several hosts share them: Redis, Memcached, a database."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.cache import caches

from pagesapi.pages.entry import MISSING_MAX_AGE, Entry, decode_entry, encode_entry
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

KEPT = 30 * 86400  # seconds: what nobody stores anew for so long belongs to a build of long ago
LOCK_SECONDS = 30  # a process that died holds its lock so long; a page that takes longer may be made twice
SHARD_SECONDS = 5  # the same for the list of a shard, which is held for a few round trips


class CacheStore:
    """`OPTIONS`: `ALIAS` of `CACHES` ("default"), and `MAX_ENTRIES`. The cache has to be shared by all processes."""

    def __init__(self, ALIAS: str = "default", MAX_ENTRIES: int = MAX_ENTRIES) -> None:  # noqa: N803
        self.alias = ALIAS
        self.max_entries = checked_bound(MAX_ENTRIES)

    @property
    def cache(self) -> Any:
        return caches[self.alias]  # one a thread

    def get(self, build: str, path: str) -> Entry | None:
        listed, page, missing = _listed_key(build, path), _found_key(build, path), _missing_key(build, path)
        stored = self.cache.get_many([listed, page, missing])
        entry = _read(stored.get(listed), path)
        if entry is not None:
            return entry
        entry = _read(stored.get(page), path)
        if entry is None:
            return _read(stored.get(missing), path)
        self.cache.set(_used_key(page), time.time(), KEPT)
        return entry

    def put(self, build: str, entry: Entry) -> None:
        data, path = encode_entry(entry), entry.path
        if data is None:
            return
        listed, page = _listed_key(build, path), _found_key(build, path)
        if entry.listed:
            self.cache.set(listed, data, KEPT)
            self.cache.delete_many([page, _used_key(page)])
        elif entry.is_missing:
            self.cache.set(_missing_key(build, path), data, MISSING_MAX_AGE)
            self.cache.delete_many([listed, page, _used_key(page)])
        else:
            self._put_found(build, path, page, data)
            self.cache.delete(listed)

    def _put_found(self, build: str, path: str, page: str, data: bytes) -> None:
        """Write a page that nobody listed, and drop the ones of its shard that were used longest ago."""
        count = shards(self.max_entries)
        shard = f"pagesapi:shard:{digest(build, 8)}:{slot(path, count):x}"
        bound = self.max_entries // count
        with self._held(f"{shard}:lock"):
            known = [key for key in self.cache.get(shard, []) if key != page]
            if len(known) >= bound:
                used = self.cache.get_many([_used_key(key) for key in known])
                known.sort(key=lambda key: used.get(_used_key(key), 0), reverse=True)
                old = known[bound - 1 :]
                self.cache.delete_many([*old, *map(_used_key, old)])
                known = known[: bound - 1]
            self.cache.set(shard, [*known, page], KEPT)
            self.cache.set_many({page: data, _used_key(page): time.time()}, KEPT)

    @contextmanager
    def _held(self, key: str) -> Iterator[None]:
        token = secrets.token_hex(8)
        deadline = time.monotonic() + SHARD_SECONDS
        while not self.cache.add(key, token, SHARD_SECONDS) and time.monotonic() < deadline:
            time.sleep(0.002)
        try:
            yield
        finally:
            self._release(key, token)

    def _release(self, key: str, token: str) -> None:
        if self.cache.get(key) == token:  # another's, if this one took so long that it ran out
            self.cache.delete(key)

    def marks(self, names: Sequence[str]) -> tuple[str, ...]:
        """A cache may forget: then a token is made, so that what knew the old one is made anew."""
        keys = [_mark_key(mark_slot(name)) for name in names]
        found = self.cache.get_many(keys)
        return tuple(found.get(key) or self._made(key) for key in keys)

    def _made(self, key: str) -> str:
        self.cache.add(key, secrets.token_hex(8), None)
        return self.cache.get(key, "")  # type: ignore[no-any-return]

    def mark(self, names: Sequence[str]) -> None:
        slots = dict.fromkeys(map(mark_slot, names))
        self.cache.set(_mark_key(EPOCH), secrets.token_hex(8), None)
        self.cache.set_many({_mark_key(slot): secrets.token_hex(8) for slot in slots}, None)
        self.cache.set(_mark_key(EPOCH), secrets.token_hex(8), None)

    @contextmanager
    def lock(self, build: str, path: str) -> Iterator[bool]:
        key, token = f"{_listed_key(build, path)}:lock", secrets.token_hex(8)
        is_mine = bool(self.cache.add(key, token, LOCK_SECONDS))
        try:
            yield is_mine
        finally:
            if is_mine:
                self._release(key, token)

    def clear(self) -> None:
        """Drops the whole cache: give the pages an alias of their own."""
        self.cache.clear()


def _read(data: Any, path: str) -> Entry | None:
    entry = decode_entry(data) if isinstance(data, bytes) else None
    return entry if entry is not None and entry.path == path else None


def _listed_key(build: str, path: str) -> str:
    return f"pagesapi:listed:{digest(build, 8)}:{digest(path)}"


def _found_key(build: str, path: str) -> str:
    return f"pagesapi:found:{digest(build, 8)}:{digest(path)}"


def _missing_key(build: str, path: str) -> str:
    return f"pagesapi:404:{digest(build, 8)}:{slot(path, MISSING_SLOTS):x}"


def _used_key(page: str) -> str:
    return f"{page}:used"


def _mark_key(slot: str) -> str:
    return f"pagesapi:mark:{slot}"
