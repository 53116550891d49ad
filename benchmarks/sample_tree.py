"""Trees of route files in a temporary folder, which the project takes for its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.signals import setting_changed

SOURCE = "def GET(request, **params):\n    return params\n"


@contextmanager
def served(files: Mapping[str, str]) -> Iterator[Path]:
    """The project's `api/` holds these files, by name with their source. Gives that folder.

    Not `override_settings`, which would put another object between the settings and who reads them.
    """
    with tempfile.TemporaryDirectory(prefix="benchmarks_") as name:
        folder = Path(name).resolve() / "api"
        folder.mkdir()
        write(folder, files)
        settings.BASE_DIR = folder.parent
        setting_changed.send(sender=None, setting="BASE_DIR", value=settings.BASE_DIR, enter=True)
        yield folder


def write(folder: Path, files: Mapping[str, str]) -> None:
    for file, source in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")


def route_files(count: int) -> dict[str, str]:
    """So many routes, ten a folder; every other one takes a parameter."""
    return dict.fromkeys(map(_file, range(count)), SOURCE)


def _file(number: int) -> str:
    folder = f"section{number // 10:04}"
    return f"{folder}/item{number}/[id=int].py" if number % 2 else f"{folder}/item{number}.py"


def path_of(number: int) -> str:
    """The path, below the prefix, of one of `route_files`."""
    return _file(number).removesuffix(".py").replace("[id=int]", "7")
