"""Entries, and paths that are chosen for the place that a store gives them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from pagesapi.pages.entry import Entry
from pagesapi.pages.store.interface import MARK_SLOTS, MISSING_SLOTS, slot


def entry(path: str, body: bytes | None = None, **changes: Any) -> Entry:
    values = {
        "path": path,
        "status": 200,
        "content_type": "text/html; charset=utf-8",
        "headers": (("X-Made-By", "a test"),),
        "etag": '"1"',
        "body": repr(path).encode() if body is None else body,
        "rendered_at": time.time(),
        "revalidate": 60,
        "tags": (),
        "marks": ("",),
        "attributes": {},
        "listed": False,
    }
    return Entry(**{**values, **changes})


def missing(path: str, **changes: Any) -> Entry:
    return entry(path, b"Not found", status=404, **changes)


def paths_of_one_place(place_of: Callable[[str], int], number: int) -> list[str]:
    """Paths that have the same place, as an attacker finds them."""
    first = place_of("/0/")
    return [path for path, _ in zip(_with_place(place_of, first), range(number), strict=False)]


def _with_place(place_of: Callable[[str], int], wanted: int) -> Iterator[str]:
    return (path for path in (f"/{number}/" for number in count()) if place_of(path) == wanted)


def place_of_missing(path: str) -> int:
    return slot(path, MISSING_SLOTS)


def place_of_mark(path: str) -> int:
    return slot(f"path:{path}", MARK_SLOTS)


def tick(folder: Path) -> None:
    """Until the clock of the file system, which is the coarser one, shows a later time."""
    probe = folder / "clock"
    probe.touch()
    before = probe.stat().st_mtime_ns
    while probe.stat().st_mtime_ns <= before:
        os.utime(probe)
    probe.unlink()
