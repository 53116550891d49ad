"""The new site in the place of the old one, in one step; and what is to be done if a build was ended half-way."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import json
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pagesapi.exceptions import PrerenderError
from pagesapi.files import read_bytes, replace_file
from pagesapi.pages.building.interruption import uninterrupted

AT_FDCWD = -100  # Linux: paths are relative to the working folder
RENAME_EXCHANGE = 2  # renameat2(2)
UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


@dataclass(frozen=True, slots=True)
class Journal:
    """Written before the first step, removed after the last."""

    staging: str
    output: str
    aside: str  # where the old site goes in between, if the two cannot be exchanged
    inode: int  # of the new site's folder: by it one sees which of the two stands
    record: str  # the file that names the build; empty: none
    coming: str  # the file that takes its place, written already: what follows the exchange needs no room on the disk

    def write(self, file: Path) -> None:
        replace_file(str(file), json.dumps(asdict(self)).encode())

    @classmethod
    def read(cls, file: Path) -> Journal | None:
        try:
            return cls(**json.loads(read_bytes(str(file)) or b""))
        except (ValueError, TypeError):
            return None


def exchange(journal: Journal, file: Path) -> None:
    """Put the new site in the old one's place. Raises `PrerenderError`, and then the old one stands."""
    with uninterrupted():
        journal.write(file)
        try:
            _put(journal)
        except OSError as error:
            _forget(journal, file)
            raise PrerenderError(
                f"{journal.output} cannot be replaced: {error.strerror}. "
                "Close what has its files open, and build again."
            ) from error
        finish(journal, file)


def _forget(journal: Journal, file: Path) -> None:
    for name in (file, journal.coming):
        with suppress(OSError):
            Path(name).unlink()


def _put(journal: Journal) -> None:
    if not Path(journal.output).exists():
        Path(journal.staging).rename(journal.output)
    elif not exchange_folders(journal.staging, journal.output):
        Path(journal.output).rename(journal.aside)
        try:
            Path(journal.staging).rename(journal.output)
        except OSError:
            Path(journal.aside).rename(journal.output)
            raise


def exchange_folders(first: str, second: str) -> bool:
    """Swap two folders in one step (renameat2). False where the system or the file system cannot."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):  # musl before 1.2.?, glibc before 2.28
        return False
    names = os.fsencode(first), os.fsencode(second)
    if libc.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), second)


def recover(file: Path) -> None:
    """Finish, or undo, what a build that was killed had begun. The caller holds the lock of the build."""
    journal = Journal.read(file)
    if journal is None:
        with suppress(FileNotFoundError):
            file.unlink()
        return
    output, staging, aside = Path(journal.output), Path(journal.staging), Path(journal.aside)
    if not output.exists():
        left = [folder for folder in (staging, aside) if folder.exists()]
        if not left:  # somebody removed them all
            _forget(journal, file)
            return
        left[0].rename(output)
    finish(journal, file)


def finish(journal: Journal, file: Path) -> None:
    """The last steps, which may be done twice: the record of the build, if its site stands, and clearing up."""
    if Path(journal.output).stat().st_ino == journal.inode and Path(journal.coming).exists():
        Path(journal.coming).replace(journal.record)
    for folder in (journal.staging, journal.aside):
        shutil.rmtree(folder, ignore_errors=True)
    _forget(journal, file)
