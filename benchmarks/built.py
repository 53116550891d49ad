"""Builds, each in a fresh process and a folder of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import others

ROOT = Path(__file__).resolve().parent.parent
ROOM = 4_000_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What one build took."""

    base: Path  # the project's BASE_DIR
    seconds: float  # without the start of Python and Django
    command: float  # seconds, with them
    cpu: float  # seconds of all its processes, without the start
    command_cpu: float  # seconds, with it
    peak: float  # MB of memory, of the process that was started
    peak_of_workers: float  # MB, of the largest of its children
    others: float  # the share of the processors that other programs had meanwhile

    @property
    def out(self) -> Path:
        return self.base / "out"

    def pages(self) -> dict[str, Path]:
        return {str(file.relative_to(self.out)): file for file in sorted(self.out.glob("*/*/index.html"))}

    def digest(self) -> str:
        """Of all pages, their names and their bytes."""
        digest = hashlib.sha256()
        for name, file in self.pages().items():
            digest.update(f"{name}\n".encode() + file.read_bytes())
        return digest.hexdigest()


class Workshop:
    """workshop.build("bare") → Built; again in its folder: workshop.build("bare", base=built.base)"""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def build(self, urlconf: str, *, base: Path | None = None, **environment: str) -> Built:
        if base is None:
            self._count += 1
            base = self._folder / str(self._count)
            base.mkdir()
        command = [sys.executable, "-m", "benchmarks.build", str(base / "out")]
        named = {"BENCHMARKS_URLCONF": urlconf, "BENCHMARKS_BASE": str(base), **environment}
        begun = time.perf_counter()
        with others() as found:
            done = subprocess.run(
                command, cwd=ROOT, env={**os.environ, **named}, stdout=subprocess.PIPE, check=True, text=True
            )
        command_took = time.perf_counter() - begun
        return Built(base=base, command=command_took, others=found.share, **json.loads(done.stdout))

    def discard(self, built: Built) -> None:
        """Where so much is built that it would fill the disk."""
        shutil.rmtree(built.base)


def roomy() -> str | None:
    """Where many files are written: where TMPDIR says, or else in memory, so that no disk blurs what is measured."""
    memory = Path("/dev/shm")  # noqa: S108 - Linux has it; the folders in it have names of their own
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < ROOM:
        return None
    return str(memory)


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Deletes nothing before the end: ext4 is slow to make files for minutes after as many were deleted."""
    with tempfile.TemporaryDirectory(prefix="benchmarks_", dir=roomy()) as folder:
        yield Workshop(Path(folder).resolve())
