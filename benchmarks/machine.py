"""What the machine's processors do: for other programs, and for one process with all of its children."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STAT = Path("/proc/stat")  # Linux; elsewhere nobody knows
IDLE, IOWAIT = 3, 4  # the columns that are no work; see proc_stat(5)


class Others:
    """What the processors did for other programs, as a share of all that they could do."""

    share = 0.0


@contextmanager
def others() -> Iterator[Others]:
    """with others() as found: subprocess.run(…); found.share → 0.02"""
    found = Others()
    before, own = _ticks(), _children()
    yield found
    if before and (after := _ticks()):
        spent = [later - earlier for earlier, later in zip(before, after, strict=True)]
        busy = (sum(spent) - spent[IDLE] - spent[IOWAIT]) / 100 - (_children() - own)  # a tick is 10 ms
        found.share = max(busy, 0) * 100 / max(sum(spent), 1)


def _ticks() -> list[int]:
    if not STAT.exists():
        return []
    with STAT.open("r", encoding="ascii") as lines:
        return [int(word) for word in lines.readline().split()[1:9]]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of(pid: int) -> float:
    """The CPU time of a process that runs, and of those it started. Linux only."""
    stats = dict(_stats())
    tick = os.sysconf("SC_CLK_TCK")
    own = {pid}
    while more := {child for child, (parent, _) in stats.items() if parent in own} - own:
        own |= more
    return sum(stats[one][1] for one in own if one in stats) / tick


def _stats() -> Iterator[tuple[int, tuple[int, int]]]:
    """Of each process its parent, and the ticks that it has worked, in its own code and in the kernel."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile
            yield int(folder.name), (int(words[1]), int(words[11]) + int(words[12]))
