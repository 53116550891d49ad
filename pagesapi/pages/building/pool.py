"""Worker processes: batches of pages go out, outcomes come back, never more of either than a few."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

import django
from django.apps import apps
from django.core.cache import caches
from django.db import connections

from pagesapi.exceptions import PrerenderError
from pagesapi.pages.building.interruption import uninterrupted
from pagesapi.pages.building.maker import Order, Outcome

IN_FLIGHT = 2  # batches a worker
OWN = 1000  # objects: Python 3.12 begins with some hundred frozen ones; who froze his own has far more
SMALL = 4096  # bytes of orders that any system's pipe takes at once (macOS: 8 KB)
BATCH = 32  # pages: enough that the pipe costs little, few enough that no worker waits in the end
GARBAGE = 50_000  # objects between two collections in a worker: templates make many, and few of them in circles
Orders = list[Order]


class Work(Protocol):
    def __call__(self, orders: Orders, /) -> list[Outcome]: ...


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_daemonic() -> bool:
    """Whether this process may have no children, as a worker of a task queue."""
    return bool(multiprocessing.current_process().daemon)


def run_here(start: Callable[[], Work], orders: Iterable[Order]) -> Iterator[list[Outcome]]:
    """All in this process."""
    work = start()
    for batch in batches(orders):
        yield work(batch)


def run(start: Callable[[], Work], orders: Iterable[Order], workers: int) -> Iterator[list[Outcome]]:
    """In so many processes. `start` makes each one's work there; it has to be picklable where processes are spawned.

    Raises `PrerenderError` if a worker ends before its time.
    """
    pool = Pool()
    try:
        pool.begin(start, workers)
        yield from pool.outcomes(batches(orders))
    finally:
        pool.stop()


def batches(orders: Iterable[Order]) -> Iterator[Orders]:
    batch: Orders = []
    for order in orders:
        batch.append(order)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class Pool:
    def __init__(self) -> None:
        self.is_frozen = False
        self.context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self.pipes: list[Connection] = []
        self.processes: list[Any] = []

    def begin(self, start: Callable[[], Work], workers: int) -> None:
        if is_daemonic():
            raise PrerenderError("This process may start no others, as a worker of a task queue: use workers=1.")
        _close_connections()
        self.is_frozen = gc.get_freeze_count() < OWN
        gc.freeze()  # what there is now is the workers' too, and no garbage: they need not look at it
        with warnings.catch_warnings(), uninterrupted():
            # Python warns of forks beside threads; a worker uses no lock that another thread may hold.
            warnings.simplefilter("ignore", DeprecationWarning)
            for _ in range(workers):
                self._add_worker(start)

    def _add_worker(self, start: Callable[[], Work]) -> None:
        ours, theirs = self.context.Pipe()
        self.pipes.append(ours)
        # Our ends of the pipes, which a forked worker has too: as long as they are open, no pipe ends.
        inherited = list(self.pipes) if self.context.get_start_method() == "fork" else []
        process = self.context.Process(target=_serve, args=(theirs, inherited, start), daemon=True)
        process.start()
        theirs.close()
        self.processes.append(process)

    def outcomes(self, orders: Iterator[Orders]) -> Iterator[list[Outcome]]:
        """Each worker has a batch to make and another that waits, so that it never waits for this process."""
        under_way: Counter[Any] = Counter()
        for batch in orders:
            data = pickle.dumps(batch)
            # What a pipe does not take at once would wait for a worker who waits to be rid of its outcomes.
            most = IN_FLIGHT if len(data) <= SMALL else 1
            while min(under_way[pipe] for pipe in self.pipes) >= most:
                yield from self._received(under_way)
            pipe = min(self.pipes, key=under_way.__getitem__)
            _send(pipe, data)
            under_way[pipe] += 1
        while any(under_way.values()):
            yield from self._received(under_way)

    def _received(self, under_way: Counter[Any]) -> Iterator[list[Outcome]]:
        for pipe in wait([pipe for pipe, count in under_way.items() if count]):
            under_way[pipe] -= 1
            yield _received(pipe)

    def stop(self) -> None:
        """End the workers, whatever they are at: they hold nothing that would have to be put back."""
        for pipe in self.pipes:
            pipe.close()
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join()
            process.close()
        if self.is_frozen:  # by this pool
            gc.unfreeze()


def _send(pipe: Connection, data: bytes) -> None:
    try:
        pipe.send_bytes(data)
    except OSError:
        _received(pipe)  # it may have said why it ended
        raise _ended() from None


def _received(pipe: Any) -> list[Outcome]:
    try:
        answer = pipe.recv()
    except (EOFError, OSError):
        raise _ended() from None
    if isinstance(answer, BaseException):
        raise answer
    return answer  # type: ignore[no-any-return]


def _ended() -> PrerenderError:
    return PrerenderError("A worker process was ended from outside; is there enough memory?")


def _close_connections() -> None:
    """A connection that two processes use is no connection; each makes its own."""
    connections.close_all()
    caches.close_all()


def _serve(pipe: Connection, inherited: list[Connection], start: Callable[[], Work]) -> None:
    """A worker: until the pipe ends, which it does however the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all of a terminal's processes; the parent sees to it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for connection in inherited:
        connection.close()
    if not apps.ready:  # it was spawned
        django.setup()
    try:
        work = start()
        gc.set_threshold(GARBAGE)
        while True:
            pipe.send(work(pipe.recv()))
    except (EOFError, ConnectionError):  # the parent has closed its end: it has all that it wanted, or was stopped
        return
    except Exception as error:  # noqa: BLE001 - raised again in the parent
        known = error if isinstance(error, PrerenderError) else PrerenderError(f"{type(error).__name__}: {error}")
        with suppress(ConnectionError):
            pipe.send(known)
