"""The memory of a build, of few pages and of many."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.built import Built, Workshop, workshop
from benchmarks.measure import Figure

FEW, MANY = 10_000, 100_000
FLAT = 1.1  # the allocator keeps a little here, a little there


def figures(many: int = MANY) -> Iterator[Figure]:
    with workshop() as builds:
        small, large = (_built(builds, count) for count in (FEW, many))
    for name, peak in (("the parent", "peak"), ("the largest worker", "peak_of_workers")):
        few, more = (getattr(built, peak) for built in (small, large))
        note = f"{more:.1f} against {few:.1f} MB"
        yield Figure.of(f"{name}'s peak: {many:,} pages, {FEW:,} pages", "x", [more / few], limit=FLAT, note=note)
    for count, built in ((FEW, small), (many, large)):
        yield Figure.of(f"{count:,} pages: pages a second", "", [count / built.seconds])


def _built(builds: Workshop, count: int) -> Built:
    built = builds.build("many", BENCHMARKS_PAGES=str(count), BENCHMARKS_WORKERS="2")
    if (written := len(built.pages())) != count:
        raise RuntimeError(f"{written} of {count} pages were built.")
    return built
