"""Files that several processes read and write: replaced at once, locked by the system."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 1 << 20
ATTEMPTS = 20  # Windows refuses to replace a file that somebody has open


def read_bytes(path: str) -> bytes | None:
    """The content of a file; None if there is none, or a folder."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        if os.path.isdir(path):  # noqa: PTH112 - Windows opens no folder
            return None
        raise
    try:
        data = os.read(handle, 65536)
        if len(data) < 65536:
            return data
        parts = [data]
        while part := os.read(handle, CHUNK):
            parts.append(part)
        return b"".join(parts)
    except IsADirectoryError:
        return None
    finally:
        os.close(handle)


def stamp_of(path: str) -> tuple[int, int, int] | None:
    """What tells one version of a replaced file from another, without reading it; None if there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - as below
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def replace_file(path: str, data: bytes, *, mtime_ns: int | None = None) -> None:
    """Write a file anew: a reader sees the old bytes or the new ones, and so does the disk after a power cut.

    `mtime_ns`: the time that it is to bear, if not the present.
    """
    temporary = f"{path}.{os.getpid():x}.{threading.get_ident():x}"
    try:
        _write(temporary, data)
        if mtime_ns is not None:
            os.utime(temporary, ns=(mtime_ns, mtime_ns))
        _replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - texts, which take a third of the time of a Path
        raise


def _write(path: str, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        handle = os.open(path, flags, 0o644)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        handle = os.open(path, flags, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(source: str, target: str) -> None:
    if sys.platform == "win32":  # pragma: no cover
        for _ in range(ATTEMPTS):
            try:
                os.replace(source, target)  # noqa: PTH105
                return
            except PermissionError:
                time.sleep(0.005)
    os.replace(source, target)  # noqa: PTH105


@contextmanager
def locked(path: str, *, wait: bool = False) -> Iterator[bool]:
    """Hold the lock of a file; gives false, at once, if somebody else has it, unless `wait`.

    The system frees it when the process ends, however it ends. Threads exclude each other too.
    """
    handle = _open_lock(path)
    try:
        is_mine = _try_lock(handle, wait=wait)
        try:
            yield is_mine
        finally:
            if is_mine:
                _unlock(handle)
    finally:
        os.close(handle)


def _open_lock(path: str) -> int:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    try:
        return os.open(path, flags, 0o644)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        return os.open(path, flags, 0o644)


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _try_lock(handle: int, *, wait: bool) -> bool:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                if not wait:
                    return False
                time.sleep(0.01)

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
