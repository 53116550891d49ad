"""Distributions copied into a folder that works alone on the path."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from pagesapi.exceptions import DeployError

# Of the systems that functions run on: Amazon Linux 2 (glibc 2.26) up to Python 3.11, then 2023 (2.34).
OLDER = ("manylinux_2_26", "manylinux_2_24", "manylinux_2_17", "manylinux2014", "manylinux2010", "manylinux1")
NEWER = ("manylinux_2_34", "manylinux_2_31", "manylinux_2_28", "manylinux_2_27", *OLDER)
MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}


def check_platform(python: str, machine: str, elsewhere: Sequence[str]) -> None:
    """Raise `DeployError` unless what is installed here is what a function imports."""
    here = platform.machine().lower()
    mine = (sys.platform, MACHINES.get(here, here), "{}.{}".format(*sys.version_info))
    missing = f", and {', '.join(elsewhere)} would be missing" if elsewhere else ""
    if mine != ("linux", machine, python) or sys.implementation.name != "cpython" or missing:
        raise DeployError(
            f"The function runs on Linux ({machine}) with Python {python}, and what is installed here is for "
            f"{mine[0]} ({mine[1]}) with Python {mine[2]}{missing}. Run this on such a machine, for instance in CI; "
            "or have pip fetch what runs there: --dependencies pip"
        )


def copy_files(files: Iterable[tuple[str, Path]], target: Path, *, link: bool) -> list[str]:
    """Names and where they lie; `link`: as hard links, which cost neither time nor room."""
    names = []
    made: set[str] = set()
    try:
        for name, file in files:
            names.append(name)
            path = os.path.join(target, name)  # noqa: PTH118 - texts, for there are thousands
            folder = os.path.dirname(path)  # noqa: PTH120
            if folder not in made:
                os.makedirs(folder, exist_ok=True)  # noqa: PTH103
                made.add(folder)
            if not os.path.lexists(path) and not (link and _link(file, path)):
                shutil.copy2(file, path)
    except OSError as error:
        raise DeployError(f"{error.filename or target} cannot be copied: {error.strerror or error}.") from error
    return sorted(set(names))


def _link(source: Path, target: str) -> bool:
    try:
        os.link(source, target)
    except OSError:  # another disk, or a file of another user
        return False
    return True


def pip_install(requirements: str, target: Path, python: str, machine: str, *, alone: bool) -> None:
    """`alone`: the list names all that is needed. Raises `DeployError` with what pip says."""
    if importlib.util.find_spec("pip") is None:
        raise DeployError("There is no pip in this environment. Install it: python -m ensurepip")
    suffix = "aarch64" if machine == "arm64" else machine
    tags = NEWER if tuple(map(int, python.split("."))) >= (3, 12) else OLDER
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "requirements.txt")
        file.write_text(requirements, "utf-8")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["--no-compile", "--no-warn-script-location", "--requirement", str(file), "--target", str(target)]
        command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", python]
        command += (f"--platform={tag}_{suffix}" for tag in tags)
        command += ["--no-deps"] if alone else []
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise DeployError(f"pip could not fetch what the function needs:\n{done.stderr.strip()}")
    shutil.rmtree(target / "bin", ignore_errors=True)
