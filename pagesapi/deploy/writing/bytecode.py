"""Source compiled beforehand: a function's folder is read-only, so each start would compile all of it again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def compile_folder(folder: Path, python: str) -> bool:
    """Write a `__pycache__` beside every module. False where the function has another Python than this one.

    The files do not look at their sources' times, which an upload changes (PEP 552), and name no folder of this
    machine. A file that is no Python is left for whoever imports it.
    """
    if python != "{}.{}".format(*sys.version_info):
        return False
    compiling = [sys.executable, "-m", "compileall", "-q", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*compiling, "-s", str(folder), "."], cwd=folder, check=False)  # noqa: S603 - our own words
    return True
