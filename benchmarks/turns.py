"""More than two things run in turn, round by round: every ratio is of one round, so of the same moment."""

from __future__ import annotations

import gc
import time
from collections.abc import Hashable, Mapping
from typing import TypeVar

from benchmarks.measure import Run

K = TypeVar("K", bound=Hashable)
BLOCK = 0.02  # seconds: short, since another process may take one
WARM_UP = 5  # a block is preceded by a fifth of itself, since the processor's cache holds the other things' memory


def in_turn(runs: Mapping[K, Run], rounds: int) -> dict[K, tuple[float, ...]]:
    """Seconds of CPU for one call of each thing, by round: A B C A B C …"""
    calls = {name: _calls_of_a_block(run) for name, run in runs.items()}
    gc.collect()
    gc.freeze()  # what has lived so long need not be looked at before each block
    taken: dict[K, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            taken[name].append(_seconds_a_call(run, calls[name]))
    gc.unfreeze()
    return {name: tuple(seconds) for name, seconds in taken.items()}


def _calls_of_a_block(run: Run) -> int:
    run(WARM_UP)
    count = 1
    while (seconds := _seconds(run, count)) < BLOCK / 4:
        count *= 2
    return max(1, round(count * BLOCK / seconds))


def _seconds_a_call(run: Run, calls: int) -> float:
    run(max(1, calls // WARM_UP))
    gc.collect()
    return _seconds(run, calls) / calls


def _seconds(run: Run, calls: int) -> float:
    start = time.process_time()
    run(calls)
    return time.process_time() - start
