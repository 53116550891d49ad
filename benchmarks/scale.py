"""The same work with more routes: a path matched, a folder scanned, a process started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, Run, paired
from benchmarks.sample_tree import path_of, route_files, served
from pagesapi.endpoints.tree import Tree, forget_tree, get_tree

SIZES = (10, 1_000, 10_000)
CALLS = 5_000
SCANS = 5
STARTS = 3


def figures() -> Iterator[Figure]:
    yield from matching()
    yield from scanning(max(SIZES))
    yield from starting(1_000)


def matching() -> Iterator[Figure]:
    """First as many paths of each tree, spread over all of it; then every path of each tree in its turn.

    The second asks the processor's cache for more memory with more routes, which no algorithm can help.
    """
    trees = {count: _tree_of(count) for count in SIZES}
    few, *more = SIZES
    spread = {count: matches(trees[count], [path_of(at) for at in _spread(few, count)]) for count in SIZES}
    every = {count: matches(trees[count], [path_of(at) for at in range(count)]) for count in SIZES}
    for many in more:
        pairs = paired(spread[many], spread[few], calls=CALLS)
        yield pairs.figure(f"one of {few} paths matched: {many:,} routes, {few} routes", limit=1.5)
    for many in more:
        pairs = paired(every[many], every[few], calls=CALLS)
        yield pairs.figure(f"every path matched in its turn: {many:,} routes, {few} routes")


def _spread(few: int, count: int) -> list[int]:
    """So many of `range(count)`, from its first to its last; even and odd ones alike."""
    step = count // few
    return [at * step + (step - 1 if at % 2 else 0) for at in range(few)]


def _tree_of(count: int) -> Tree:
    with served(route_files(count)):
        return get_tree()


def matches(tree: Tree, paths: list[str]) -> Run:
    if len({match[0] for match in map(tree.find, paths) if match is not None}) != len(paths):
        raise RuntimeError("A path has no route of its own.")

    def run(count: int) -> None:
        for index in range(count):
            tree.find(paths[index * 7919 % len(paths)])  # a prime: every path has its turn, none follows its neighbour

    return run


def scanning(count: int) -> Iterator[Figure]:
    """The folder read and its trie built, as at start; the file system's own cache is warm."""
    with served(route_files(count)):
        yield Figure.of(f"{count:,} files scanned", "s", [_seconds(_scan) for _ in range(SCANS)], limit=1.0)
        taken = [_megabytes(_scan) for _ in range(SCANS)]
    yield Figure.of(f"{count:,} files scanned: memory at its peak", "MB", [peak for peak, _ in taken], limit=60)
    yield Figure.of(f"{count:,} files scanned: memory kept", "MB", [kept for _, kept in taken], limit=60)


def _scan() -> None:
    forget_tree()
    get_tree()


def _seconds(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _megabytes(run: Callable[[], None]) -> tuple[float, float]:
    """At the peak, and kept."""
    forget_tree()
    tracemalloc.start()
    run()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6, kept / 1e6


def starting(count: int) -> Iterator[Figure]:
    """A process that starts, and answers one request; Python and Django themselves take most of it."""
    many, one = [], []
    for _ in range(STARTS):
        many.append(_start(count))
        one.append(_start(1))
    name = f"a process started with {count:,} routes"
    yield Figure.of(f"{name}: route files imported", "", [run["imported_at_start"] for run in many], limit=0)
    imported = [run["imported_for_one_answer"] for run in many]
    yield Figure.of(f"{name}: and after one answer", "", imported, limit=1)
    ratios = [run["cpu"] / other["cpu"] for run, other in zip(many, one, strict=True)]
    yield Figure.of(f"{name} and one answer: against one route", "x", ratios)


def _start(count: int) -> dict[str, Any]:
    with served(route_files(count)) as folder:
        command = [sys.executable, "-m", "benchmarks.start", str(folder.parent), f"/api/{path_of(count - 1)}"]
        here = Path(__file__).resolve().parent.parent
        done = subprocess.run(command, cwd=here, env={**os.environ}, check=True, capture_output=True, text=True)
    report: dict[str, Any] = json.loads(done.stdout)
    if report["status"] != 200:
        raise RuntimeError(f"The process answered {report['status']}.")
    return report
