"""The folder that stands for a path in URLs, whether a route answers there or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pagesapi.routing.segments import Kind, Segment

Folders = tuple[str, ...]


def place_of(path: Sequence[str], folders: Mapping[Folders, Sequence[Segment]]) -> Folders | None:
    """The deepest of `folders` (each with its segments) that `path` lies in; names come before parameters.

    None if there is none, or if two groups stand at one place, so that it cannot be told.
    """
    found = [(_rank(segments), name) for name, segments in folders.items() if _covers(segments, path)]
    best = max((rank for rank, _ in found), default=None)
    names = [name for rank, name in found if rank == best]
    # A group inside another folder has that one's place, and is deeper.
    deepest = max(names, key=len, default=None)
    return deepest if deepest is not None and all(deepest[: len(name)] == name for name in names) else None


def _covers(segments: Sequence[Segment], path: Sequence[str]) -> bool:
    return len(segments) <= len(path) and all(
        part.kind is not Kind.STATIC or part.name == text for part, text in zip(segments, path, strict=False)
    )


def _rank(segments: Sequence[Segment]) -> tuple[int, tuple[bool, ...]]:
    return len(segments), tuple(part.kind is Kind.STATIC for part in segments)
