"""The stores that the suite runs against, each with a way to look at what it keeps and to spoil it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.core.cache import caches

from pagesapi.pages.store import CacheStore, FileStore, MemoryStore, Store
from tests.servers.redis import Redis

ALIAS = "pages"
EVERY = ("files", "redis", "local-memory", "memory")


def only(*names: str) -> pytest.MarkDecorator:
    """A decorator of tests that are for some of them."""
    return pytest.mark.parametrize("backend", names, indirect=True)


of_bytes = only("files", "redis", "local-memory")
of_several_processes = only("files", "redis")
in_caches = only("redis", "local-memory")


class Backend(Protocol):
    """`caches`: what the settings need. `is_shared`: whether other processes see the same pages."""

    caches: dict[str, Any]
    is_shared: bool

    def store(self, **options: Any) -> Store:
        """Another object of the same store, as another process has one."""

    def options(self) -> dict[str, Any]:
        """`PAGESAPI["STORE"]`."""

    def stored(self) -> dict[str, bytes]:
        """What it keeps of pages, by names of its own."""

    def overwrite(self, name: str, data: bytes) -> None: ...


class Files:
    caches: dict[str, Any] = {}
    is_shared = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def store(self, **options: Any) -> Store:
        return FileStore(LOCATION=self.folder, **options)

    def options(self) -> dict[str, Any]:
        return {"BACKEND": "pagesapi.pages.store.FileStore", "OPTIONS": {"LOCATION": str(self.folder)}}

    def stored(self) -> dict[str, bytes]:
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files if "locks" not in path.parts}

    def overwrite(self, name: str, data: bytes) -> None:
        Path(name).write_bytes(data)


class InMemory:
    caches: dict[str, Any] = {}
    is_shared = False

    def __init__(self) -> None:
        self._stores: dict[str, MemoryStore] = {}

    def store(self, **options: Any) -> Store:
        """There is no other one of it: the process has one."""
        return self._stores.setdefault(repr(options), MemoryStore(**options))

    def options(self) -> dict[str, Any]:
        return {"BACKEND": "pagesapi.pages.store.MemoryStore"}

    def stored(self) -> dict[str, bytes]:
        raise NotImplementedError("It keeps objects, no bytes.")

    def overwrite(self, name: str, data: bytes) -> None:
        raise NotImplementedError


class InCache:
    """A `CacheStore`; its subclasses know the keys of the cache."""

    caches: dict[str, Any] = {}
    is_shared = False

    def store(self, **options: Any) -> Store:
        return CacheStore(ALIAS=ALIAS, **options)

    def options(self) -> dict[str, Any]:
        return {"BACKEND": "pagesapi.pages.store.CacheStore", "OPTIONS": {"ALIAS": ALIAS}}

    def every_key(self) -> list[str]:
        raise NotImplementedError

    def stored(self) -> dict[str, bytes]:
        values = caches[ALIAS].get_many([key.removeprefix(":1:") for key in self.every_key()])
        return {key: value for key, value in values.items() if isinstance(value, bytes)}

    def overwrite(self, name: str, data: bytes) -> None:
        caches[ALIAS].set(name, data, None)


class InLocalMemory(InCache):
    def __init__(self) -> None:
        backend = "django.core.cache.backends.locmem.LocMemCache"
        # Its own bound is 300 keys, of which a third goes at once when they are too many.
        options = {"MAX_ENTRIES": 100_000}
        self.caches = {ALIAS: {"BACKEND": backend, "LOCATION": secrets.token_hex(8), "OPTIONS": options}}

    def every_key(self) -> list[str]:
        return list(caches[ALIAS]._cache)  # type: ignore[attr-defined]


class InRedis(InCache):
    is_shared = True

    def __init__(self, redis: Redis) -> None:
        self.caches = {ALIAS: {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis.url}}

    def every_key(self) -> list[str]:
        client = caches[ALIAS]._cache.get_client()  # type: ignore[attr-defined]
        return [key.decode() for key in client.keys("*")]
