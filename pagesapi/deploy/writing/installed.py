"""A distribution that is installed here, or lies here as source: its version, its needs, its files."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from pathlib import Path
from typing import Any

from pagesapi.deploy.writing.pypa import canonicalize_name
from pagesapi.deploy.writing.pyproject import Pyproject
from pagesapi.exceptions import DeployError

# Of the machine that it was installed on; who reads metadata asks for none of these.
OF_THIS_MACHINE = {"direct_url.json", "INSTALLER", "REQUESTED", "uv_cache.json", "uv_build.json"}
MAPPING = re.compile(r"^MAPPING(?:: [^=]+)? = (\{.*\})$", re.MULTILINE)  # of setuptools' editable finders
NO_MODULES = {"tests", "test", "docs", "examples", "benchmarks", "build", "dist", "setup.py", "conftest.py"}


@dataclass(frozen=True)
class Installed:
    name: str  # as its metadata writes it
    version: str
    requires: tuple[str, ...]
    distribution: Distribution | None  # None: its source is on the path, uninstalled
    source: Pyproject | None = None

    @classmethod
    def find(cls, name: str, folders: Mapping[str, Path]) -> Installed | None:
        """`folders`: where sources are of distributions that need not be installed."""
        try:
            found = distribution(name)
        except PackageNotFoundError:
            wanted = canonicalize_name(name)
            folder = next((path for key, path in folders.items() if canonicalize_name(key) == wanted), None)
            project = Pyproject.of(folder) if folder is not None else None
            return cls(project.name, project.version, project.requires, None, project) if project else None
        return cls(found.metadata["Name"], found.version, tuple(found.requires or ()), found)

    @property
    def key(self) -> str:
        return canonicalize_name(self.name)

    @cached_property
    def _origin(self) -> dict[str, Any]:
        """`direct_url.json` (PEP 610)."""
        text = self.distribution.read_text("direct_url.json") if self.distribution is not None else None
        return json.loads(text) if text else {}

    @property
    def is_local(self) -> bool:
        """Whether no index has it: it was installed from a folder or a file here."""
        return self.distribution is None or str(self._origin.get("url", "")).startswith("file:")

    @property
    def _is_editable(self) -> bool:
        """Whether it is imported from its source."""
        return self.distribution is None or bool(self._origin.get("dir_info", {}).get("editable"))

    @property
    def pin(self) -> str:
        """ "django==5.2.1", or the URL that it was installed from, at the same commit."""
        url = self._origin.get("url")
        if url is None:
            return f"{self.key}=={self.version}"
        if "vcs_info" in self._origin:
            info = self._origin["vcs_info"]
            url = f"{info['vcs']}+{url}@{info['commit_id']}"
        elif digest := self._origin.get("archive_info", {}).get("hash"):
            url = f"{url}#{digest}"
        if folder := self._origin.get("subdirectory"):
            url += f"{'&' if '#' in url else '#'}subdirectory={folder}"
        return f"{self.key} @ {url}"

    def files(self) -> Iterator[tuple[str, Path]]:
        """Names as they are to stand in a folder on the path, and where each lies. Raises `DeployError`."""
        for name, file in self._recorded():
            if not self._is_editable or not (name.endswith(".pth") or name.startswith("__editable__")):
                yield name, file
        for top in self.modules():
            yield from _below(top)

    def _recorded(self) -> Iterator[tuple[str, Path]]:
        if self.distribution is None:
            return
        recorded = self.distribution.files
        if recorded is None:
            raise DeployError(
                f"{self.name} has no list of its files (RECORD). Install it anew: "
                f"python -m pip install --force-reinstall {self.key}=={self.version}"
            )
        files = ((item.as_posix(), Path(str(item.locate()))) for item in recorded if _is_wanted(item))
        yield from (pair for pair in files if pair[1].is_file())  # Python before 3.12 also lists what is gone

    def modules(self) -> list[Path]:
        """Packages and modules that are imported from their source: of an editable installation, or of none."""
        found = sorted(set(self._modules())) if self._is_editable else []
        if not found and self._is_editable:
            raise DeployError(
                f"It cannot be told which packages {self.name} consists of. Install it without -e "
                "(python -m pip install FOLDER), so that it says so."
            )
        return found

    def _modules(self) -> Iterator[Path]:
        if self.source is not None:
            yield from self._modules_in(self.source.file.parent, self.source)
        for name, file in self._recorded():
            if name.startswith("__editable__") and (match := _mapping(file)):
                yield from (_module(Path(path)) for path in ast.literal_eval(match).values())
            elif name.endswith(".pth"):
                for line in file.read_text("utf-8").splitlines():
                    if os.path.isdir(line):  # noqa: PTH112 - any line of text may stand there
                        root = Path(line)
                        yield from self._modules_in(root, Pyproject.of(root))

    def _modules_in(self, root: Path, project: Pyproject | None) -> Iterator[Path]:
        """Of a folder on the path."""
        named = [root / package for package in project.packages] if project is not None else []
        if self.distribution is not None and (text := self.distribution.read_text("top_level.txt")):
            named += (_module(root / name) for name in text.split())
        if not named:
            same = _module(root / self.key.replace("-", "_"))
            named = [same] if same.exists() else []
        if not named and (project is None or (root / "src").is_dir()):
            inner = root / "src" if project is not None else root
            named = [path for path in inner.iterdir() if _is_module(path)]
        yield from (path for path in named if path.exists())


def _is_wanted(file: PackagePath) -> bool:
    is_outside = file.is_absolute() or ".." in file.parts  # programs, manuals
    return not is_outside and "__pycache__" not in file.parts and file.name not in OF_THIS_MACHINE


def _mapping(file: Path) -> str | None:
    match = MAPPING.search(file.read_text("utf-8")) if file.suffix == ".py" else None
    return match[1] if match else None


def _module(path: Path) -> Path:
    """A package's folder, or the file of a module."""
    return path if path.is_dir() else path.with_name(f"{path.name}.py") if path.suffix != ".py" else path


def _is_module(path: Path) -> bool:
    if path.name.startswith(".") or path.name in NO_MODULES:
        return False
    return path.suffix == ".py" or (path.is_dir() and path.name.isidentifier() and any(path.glob("*.py")))


def _below(top: Path) -> Iterator[tuple[str, Path]]:
    if top.is_file():
        yield top.name, top
        return
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        for name in sorted(names):
            if not name.endswith((".pyc", ".pyo")) and not name.startswith("."):
                file = Path(folder, name)
                yield file.relative_to(top.parent).as_posix(), file
