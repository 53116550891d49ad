"""What a build is asked to do."""

from __future__ import annotations

import fnmatch
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pagesapi.exceptions import PrerenderError
from pagesapi.pages.address import url_of


class Progress(NamedTuple):
    """How far a build has come."""

    done: int  # pages, failed ones among them
    total: int | None  # None as long as `get_static_paths` go on
    failed: int


class Shard(NamedTuple):
    """One of several machines."""

    number: int  # from 1
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """ "2/5". Raises `PrerenderError`."""
        match = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text)
        shard = cls(int(match[1]), int(match[2])) if match else None
        if shard is None or not 1 <= shard.number <= shard.of:
            raise PrerenderError(f"A shard is a number and how many there are, such as 2/5, not {text!r}.")
        return shard

    def has(self, path: str) -> bool:
        return zlib.crc32(path.encode("utf-8", "surrogatepass")) % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    output: Path | str | None = None
    workers: int | None = None  # None: one a processor
    only: tuple[str, ...] = ()  # globs over paths and names of patterns
    shard: Shard | None = None
    merge: tuple[Path, ...] = ()
    fail_fast: bool = False
    static: bool = True
    check: bool = False  # compare, and leave the old site as it is
    progress: Callable[[Progress], None] | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and (not isinstance(self.workers, int) or self.workers < 1):
            raise PrerenderError(f"workers is a number from 1 on, not {self.workers!r}.")
        if self.shard and (self.only or self.merge or self.check):
            raise PrerenderError("A shard is a part of a whole build: not with --only, --merge or --check.")
        if self.merge and (self.only or self.check):
            raise PrerenderError("--merge joins whole shards: it goes with neither --only nor --check.")

    @classmethod
    def asked(
        cls, *, only: Sequence[str] = (), shard: str | None = None, merge: Sequence[Path | str] = (), **others: Any
    ) -> Options:
        """As a caller writes them. Raises `PrerenderError`."""
        if isinstance(only, str) or isinstance(merge, (str, Path)):
            raise PrerenderError('only and merge take lists, such as ["/blog/*"].')
        part = Shard.parse(shard) if shard else None
        if part and others.get("output") is None:
            raise PrerenderError("A shard is not the site: give it a folder of its own, --output DIR.")
        folders = tuple(Path(folder).resolve() for folder in merge)
        return cls(only=tuple(only), shard=part, merge=folders, **others)

    def wants(self, path: str, source: str) -> bool:
        """Whether a page is to be made."""
        if self.shard is not None:
            return self.shard.has(path)
        return not self.only or any(
            glob in (source, url_of(path)) or fnmatch.fnmatchcase(path, glob) or fnmatch.fnmatchcase(source, glob)
            for glob in self.only
        )
