"""The memory of a route: one that was scanned, and one that has answered, against a hand-written view's."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.built import ROOT, roomy
from benchmarks.measure import Figure
from benchmarks.same_routes import PROJECTS, ROUTES, VIEWS, write_project

FEW, MANY = 10, 1_010  # their difference is of 1,000 routes, without what one alone brings with it
STATES = {"after_one": "not yet asked for", "after_each": "has answered"}


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="benchmarks_", dir=roomy()) as name:
        folder = Path(name).resolve()
        bytes_of = {kind: _each(folder, kind) for kind in PROJECTS}
    for state, said in STATES.items():
        for kind in PROJECTS:
            yield Figure.of(f"one of {MANY:,} {kind}, {said}: memory", "B", [bytes_of[kind][state]])
        for kind in VIEWS:
            ratio = bytes_of[ROUTES][state] / bytes_of[kind][state]
            yield Figure.of(f"a route, {said}: memory, against one of as many {kind}", "x", [ratio])


def _each(folder: Path, kind: str) -> dict[str, float]:
    few, many = (_kept(write_project(folder, kind, count), kind, count) for count in (FEW, MANY))
    return {state: (many[state] - few[state]) / (MANY - FEW) for state in STATES}


def _kept(base: Path, kind: str, count: int) -> dict[str, int]:
    urlconf = [] if kind == ROUTES else ["urls"]
    command = [sys.executable, "-m", "benchmarks.kept", str(base), str(count), *urlconf]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    kept: dict[str, int] = json.loads(done.stdout)
    return kept
