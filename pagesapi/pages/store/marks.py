"""Tokens that change when a page or a tag is revalidated, remembered as long as none of them changed.

For a store that never forgets one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pagesapi.pages.store.interface import EPOCH, mark_slot


class Marks:
    """`read` gives the tokens of slots, "" where there is none; `epoch` says, quickly, whether to ask again."""

    def __init__(self, read: Callable[[Sequence[str]], Sequence[str]], epoch: Callable[[], str]) -> None:
        self._read = read
        self._epoch = epoch
        self._known: tuple[str, dict[str, str]] = ("", {EPOCH: ""})  # replaced as a whole: threads share it

    def tokens(self, names: Sequence[str]) -> tuple[str, ...]:
        slots = [mark_slot(name) for name in names]
        epoch, known = self._known
        # The epoch first: what is read after it is as new as it, or newer.
        now = self._epoch()
        if now != epoch:
            known = {EPOCH: now}
            self._known = now, known
        unknown = [slot for slot in slots if slot not in known]
        if unknown:
            known.update(zip(unknown, self._read(unknown), strict=True))
        return tuple(known[slot] for slot in slots)
