"""The new site in the place of the old one, in one step; and what is to be done if a build was ended half-way."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import re
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from pagesapi.exceptions import PrerenderError
from pagesapi.files import read_bytes, replace_file
from pagesapi.pages.building.interruption import uninterrupted

AT_FDCWD = -100  # Linux: paths are relative to the working folder
RENAME_EXCHANGE = 2  # renameat2(2)
UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


class Step(Protocol):
    """What an exchange has to know: a `Workspace`."""

    @property
    def token(self) -> str: ...  # of the build, in the names of the folders
    @property
    def inode(self) -> int: ...  # of the new site's folder: by it one sees which of the two stands
    @property
    def staging(self) -> Path: ...
    @property
    def output(self) -> Path: ...
    @property
    def aside(self) -> Path: ...  # where the old site goes in between, if the two cannot be exchanged
    @property
    def record(self) -> Path: ...  # the file that names the build
    @property
    def coming(self) -> Path: ...  # what takes its place, written already: what follows needs no room on the disk
    @property
    def journal(self) -> Path: ...


def write_journal(step: Step) -> None:
    """It holds no path: whoever can write one there shall not move or remove anything else."""
    replace_file(str(step.journal), json.dumps({"token": step.token, "inode": step.inode}).encode())


def read_journal(file: Path) -> tuple[str, int] | None:
    """The token and inode of the build that was ended half-way; None if there was none."""
    try:
        journal = json.loads(read_bytes(str(file)) or b"")
        token, inode = journal["token"], journal["inode"]
    except (ValueError, TypeError, KeyError):
        return None
    return (token, inode) if re.fullmatch(r"[0-9a-f]{8}", str(token)) and isinstance(inode, int) else None


def exchange(step: Step) -> None:
    """Put the new site in the old one's place. Raises `PrerenderError`, and then the old one stands."""
    with uninterrupted(to_the_end=True):
        write_journal(step)
        try:
            _put(step)
        except OSError as error:
            _forget(step)
            raise PrerenderError(f"{step.output} cannot be replaced: {error.strerror}. {_cure(error)}") from error
        finish(step)


def _cure(error: OSError) -> str:
    if error.errno == errno.EXDEV:  # overlayfs renames no folder of a lower layer
        return "If it came with a container's image, build into a folder that the container made, or on a volume."
    return "Close what has its files open, and build again."


def _forget(step: Step) -> None:
    for file in (step.journal, step.coming):
        with suppress(OSError):
            file.unlink()


def _put(step: Step) -> None:
    if not step.output.exists():
        step.staging.rename(step.output)
    elif not exchange_folders(str(step.staging), str(step.output)):
        step.output.rename(step.aside)
        try:
            step.staging.rename(step.output)
        except OSError:
            step.aside.rename(step.output)
            raise


def exchange_folders(first: str, second: str) -> bool:
    """Swap two folders in one step (renameat2). False where the system or the file system cannot."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):  # older than glibc 2.28
        return False
    names = os.fsencode(first), os.fsencode(second)
    if libc.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), second)


def recover(step: Step) -> None:
    """Finish, or undo, what a build that was killed had begun. The caller holds the lock of the build."""
    if not step.output.exists():
        left = [folder for folder in (step.staging, step.aside) if folder.exists()]
        if not left:  # somebody removed them all
            _forget(step)
            return
        left[0].rename(step.output)
    finish(step)


def finish(step: Step) -> None:
    """The last steps, which may be done twice: the record of the build, if its site stands, and clearing up."""
    if step.output.stat().st_ino == step.inode and step.coming.exists():
        step.coming.replace(step.record)
    for folder in (step.staging, step.aside):
        shutil.rmtree(folder, ignore_errors=True)
    _forget(step)
