"""`next build` of the blog's pages against `manage.py prerender` of the same, as whole commands, in turn."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from benchmarks import node
from benchmarks.blog.posts import COUNT, POSTS, posts_json
from benchmarks.built import Built, workshop
from benchmarks.measure import Figure
from benchmarks.node import NextBuild
from benchmarks.stored import BLOG

ROUNDS = 3
FEW = 10  # pages: what a build takes for itself


def figures(*, quick: bool = False) -> Iterator[Figure]:
    if why := node.missing():
        print(why)
        return
    with workshop() as builds, node.project(BLOG) as project:

        def theirs(count: int) -> NextBuild:
            (project.folder / "posts.json").write_text(posts_json(count), "utf-8")
            built = project.build()
            if (written := len(list(project.folder.glob(".next/server/pages/posts/*.html")))) != count:
                raise RuntimeError(f"next build wrote {written} of {count} pages.")
            return built

        rounds = [
            (builds.build("static_pages", BENCHMARKS_WORKERS="2"), theirs(COUNT), theirs(FEW))
            for _ in range(1 if quick else ROUNDS)
        ]
    yield from _compared(rounds)


def _compared(rounds: Sequence[tuple[Built, NextBuild, NextBuild]]) -> Iterator[Figure]:
    ours, theirs, _ = zip(*rounds, strict=True)
    name = f"{node.NAME}: next build of {COUNT:,} pages"
    seconds = [theirs.seconds / ours.command for ours, theirs, _ in rounds]
    median = statistics.median
    note = f"{median(one.seconds for one in theirs):.1f} against {median(one.command for one in ours):.1f} s"
    yield Figure.of(f"{name}: time, against manage.py prerender", "x", seconds, note=note)
    pages = [(theirs.seconds - few.seconds) / ours.seconds for ours, theirs, few in rounds]
    said = f"what {len(POSTS):,} pages take longer than {FEW}; without the start of either"
    yield Figure.of(f"{name}: time of the pages alone, against ours", "x", pages, note=said)
    cpu = [theirs.cpu / ours.command_cpu for ours, theirs, _ in rounds]
    note = f"{median(one.cpu for one in theirs):.1f} against {median(one.command_cpu for one in ours):.1f} s"
    yield Figure.of(f"{name}: CPU time, against manage.py prerender", "x", cpu, note=note)
