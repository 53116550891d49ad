"""Ctrl-C and SIGTERM, held for the moments in which they must not come."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def uninterrupted(*, to_the_end: bool = False) -> Iterator[None]:
    """They wait until the block is left; `to_the_end`: what comes in it comes too late, for then all is done.

    By Python's own handlers, and not by a mask, which would hold for one thread of the process only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    came: list[int] = []
    # A handler that is not Python's own (of uWSGI, of a program that Python is a part of) could not be put back.
    known = [number for number in SIGNALS if signal.getsignal(number) is not None]
    before = {number: signal.signal(number, lambda number, frame: came.append(number)) for number in known}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if not to_the_end:
        for late in came:
            signal.raise_signal(late)
