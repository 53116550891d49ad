"""A build by several machines: each makes a part, and one joins them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pagesapi.exceptions import PrerenderError
from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.options import Shard
from pagesapi.pages.building.site import SIGNATURE
from pagesapi.pages.building.workspace import MARKED, SHARD_MANIFEST, Workspace
from pagesapi.pages.manifest import Manifest

NOTE = "shard"  # what a manifest says of itself


def write_shard(space: Workspace, shard: Shard, manifest: Manifest) -> None:
    """The list of its pages into the folder of a shard: it is carried to another machine, and not served."""
    manifest.note(NOTE, str(shard))
    manifest.checkpoint()
    (space.staging / MARKED).write_text(f"{SIGNATURE}\n# Shard {shard}: join all with --merge.\n", "utf-8")
    shutil.copyfile(manifest.file, space.staging / SHARD_MANIFEST)


class Shards:
    """All shards of one build. Raises `PrerenderError` if they are not that."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.manifests = {folder: _manifest(folder) for folder in folders}
        found = {folder: _shard(manifest) for folder, manifest in self.manifests.items()}
        counts = {shard.of for shard in found.values()}
        numbers = sorted(shard.number for shard in found.values())
        if len(counts) != 1 or numbers != list(range(1, counts.copy().pop() + 1)):
            listed = ", ".join(f"{folder} is {shard}" for folder, shard in found.items())
            raise PrerenderError(f"These are not all the shards of one build, each once: {listed}.")

    def pages(self) -> Iterator[tuple[BuiltPage, str]]:
        """Each page, with the folder that its file is in."""
        for folder, manifest in self.manifests.items():
            try:
                for page in manifest.pages():
                    yield page, str(folder)
            except (sqlite3.Error, msgspec.MsgspecError):
                raise PrerenderError(f"{manifest.file} is spoilt. Build this shard again.") from None
            finally:
                manifest.close()


def _shard(manifest: Manifest) -> Shard:
    try:
        return Shard.parse(manifest.about(NOTE) or "")
    except sqlite3.Error:
        raise PrerenderError(f"{manifest.file} is spoilt. Build this shard again.") from None


def _manifest(folder: Path) -> Manifest:
    file = folder / SHARD_MANIFEST
    if not file.is_file():
        raise PrerenderError(f"{folder} holds no shard: it is what `prerender --shard I/N --output {folder}` writes.")
    manifest = Manifest(file)
    if not manifest.is_readable:
        raise PrerenderError(f"{file} is spoilt, or of another version of pagesapi. Build this shard again.")
    return manifest
