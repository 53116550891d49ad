"""The tree walked: routes in the order of precedence, and everything that is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from pagesapi.routing.conflict import conflicts
from pagesapi.routing.fault import Fault, FaultKind
from pagesapi.routing.route import Route, name_of
from pagesapi.routing.segments import Converter, Kind, Segment, SegmentError, parse_segment

POLICY = "_middleware.py"
ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder holds. `routes` are those without a fault, sorted as they are tried."""

    root: Path
    routes: tuple[Route, ...]
    errors: tuple[Fault, ...]
    policies: Mapping[tuple[str, ...], tuple[Segment, ...]]  # folders with a `_middleware.py`, and their place in URLs
    lookalikes: tuple[str, ...]  # files that nothing reads, of nearly that name


def is_route_file(name: str) -> bool:
    """Whether a file of this name is a route: not private, hidden, a test, or something other than Python."""
    stem, dot, suffix = name.rpartition(".")
    return (
        dot + suffix == ".py"
        and not stem.startswith(("_", ".", "test_"))
        and not stem.endswith("_test")
        and stem not in ("", "conftest")
    )


def is_route_folder(name: str) -> bool:
    return not name.startswith(("_", "."))


def is_lookalike(name: str) -> bool:
    """Whether somebody may have meant `_middleware.py`: `_middelware.py`, a folder `_middleware`."""
    if not name.startswith("_"):
        return False
    bare = name.lower().lstrip("_")
    return bare.startswith("mid") and SequenceMatcher(None, bare, POLICY[1:]).ratio() >= ALIKE


def scan(root: Path, converters: Mapping[str, Converter]) -> Scan:
    """Read the names below `root`, import nothing. A missing folder has no routes."""
    reader = Reader(root, converters)
    reader.read_all()
    return reader.scanned()


@dataclass
class Reader:
    """Names become routes and faults, one after another."""

    root: Path
    converters: Mapping[str, Converter]
    routes: list[Route] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    parsed: dict[str, Segment] = field(default_factory=dict)  # names repeat; so do not parse them again
    bad_folders: set[tuple[str, ...]] = field(default_factory=set)
    policies: list[tuple[str, ...]] = field(default_factory=list)
    lookalikes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._folder = str(self.root)

    def read_all(self) -> None:
        for folders, name in self.files():
            self.read(folders, name)

    def scanned(self) -> Scan:
        """All that was read."""
        places = self.places()
        faults = [*self.errors, *conflicts(self.routes)]
        refused = {file for fault in faults for file in fault.files}
        routes = sorted(
            (route for route in self.routes if route.file not in refused), key=lambda route: route.precedence
        )
        errors = sorted(faults, key=lambda fault: (fault.files, fault.kind))
        return Scan(self.root, tuple(routes), tuple(errors), places, tuple(sorted(self.lookalikes)))

    def files(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every route file as (its folders, its name); follows links to folders, but never in a circle."""
        todo: list[tuple[tuple[str, ...], frozenset[str]]] = [((), frozenset({os.path.realpath(self.root)}))]
        while todo:
            folders, above = todo.pop()
            for entry in self._entries(folders):
                if entry.name == POLICY:
                    self._policy(folders, entry)
                elif is_lookalike(entry.name):
                    self.lookalikes.append("/".join((*folders, entry.name)))
                elif self._is_folder(entry):
                    real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
                    if is_route_folder(entry.name) and real not in above:
                        todo.append(((*folders, entry.name), above | {real}))
                elif is_route_file(entry.name):
                    if self._is_file(entry):
                        yield folders, entry.name
                    else:
                        self._unreadable("/".join((*folders, entry.name)), "It is no file, or a link to none")

    def _policy(self, folders: tuple[str, ...], entry: os.DirEntry[str]) -> None:
        """What cannot be read might be a guard, so the tree is refused."""
        if self._is_file(entry):
            self.policies.append(folders)
        else:
            self._unreadable("/".join((*folders, entry.name)), "It is no file, or a link to none")

    def places(self) -> dict[tuple[str, ...], tuple[Segment, ...]]:
        found = {}
        for folders in self.policies:
            segments = [self._segment(part, "/".join(folders) + "/", folders) for part in folders]
            found[folders] = tuple(part for part in segments if part is not None and part.kind is not Kind.GROUP)
        return found

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir()
        except OSError as error:  # a link that leads to itself
            if not is_route_file(entry.name):
                self._unreadable(entry.name, f"It cannot be read: {error.strerror}")
            return False

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_file()
        except OSError:
            return False

    def _unreadable(self, file: str, problem: str) -> None:
        self.errors.append(Fault(FaultKind.UNREADABLE, (file,), f"{problem}.", "Mend it, or take it out of the tree."))

    def _entries(self, folders: tuple[str, ...]) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(
                "/".join((self._folder, *folders))
            ) as entries:  # a Path for each takes longer than the rest
                return list(entries)
        except FileNotFoundError:
            return []
        except OSError as error:
            self._unreadable("/".join(folders) or str(self.root), f"The folder cannot be read: {error.strerror}")
            return []

    def read(self, folders: tuple[str, ...], name: str) -> None:
        file = "/".join([*folders, name])
        parents: list[Segment] = []
        for depth, folder in enumerate(folders, 1):
            segment = self.parsed.get(folder) or self._segment(
                folder, "/".join(folders[:depth]) + "/", folders[:depth]
            )
            if segment is None:
                return
            parents.append(segment)
        stem = name.removesuffix(".py")
        last = self._last(stem, file)
        if last is None:
            return
        segments = tuple(part for part in (*parents, *last) if part.kind is not Kind.GROUP)
        fault = misplaced(segments, file)
        if fault is None:
            self.routes.append(Route(self.root, file, name_of(tuple(parents), stem), segments))
        else:
            self.errors.append(fault)

    def _last(self, stem: str, file: str) -> tuple[Segment, ...] | None:
        if stem in ("index", "route"):
            return ()
        segment = self._segment(stem, file, None)
        if segment is None:
            return None
        if segment.kind is Kind.GROUP:
            fault = Fault(FaultKind.NAME, (file,), "A group is a folder, not a file.", f"Make it {stem}/index.py.")
            self.errors.append(fault)
            return None
        return (segment,)

    def _segment(self, text: str, file: str, folder: tuple[str, ...] | None) -> Segment | None:
        segment = self.parsed.get(text)
        if segment is not None:
            return segment
        if folder in self.bad_folders:
            return None
        try:
            segment = self.parsed[text] = parse_segment(text, self.converters)
        except SegmentError as error:
            kind = FaultKind.CONVERTER if error.converter else FaultKind.NAME
            self.errors.append(Fault(kind, (file,), f"{text!r}: {error.problem}.", error.cure))
            if folder is not None:
                self.bad_folders.add(folder)
            return None
        return segment


def misplaced(segments: tuple[Segment, ...], file: str) -> Fault | None:
    """What is wrong within one path: a catch-all before its end, or one name twice."""
    seen: set[str] = set()
    for position, part in enumerate(segments):
        if not part.is_parameter:
            continue
        if part.is_catch_all and position < len(segments) - 1:
            return Fault(
                FaultKind.CATCH_ALL_POSITION,
                (file,),
                f"The catch-all {part.text} takes all that follows, so nothing can stand below it.",
                "Move the file up, or make the catch-all a plain parameter.",
            )
        if part.name in seen:
            return Fault(
                FaultKind.REPEATED_NAME,
                (file,),
                f"The parameter name {part.name!r} stands twice in one path.",
                "Rename one of the two.",
            )
        seen.add(part.name)
    return None
