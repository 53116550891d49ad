"""Two things run in turn, block by block, so that whatever slows the machine slows both."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PAIRS = 41  # odd, so that the median is one of them; many short blocks, since another process may take one
WARM_UP = 100  # calls before each block: the processor's cache holds the other thing's memory

Run = Callable[[int], None]  # does the thing so many times


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    unit: str  # "x" for a ratio
    lowest: float
    highest: float
    limit: float | None = None  # the largest value that will do
    at_least: float | None = None  # the smallest
    note: str = ""

    @property
    def holds(self) -> bool:
        return (self.limit is None or self.value <= self.limit) and (
            self.at_least is None or self.value >= self.at_least
        )

    @classmethod
    def of(
        cls,
        name: str,
        unit: str,
        values: Sequence[float],
        *,
        limit: float | None = None,
        at_least: float | None = None,
        note: str = "",
    ) -> Figure:
        """The median of these."""
        return cls(
            name=name,
            value=statistics.median(values),
            unit=unit,
            lowest=min(values),
            highest=max(values),
            limit=limit,
            at_least=at_least,
            note=note,
        )


@dataclass(frozen=True, slots=True)
class Pairs:
    """Seconds of CPU for one call of each thing, by block."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        return [one / other for one, other in zip(self.ours, self.theirs, strict=True)]

    def figure(self, name: str, limit: float | None = None) -> Figure:
        ours, theirs = (statistics.median(times) * 1e6 for times in (self.ours, self.theirs))
        return Figure.of(name, "x", self.ratios, limit=limit, note=f"{ours:.1f} against {theirs:.1f} µs")


def paired(ours: Run, theirs: Run, *, calls: int, pairs: int = PAIRS) -> Pairs:
    """A B A B …: so many blocks of each, of so many calls."""
    blocks = [(_seconds_a_call(ours, calls), _seconds_a_call(theirs, calls)) for _ in range(pairs)]
    return Pairs(tuple(one for one, _ in blocks), tuple(other for _, other in blocks))


def _seconds_a_call(run: Run, calls: int) -> float:
    run(WARM_UP)
    gc.collect()
    start = time.process_time()
    run(calls)
    return (time.process_time() - start) / calls
