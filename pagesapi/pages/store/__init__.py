"""Where pages are kept between requests: `PAGESAPI["STORE"]`."""

from __future__ import annotations

from pagesapi.pages.store.cache import CacheStore
from pagesapi.pages.store.file import FileStore
from pagesapi.pages.store.interface import Store
from pagesapi.pages.store.memory import MemoryStore
from pagesapi.pages.store.setting import get_store

__all__ = ["CacheStore", "FileStore", "MemoryStore", "Store", "get_store"]
