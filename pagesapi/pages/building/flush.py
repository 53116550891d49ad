"""A new site onto the disk, before the old one goes."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path


def flush(folder: Path) -> None:
    """Wait until the file system of a folder has written what it was given (syncfs, sync).

    Raises `OSError` where it cannot: a disk may be found full only now.
    """
    if sys.platform == "linux":
        handle = os.open(folder, os.O_RDONLY)
        try:
            # Of this file system alone; others may have much to write.
            if ctypes.CDLL(None, use_errno=True).syncfs(handle) != 0:
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), str(folder))
        finally:
            os.close(handle)
    elif hasattr(os, "sync"):
        os.sync()
