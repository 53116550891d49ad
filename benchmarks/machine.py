"""Whether the machine has other things to do."""

from __future__ import annotations

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
