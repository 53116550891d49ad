"""A few routes of a tree, read by their names: what one serverless function serves, however many others there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import msgspec

from pagesapi.routing.route import Route
from pagesapi.routing.scan import Reader, Scan
from pagesapi.routing.segments import Converter, Kind


@dataclass(frozen=True, slots=True)
class Part:
    """`files` are served; `near` are all that may answer a path that one of these answers, themselves among them."""

    files: tuple[str, ...]
    near: tuple[str, ...]
    folders: tuple[tuple[str, ...], ...]  # all of the tree with a `_middleware.py`

    @classmethod
    def of(cls, found: Scan, files: Iterable[str]) -> Part:
        wanted = set(files)
        own = [route for route in found.routes if route.file in wanted]
        near = [route.file for route in found.routes if any(may_meet(route, each) for each in own)]
        return cls(tuple(route.file for route in own), tuple(near), tuple(found.policies))


def read_part(folder: Path, function: str) -> Part | None:
    """What `write_part` wrote for a function; None for one that serves the whole tree."""
    file = folder / "functions" / f"{function}.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=Part)
    except FileNotFoundError:
        return None


def write_part(folder: Path, function: str, part: Part) -> None:
    file = folder / "functions" / f"{function}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.encode(part))


def scan_part(root: Path, converters: Mapping[str, Converter], part: Part) -> Scan:
    """As `scan`, without looking into folders: the whole tree was scanned when the part was made."""
    reader = Reader(root, converters)
    reader.policies.extend(part.folders)
    for file in part.near:
        *folders, name = file.split("/")
        reader.read(tuple(folders), name)
    return reader.scanned()


def may_meet(one: Route, other: Route) -> bool:
    """Whether some path has the form of both routes; what converters refuse is not looked at."""
    for first, second in zip_longest(one.segments, other.segments):
        for part, beside in ((first, second), (second, first)):
            if part is not None and part.is_catch_all:
                return beside is not None or part.kind is Kind.OPTIONAL_CATCH_ALL
        if first is None or second is None:
            return False
        if first.kind is Kind.STATIC and second.kind is Kind.STATIC and first.name != second.name:
            return False
    return True
