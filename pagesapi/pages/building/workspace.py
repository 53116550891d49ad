"""The folders of one build: what it may write, what it must not touch, and that it is alone."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pagesapi.conf import conf
from pagesapi.exceptions import PrerenderError
from pagesapi.files import locked, read_bytes, replace_file
from pagesapi.pages.build import RECORD, read_record
from pagesapi.pages.building.exchange import exchange, read_journal, recover
from pagesapi.pages.building.maker import Places
from pagesapi.pages.building.site import SIGNATURE
from pagesapi.pages.manifest import Manifest
from pagesapi.pages.store.interface import digest

MANIFESTS_KEPT = 3  # for processes of the builds before, which serve until they are restarted
TOKEN = "[0-9a-f]" * 8  # as a glob: of a build, in the names of its files
MARKED = "_headers"  # by its first line a folder is known to be ours
SHARD_MANIFEST = "_pagesapi.sqlite3"


@dataclass(frozen=True, slots=True)
class Workspace:
    output: Path  # absolute, its links resolved
    is_live: bool  # whether this is what the site serves: OUTPUT_DIR
    work: Path  # `.pagesapi`
    token: str  # of this build, in the names of its files
    inode: int = 0  # of the staging folder, by which it is known wherever it is

    @property
    def name(self) -> str:
        return "build" if self.is_live else f"build-{digest(str(self.output), 8)}"

    @property
    def record(self) -> Path:
        return self.work / (RECORD if self.is_live else f"{self.name}.json")

    @property
    def journal(self) -> Path:
        return self.work / f"{self.name}.journal"

    @property
    def manifest(self) -> Path:
        return self.work / "builds" / f"{self.name}-{self.token}.sqlite3"

    @property
    def staging(self) -> Path:
        return self.output.parent / f".{self.output.name}.new-{self.token}"

    @property
    def aside(self) -> Path:
        return self.output.parent / f".{self.output.name}.old-{self.token}"

    @property
    def places(self) -> Places:
        return Places(str(self.staging), str(self.output))

    def before(self) -> Manifest | None:
        """The manifest of the site that stands."""
        record = read_record(self.record)
        manifest = None if record is None else Manifest(self.work / "builds" / record["manifest"])
        return manifest if manifest is not None and manifest.is_readable else None

    def commit(self, record: str) -> None:
        """Let the new site stand. `record`: what `build.json` is to say; empty: nothing."""
        if not self._is_at(self.staging):
            raise PrerenderError(f"Somebody removed {self.staging} while the site was built there. Build again.")
        if record:
            replace_file(str(self.coming), record.encode())
        exchange(self)
        self._forget_manifests()

    @property
    def coming(self) -> Path:
        """The record of this build, until its site stands."""
        return self.record.with_suffix(f".{self.token}")

    def recover(self) -> None:
        """Finish what a build that was killed had begun."""
        found = read_journal(self.journal)
        if found is None:
            self.journal.unlink(missing_ok=True)
        else:
            recover(replace(self, token=found[0], inode=found[1]))

    def _is_at(self, place: Path) -> bool:
        try:
            return place.stat().st_ino == self.inode
        except OSError:
            return False

    def _forget_manifests(self) -> None:
        found = sorted((self.work / "builds").glob(f"{self.name}-{TOKEN}.sqlite3"), key=_age, reverse=True)
        others = [file for file in found if file != self.manifest]
        for file in others[MANIFESTS_KEPT - 1 :]:
            with suppress(PermissionError):  # Windows removes no file that a server has open; the next build tries
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave nothing of a build that came to nothing; where its site stands, finish what was broken off."""
        if self._is_at(self.output):
            with suppress(OSError):  # the next build tries again
                self.recover()
        else:
            shutil.rmtree(self.staging, ignore_errors=True)
            self.manifest.unlink(missing_ok=True)
            self.coming.unlink(missing_ok=True)

    @property
    def has_site(self) -> bool:
        """Whether there is an old site."""
        return self.output.is_dir() and any(self.output.iterdir())

    def clear(self) -> None:
        """What killed builds of this folder left."""
        for kind in ("new", "old"):
            for folder in self.output.parent.glob(f".{_escaped(self.output.name)}.{kind}-{TOKEN}"):
                shutil.rmtree(folder, ignore_errors=True)
        for left in (
            f"{self.name}.{TOKEN}",
            f"{self.name}.{TOKEN}.*",
            f"{self.name}.journal.*",
            f"{self.name}.json.*",
        ):
            for file in self.work.glob(left):
                file.unlink(missing_ok=True)


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _age(file: Path) -> float:
    return file.stat().st_mtime


@contextmanager
def opened(output: Path | str | None) -> Iterator[Workspace]:
    """The workspace for an output folder, for this process alone. Raises `PrerenderError`."""
    live = conf.output_dir.resolve()
    folder = live if output is None else Path(output).resolve()
    work = conf.work_dir.resolve()
    space = Workspace(folder, folder == live, work, secrets.token_hex(4))
    with locked(str(work / "locks" / f"{space.name}.lock")) as is_alone:
        if not is_alone:
            raise PrerenderError(f"Another prerender is writing {folder}. Wait until it has ended.")
        space.recover()
        _check(space)
        space.clear()
        with _made_staging(space) as inode:
            space = replace(space, inode=inode)
            try:
                yield space
            finally:
                space.close()


def _check(space: Workspace) -> None:
    folder, work = space.output, space.work
    if folder == work or folder in work.parents or work in folder.parents:
        raise PrerenderError(f"{folder} holds, or lies in, {work}, which is never served. Choose another OUTPUT_DIR.")
    if os.path.ismount(folder):
        raise PrerenderError(f"{folder} is a mount point, which cannot be exchanged: build into a folder below it.")
    if folder.exists() and not folder.is_dir():
        raise PrerenderError(f"{folder} is a file. Choose another OUTPUT_DIR, or remove it.")
    if space.has_site and not is_ours(folder):
        raise PrerenderError(
            f"{folder} is not empty, and prerender has not written it. Nothing was changed. "
            "Empty it, or choose another folder (--output, OUTPUT_DIR)."
        )


@contextmanager
def _made_staging(space: Workspace) -> Iterator[int]:
    """The staging folder, held open, for then its number is given to no other folder even if somebody removes it."""
    try:
        space.staging.mkdir(parents=True)
    except OSError as error:
        raise PrerenderError(
            f"{space.output.parent} cannot be written ({error.strerror}): the new site is built beside the old one."
        ) from error
    handle = os.open(space.staging, os.O_RDONLY) if os.name == "posix" else None
    try:
        yield space.staging.stat().st_ino
    finally:
        if handle is not None:
            os.close(handle)


def is_ours(folder: Path) -> bool:
    first = (read_bytes(str(folder / MARKED)) or b"").split(b"\n", 1)[0]
    return first == SIGNATURE.encode()
