"""What is kept of a page, in the store or from the build, and whether it may still be shown."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from pagesapi.exceptions import StoreError
from pagesapi.pages.build import Build, get_build
from pagesapi.pages.entry import Entry, names_of
from pagesapi.pages.store.interface import Store
from pagesapi.pages.store.setting import get_store


class State(enum.Enum):
    FRESH = "served"
    STALE = "served, and renewed"
    OUTDATED = "revalidated since it was made, or a 404 that has lived its time: made anew first"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The store's and the build's pages as one. Raises `StoreError` for whatever the store's backend raises."""

    store: Store
    build: Build

    def look(self, path: str) -> tuple[Entry | None, State]:
        """What there is to show. A built page that is fresh needs no look into the store: a newer one is made only
        when the built one is stale or outdated (but for a clock that was set back, until it is where it was)."""
        marks = self.build.fresh_marks(path)  # looked at before the file is read, for many pages are renewed
        if marks is not None and self.marks(names_of(path, marks.tags)) == marks.tokens:
            built = self.build.get(path)
            if built is not None:
                return built, State.FRESH
        entry = self.find(path)
        return entry, State.OUTDATED if entry is None else self.state(entry)

    def find(self, path: str) -> Entry | None:
        try:
            entry = self.store.get(self.build.name, path)
        except Exception as error:
            raise StoreError(f"The store of pages cannot be read: {error}") from error
        return entry or self.build.get(path)

    def marks(self, names: Sequence[str]) -> tuple[str, ...]:
        try:
            return self.store.marks(names)
        except Exception as error:
            raise StoreError(f"The marks of the store of pages cannot be read: {error}") from error

    def put(self, entry: Entry) -> None:
        try:
            self.store.put(self.build.name, entry)
        except Exception as error:
            raise StoreError(f"The store of pages cannot be written: {error}") from error

    def mark(self, names: Sequence[str]) -> None:
        try:
            self.store.mark(names)
        except Exception as error:
            raise StoreError(f"The store of pages cannot be written, so nothing is revalidated: {error}") from error

    def is_current(self, entry: Entry) -> bool:
        """Whether nothing was revalidated since it was made."""
        return self.marks(entry.names) == entry.marks

    def state(self, entry: Entry) -> State:
        if not self.is_current(entry):
            return State.OUTDATED
        if entry.is_fresh():
            return State.FRESH
        return State.OUTDATED if entry.is_missing else State.STALE

    def usable(self, path: str) -> Entry | None:
        """What may be shown to somebody who has waited for it."""
        entry, state = self.look(path)
        return None if state is State.OUTDATED else entry


def get_shelf() -> Shelf:
    return Shelf(get_store(), get_build())
