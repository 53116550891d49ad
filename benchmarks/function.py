"""A function of one route, started as AWS Lambda starts it, beside many other routes and beside none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure
from benchmarks.sample_tree import route_files, served
from pagesapi.endpoints.tree import get_tree
from pagesapi.routing.part import Part, write_part

OTHERS = 1_000
STARTS = 15
LIMIT = 1.1
NAME = "api-measured"
FILE = "measured/[id=int].py"
SOURCE = "def GET(request, id):\n    return {'id': id}\n"


def figures() -> Iterator[Figure]:
    alone, beside, whole = [], [], []
    for _ in range(STARTS):
        alone.append(_start({FILE: SOURCE}, NAME))
        beside.append(_start({FILE: SOURCE, **route_files(OTHERS)}, NAME))
        whole.append(_start({FILE: SOURCE, **route_files(OTHERS)}, "site"))
    name = f"a function's start and first answer, beside {OTHERS:,} other routes: against beside none"
    for what, runs, limit in (("", beside, LIMIT), (", serving all of them", whole, None)):
        ratios = [run["cpu"] / other["cpu"] for run, other in zip(runs, alone, strict=True)]
        yield Figure.of(f"{name}{what}", "x", ratios, limit=limit)
    yield Figure.of("route files imported", "", [run["imported"] for run in beside], limit=1)


def _start(files: Mapping[str, str], function: str) -> dict[str, Any]:
    with served(files) as folder:
        part = Part.of(get_tree().scan, [FILE])
        write_part(folder.parent / "_pagesapi", NAME, part)
        here = Path(__file__).resolve().parent.parent
        variables = {"PAGESAPI_FUNCTION": function, "BENCHMARK_BASE_DIR": str(folder.parent)}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.start_function", "/api/measured/7"],
            cwd=here,
            env={**os.environ, **variables},
            check=True,
            capture_output=True,
            text=True,
        )
    report: dict[str, Any] = json.loads(done.stdout)
    if report["status"] != 200:
        raise RuntimeError(f"The function answered {report['status']}.")
    return report
