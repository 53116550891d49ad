"""The same work with more routes: a path matched, a folder scanned."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator

from benchmarks.measure import Figure, Run, paired
from benchmarks.same_routes import spread
from benchmarks.sample_tree import path_of, route_files, served
from pagesapi.endpoints.tree import Tree, forget_tree, get_tree

SIZES = (10, 1_000, 10_000)
CALLS = 5_000
SCANS = 5


def figures() -> Iterator[Figure]:
    yield from matching()
    yield from scanning(max(SIZES))


def matching() -> Iterator[Figure]:
    """First as many paths of each tree, spread over all of it; then every path of each tree in its turn.

    The second asks the processor's cache for more memory with more routes, which no algorithm can help.
    """
    trees = {count: _tree_of(count) for count in SIZES}
    few, *more = SIZES
    ten = {count: matches(trees[count], [path_of(at) for at in spread(few, count)]) for count in SIZES}
    every = {count: matches(trees[count], [path_of(at) for at in range(count)]) for count in SIZES}
    for many in more:
        pairs = paired(ten[many], ten[few], calls=CALLS)
        yield pairs.figure(f"one of {few} paths matched: {many:,} routes, {few} routes", limit=1.5)
    for many in more:
        pairs = paired(every[many], every[few], calls=CALLS)
        yield pairs.figure(f"every path matched in its turn: {many:,} routes, {few} routes")


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
