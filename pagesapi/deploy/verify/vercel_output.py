"""The files and functions of `.vercel/output`, under the names at which Vercel finds them."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from pagesapi.exceptions import DeployError

FUNCTION = ".func"
PRERENDER = ".prerender-config.json"
TYPES = mimetypes.MimeTypes()  # Python's own list, the same on every machine


@dataclass(frozen=True, slots=True)
class File:
    path: Path
    content_type: str


@dataclass(frozen=True, slots=True)
class Prerender:
    """A page that Vercel keeps: `function` makes it."""

    function: Path
    config: Mapping[str, Any]
    fallback: Path | None


Found = File | Prerender | Path  # a path is that of a function's folder


class Output:
    """`Output(folder).find("/static/blog.css")`"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = read_json(folder / "config.json")

    @cached_property
    def static(self) -> dict[str, File]:
        """By their paths without a slash before them, decoded."""
        overrides: Mapping[str, Mapping[str, str]] = self.config.get("overrides", {})
        found = {}
        for path, _, names in os.walk(self.folder / "static", followlinks=True):
            for name in names:
                file = Path(path, name)
                relative = file.relative_to(self.folder / "static").as_posix()
                override = overrides.get(relative, {})
                kind = override.get("contentType") or type_of(relative)
                found[override.get("path", relative)] = File(file, kind)
        return found

    @cached_property
    def functions(self) -> dict[str, Path]:
        root = self.folder / "functions"
        return {folder.relative_to(root).as_posix().removesuffix(FUNCTION): folder for folder in _functions(root)}

    def find(self, path: str) -> Found | None:
        """What there is for a decoded path. A folder's index answers for the folder, with or without a slash
        (measured on Vercel in nitrojs/nitro#4412)."""
        name = path.strip("/")
        for candidate in (name, f"{name}/index.html".lstrip("/"), f"{name}/index".lstrip("/")):
            if candidate in self.functions:
                return self._function(candidate)
            if candidate in self.static:
                return self.static[candidate]
        return None

    def _function(self, name: str) -> Path | Prerender:
        folder = self.functions[name]
        file = folder.with_name(folder.name.removesuffix(FUNCTION) + PRERENDER)
        if not file.is_file():
            return folder
        config = read_json(file)
        fallback = config.get("fallback")
        return Prerender(folder, config, None if fallback is None else file.parent / fallback)


def _functions(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        if entry.name.endswith(FUNCTION) and entry.is_dir():
            yield entry
        elif entry.is_dir():
            yield from _functions(entry)


def type_of(name: str) -> str:
    kind = TYPES.guess_type(name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind in ("application/javascript", "application/json")
    return f"{kind}; charset=utf-8" if is_text else kind


def read_json(file: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError) as error:
        raise DeployError(f"{file} cannot be read: {error}") from error
