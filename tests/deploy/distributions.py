"""Distributions of a test's own: installed into a folder of the path, or made into wheels."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


class SitePackages:
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder

    def install(
        self,
        name: str,
        version: str = "1.0",
        *,
        requires: Sequence[str] = (),
        extras: Sequence[str] = (),
        files: Mapping[str, str] | None = None,
        origin: Mapping[str, object] | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """`origin`: what `direct_url.json` says; `metadata`: further files of the `.dist-info`."""
        info = f"{name.replace('-', '_')}-{version}.dist-info"
        written = {**(files if files is not None else {f"{name.replace('-', '_')}/__init__.py": ""})}
        written |= {f"{info}/METADATA": metadata_of(name, version, requires, extras), f"{info}/INSTALLER": "pip\n"}
        written |= {f"{info}/{file}": text for file, text in (metadata or {}).items()}
        if origin is not None:
            written[f"{info}/direct_url.json"] = json.dumps(origin)
        record = "".join(f"{file},,\n" for file in (*written, f"{info}/RECORD"))
        for file, text in {**written, f"{info}/RECORD": record}.items():
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / file).write_text(text, "utf-8")

    def forget_files_of(self, name: str, version: str = "1.0") -> None:
        (self.folder / f"{name}-{version}.dist-info" / "RECORD").unlink()


def metadata_of(name: str, version: str, requires: Sequence[str], extras: Sequence[str] = ()) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Provides-Extra: {extra}" for extra in extras] + [f"Requires-Dist: {text}" for text in requires]
    return "\n".join(lines) + "\n"


def make_wheel(folder: Path, name: str, version: str = "1.0", *, tag: str = "py3-none-any") -> Path:
    file = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    contents = {
        f"{name}/__init__.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": metadata_of(name, version, ()),
        f"{info}/WHEEL": WHEEL.replace("py3-none-any", tag),
    }
    record = "".join(f"{each},,\n" for each in (*contents, f"{info}/RECORD"))
    with zipfile.ZipFile(file, "w") as wheel:
        for each, text in {**contents, f"{info}/RECORD": record}.items():
            wheel.writestr(each, text)
    return file
