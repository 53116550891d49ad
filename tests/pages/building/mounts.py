"""File systems of a test's own."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, size: str, *, read_only: bool = False) -> Iterator[None]:
    """A tmpfs of a size."""
    options = f"size={size},{'ro' if read_only else 'rw'}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "pagesapi-tests", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def need_mounts() -> None:
    """Skip a test where no file system can be mounted; root can, so that there it is a failure of the gate."""
    if _can_mount():
        return
    if os.environ.get("PAGESAPI_CI") and os.geteuid() == 0:
        pytest.fail("This machine lets root mount no tmpfs.")
    pytest.skip("only root can mount a file system")


@functools.cache
def _can_mount() -> bool:
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "pagesapi-tests", folder], check=False, capture_output=True)
        if tried.returncode == 0:
            subprocess.run(["umount", folder], check=True)
    return tried.returncode == 0
