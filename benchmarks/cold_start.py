"""A process started, up to its first answer, with more and more routes, and with as many hand-written views."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.built import ROOT, roomy
from benchmarks.measure import Figure
from benchmarks.same_routes import PROJECTS, ROUTES, VIEWS, url_of, write_project

SIZES = (1, 10, 100, 1_000, 10_000)
TURNS = 9
TURNS_OF_MOST = 5  # with 10,000 a start takes seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """In seconds; of Python, Django and all."""

    cpu: float
    wall: float
    imported: int  # files of the project


def figures(*, quick: bool = False) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="benchmarks_", dir=roomy()) as name:
        folder = Path(name).resolve()
        one = write_project(folder, ROUTES, 1)
        for count in SIZES:
            turns = 3 if quick else TURNS_OF_MOST if count > 1_000 else TURNS
            yield from _of_size(folder, count, one, turns)


def _of_size(folder: Path, count: int, one: Path, turns: int) -> Iterator[Figure]:
    bases = {kind: write_project(folder, kind, count) for kind in PROJECTS}
    for kind, base in bases.items():
        _started(base, kind, count)  # Python keeps what it has compiled
    rounds = [
        {"one": _started(one, ROUTES, 1), **{kind: _started(bases[kind], kind, count) for kind in bases}}
        for _ in range(turns)
    ]
    name = f"started and answered once, {count:,} {ROUTES if count > 1 else 'route'}"
    ours = [built[ROUTES] for built in rounds]
    if count > 1:
        yield _ratio(f"{name}: one route", ours, [built["one"] for built in rounds])
    for kind in VIEWS:
        yield _ratio(f"{name}: as many {kind}", ours, [built[kind] for built in rounds])
    yield Figure.of(f"{name}: route files imported", "", [start.imported for start in ours], limit=1)


def _ratio(name: str, ours: Sequence[Start], theirs: Sequence[Start]) -> Figure:
    """By CPU time. The best of each for the note: what comes on top of it is other programs'."""
    ratios = [one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True)]
    cpu, wall = (
        [min(getattr(start, what) for start in starts) * 1e3 for starts in (ours, theirs)] for what in ("cpu", "wall")
    )
    note = f"{cpu[0]:.0f} against {cpu[1]:.0f} ms of CPU; {wall[0]:.0f} against {wall[1]:.0f} ms"
    return Figure.of(name, "x", ratios, note=note)


def _started(base: Path, kind: str, count: int) -> Start:
    urlconf = [] if kind == ROUTES else ["urls"]
    command = [sys.executable, "-m", "benchmarks.start", str(base), url_of(count // 2), *urlconf]
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    report = json.loads(done.stdout)
    if report["status"] != 200:
        raise RuntimeError(f"The process answered {report['status']}.")
    return Start(cpu=report["cpu"], wall=report["at"] - begun, imported=report["imported"])
