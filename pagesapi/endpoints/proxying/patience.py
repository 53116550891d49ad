"""`Patience`: how long one exchange may wait, and how much it reads before the answer begins."""

from __future__ import annotations

import time

import httpcore

HEAD_LIMIT = 256 * 1024  # h11 takes 100 kB of headers; but any number of interim answers (1xx) before them


class Patience(float):
    """The seconds of one wait, as httpcore hands them on, untouched, to what reads and writes: see `connection`.

    With it goes the moment at which all waiting ends, so that no drip of bytes can keep an exchange alive.
    """

    ends: float | None
    unread: int | None  # bytes that may still come before the headers are complete; None: they are
    fresh: bool  # whether a connection was made for this exchange, rather than one used again

    @classmethod
    def of(cls, timeout: float, deadline: float | None) -> Patience:
        patience = cls(timeout)
        patience.ends = None if deadline is None else time.monotonic() + deadline
        patience.begin()
        return patience

    def begin(self) -> None:
        """For the next request of the same exchange."""
        self.unread = HEAD_LIMIT
        self.fresh = False

    def left(self) -> float:
        """The seconds that the next wait may take. Raises `httpcore.TimeoutException` if there are none."""
        if self.ends is None:
            return float(self)
        left = self.ends - time.monotonic()
        if left <= 0:
            raise httpcore.TimeoutException("the deadline has passed")
        return min(float(self), left)

    def count(self, size: int) -> None:
        """Bytes that were read. Raises `httpcore.RemoteProtocolError` if they are too many for headers."""
        if self.unread is not None:
            self.unread -= size
            if self.unread < 0:
                raise httpcore.RemoteProtocolError("too much before the headers were complete")
