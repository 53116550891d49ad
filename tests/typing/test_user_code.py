"""A user's project under mypy: what is right passes, and each wrong line is told, with its error."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pagesapi

HERE = Path(__file__).parent
EXPECTED = re.compile(r"  # error: (?P<codes>[a-z-]+(?:, [a-z-]+)*)$")

# One worker, so that the second run finds Django's types in the cache of the first.
pytestmark = pytest.mark.xdist_group("mypy")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has pagesapi installed, and is no part of this one; the wrong files stand beside it."""
    if importlib.util.find_spec("mypy_django_plugin") is None and not os.environ.get("PAGESAPI_CI"):
        pytest.skip("mypy and django-stubs are not installed: pip install -e '.[dev]'")
    folder = tmp_path_factory.mktemp("typing")
    for name in ("passes", "fails"):
        shutil.copytree(HERE / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "passes"


def checked(project: Path, config: str, files: str) -> dict[str, list[str]]:
    """mypy's errors: `{"handlers.py:3": ["attr-defined: …"]}`."""
    command = [sys.executable, "-m", "mypy", "--config-file", str(HERE / config), "--output", "json", files]
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "MYPYPATH")
    }
    # As if it were installed: mypy then reads its types only if it has py.typed.
    environment["PYTHONPATH"] = str(Path(pagesapi.__file__).parents[1])
    environment["MYPY_CACHE_DIR"] = str(project.parent / "cache")
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, list[str]] = {}
    for error in (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")):
        if error["severity"] == "error":
            place = f"{Path(error['file']).name}:{error['line']}"
            found.setdefault(place, []).append(f"{error['code']}: {error['message']}")
    return found


def expected(folder: Path) -> dict[str, list[str]]:
    """What the comments say: `{"handlers.py:3": ["attr-defined"]}`."""
    return {
        f"{file.name}:{number}": sorted(match["codes"].split(", "))
        for file in folder.rglob("*.py")
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if (match := EXPECTED.search(line))
    }


def test_right_code_passes_with_the_types_of_django_stubs(project: Path) -> None:
    assert checked(project, "with_django_stubs.ini", ".") == {}


def test_right_code_passes_without_django_stubs(project: Path) -> None:
    assert checked(project, "without_django_stubs.ini", ".") == {}


def test_every_wrong_line_is_told_and_no_other(project: Path) -> None:
    found = checked(project, "with_django_stubs.ini", str(Path("..", "fails")))
    wanted = expected(HERE / "fails")
    assert len(wanted) > 100  # so that a slip in reading the comments cannot empty the list
    assert {
        place: {"found": found.get(place), "expected": wanted.get(place)}
        for place in sorted(found.keys() | wanted.keys())
        if [error.partition(":")[0] for error in sorted(found.get(place, []))] != wanted.get(place)
    } == {}
