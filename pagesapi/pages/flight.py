"""One thread works, the others that want the same wait for what it brings."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Flight(Generic[T]):
    """A piece of work under way."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.result: T | None = None
        self.error: BaseException | None = None


class Flights(Generic[T]):
    """Work of this process, by what it is about."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._open: dict[Hashable, Flight[T]] = {}

    def join(self, key: Hashable) -> tuple[Flight[T], bool]:
        """The work on a key, and whether it is the caller's to do: then `land` has to follow."""
        with self._guard:
            flight = self._open.get(key)
            if flight is not None:
                return flight, False
            flight = self._open[key] = Flight()
            return flight, True

    def land(self, key: Hashable, work: Callable[[], T]) -> T:
        """Do the work; those who wait get its result, or know that it failed."""
        with self._guard:
            flight = self._open.setdefault(key, Flight())
        try:
            flight.result = work()
            return flight.result
        except BaseException as error:
            flight.error = error
            raise
        finally:
            with self._guard:
                if self._open.get(key) is flight:
                    del self._open[key]
            flight.landed.set()

    def reset(self) -> None:
        """In the child of a fork: nobody is left who would land."""
        self._guard = threading.Lock()
        self._open = {}


def reset_in_children(flights: Flights[T]) -> Flights[T]:
    if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no forks
        os.register_at_fork(after_in_child=flights.reset)
    return flights
