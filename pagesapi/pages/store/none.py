"""No store: pages are made whenever somebody asks. In the tests of a project, which ask for no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pagesapi.pages.entry import Entry


class NoStore:
    """Keeps nothing, so it has nothing that could be outdated."""

    def get(self, build: str, path: str) -> Entry | None:
        return None

    def put(self, build: str, entry: Entry) -> None:
        pass

    def marks(self, names: Sequence[str]) -> tuple[str, ...]:
        return ("",) * len(names)

    def mark(self, names: Sequence[str]) -> None:
        pass

    @contextmanager
    def lock(self, build: str, path: str) -> Iterator[bool]:
        yield True

    def clear(self) -> None:
        pass
