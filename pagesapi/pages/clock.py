"""The time by which pages grow old. A test may set it ahead."""

from __future__ import annotations

import time

_ahead = 0.0  # seconds


def now() -> float:
    """Seconds since the epoch."""
    return time.time() + _ahead


def ahead() -> float:
    """Seconds by which the clock is ahead of the system's."""
    return _ahead


def set_ahead(seconds: float) -> None:
    global _ahead  # noqa: PLW0603 - the one clock, which only tests move
    _ahead = seconds
