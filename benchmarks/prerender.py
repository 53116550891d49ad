"""The 2,000 pages of `benchmarks/blog`, or 100,000, built by several packages in turn, each in a fresh process."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from benchmarks.built import Built, Workshop, workshop
from benchmarks.measure import Figure

ROUNDS = 7
TRIES = 12  # rounds at most, until so many are quiet
COUNT, MANY = 2_000, 100_000
QUIET = 0.1  # a share of the processors that other programs may have in one
BARE, OURS, ALONE = "a bare loop", "pagesapi, 2 workers", "pagesapi, 1 worker"
PEERS = {"django-distill": "distill", "django-bakery": "bakery"}

Builder = Callable[[Workshop], Built]
BUILDERS: dict[str, Builder] = {
    BARE: lambda workshop: workshop.build("bare"),
    OURS: lambda workshop: workshop.build("static_pages", BENCHMARKS_WORKERS="2"),
    ALONE: lambda workshop: workshop.build("static_pages", BENCHMARKS_WORKERS="1"),
    "django-distill": lambda workshop: workshop.build("distill"),
    "django-bakery": lambda workshop: workshop.build("bakery"),
    "the bare loop again": lambda workshop: workshop.build("bare"),
}


def figures(*, quick: bool = False) -> Iterator[Figure]:
    names = [name for name in BUILDERS if name not in PEERS or _installed(name)]
    with workshop() as builds:
        rounds = _rounds(builds, names, 3 if quick else ROUNDS, 3 if quick else TRIES)
        _check(rounds[0])
        yield Figure.of("the machine, busy with other programs", "%", [_others(built) * 100 for built in rounds])
        yield from speeds(rounds)
        yield from again(builds, [built[OURS] for built in rounds])


def figures_of_many(count: int = MANY) -> Iterator[Figure]:
    """One round of so many pages, all of them built by each."""
    with workshop() as builds, posts(count):
        names = [name for name in (BARE, OURS, *PEERS) if name not in PEERS or _installed(name)]
        built = {name: _counted(builds, name, count) for name in names}
    shares = [_others(built) * 100]
    yield Figure.of("the machine, busy with other programs", "%", shares)
    yield from (replace(figure, limit=None, at_least=None) for figure in speeds([built], count))
    for name, one in built.items():
        workers = f", each worker {one.peak_of_workers:.0f} MB" if name == OURS else ""
        note = f"with its posts, which each process has{workers}"
        yield Figure.of(f"{_titled(name)}: memory at its peak", "MB", [one.peak], note=note)


def _counted(builds: Workshop, name: str, count: int) -> Built:
    """Thrown away as soon as its pages are counted."""
    print(f"{count:,} pages by {name} …", flush=True)
    built = BUILDERS[name](builds)
    if (written := len(built.pages())) != count:
        raise RuntimeError(f"{name} wrote {written} of {count} pages.")
    builds.discard(built)
    return built


@contextmanager
def posts(count: int) -> Iterator[None]:
    """Builds that are started meanwhile have so many."""
    os.environ["BENCHMARKS_POSTS"] = str(count)
    try:
        yield
    finally:
        del os.environ["BENCHMARKS_POSTS"]


def _rounds(builds: Workshop, names: Sequence[str], wanted: int, tries: int) -> list[dict[str, Built]]:
    """Those in which nobody else used the processors much, as long as there are enough of them."""
    tried: list[dict[str, Built]] = []
    while len(tried) < tries and sum(_others(built) < QUIET for built in tried) < wanted:
        tried.append({name: BUILDERS[name](builds) for name in names})
    return sorted(tried, key=_others)[:wanted]


def _others(built: dict[str, Built]) -> float:
    return max(one.others for one in built.values())


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        print(f"{name} is not installed.")
        return False
    return True


def _check(built: dict[str, Built]) -> None:
    """Everybody has built the same."""
    counts = {name: len(one.pages()) for name, one in built.items()}
    if set(counts.values()) != {COUNT} or len({one.digest() for one in built.values()}) != 1:
        raise RuntimeError(f"Not the same pages: {counts}.")


def speeds(rounds: list[dict[str, Built]], count: int = COUNT) -> Iterator[Figure]:
    for name in rounds[0]:
        yield Figure.of(f"{_titled(name)}: pages a second", "", [count / built[name].seconds for built in rounds])
    for name in rounds[0]:
        if name not in {OURS, *PEERS}:
            yield _ratio(name, BARE, rounds) if name != BARE else _ratio(OURS, BARE, rounds, at_least=1.6)
    for name in PEERS:
        if name in rounds[0]:
            yield _ratio(OURS, name, rounds, at_least=1.5)
            if ALONE in rounds[0]:
                yield _ratio(ALONE, name, rounds)
    cpu = [built[OURS].cpu / built[BARE].cpu for built in rounds]
    yield Figure.of(f"{OURS}: CPU time, against {BARE}", "x", cpu, note="twice the speed at 1.00")


def _titled(name: str) -> str:
    return f"{name} {version(name)}" if name in PEERS else name


def _ratio(one: str, other: str, rounds: list[dict[str, Built]], at_least: float | None = None) -> Figure:
    """How many times as fast as the other."""
    ratios = [built[other].seconds / built[one].seconds for built in rounds]
    seconds = [statistics.median(built[name].seconds for built in rounds) for name in (one, other)]
    note = f"{seconds[0]:.2f} against {seconds[1]:.2f} s"
    return Figure.of(f"{one}: speed, against {other}", "x", ratios, at_least=at_least, note=note)


def again(builds: Workshop, first: list[Built]) -> Iterator[Figure]:
    """A second build of each, with nothing changed."""
    rewritten, seconds = [], []
    for built in first:
        before = _stamps(built)
        second = builds.build("static_pages", base=built.base, BENCHMARKS_WORKERS="2")
        after = _stamps(second)
        rewritten.append(sum(after.get(name) != stamp for name, stamp in before.items()))
        seconds.append(second.seconds / built.seconds)
    yield Figure.of("a second build, nothing changed: files written anew", "", rewritten, limit=0)
    yield Figure.of("a second build, nothing changed: time, against the first", "x", seconds)


def _stamps(built: Built) -> dict[str, tuple[int, int]]:
    stats = {name: file.stat() for name, file in built.pages().items()}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}
