"""A new site onto the disk, before the old one goes."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path


def flush(folder: Path) -> None:
    """Wait until the file system of a folder has written what it was given (syncfs, sync)."""
    if sys.platform == "linux":
        handle = os.open(folder, os.O_RDONLY)
        try:
            ctypes.CDLL(None).syncfs(handle)  # of this file system alone; others may have much to write
        finally:
            os.close(handle)
    elif hasattr(os, "sync"):
        os.sync()
