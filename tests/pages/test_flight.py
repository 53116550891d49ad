"""One thread works, the others that want the same wait for what it brings."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from pagesapi.pages.flight import Flights
from tests.servers.gate import TIMEOUT
from tests.servers.running import ROOT


@pytest.fixture
def flights() -> Flights[str]:
    return Flights()


def test_the_first_is_to_work_and_the_others_wait_for_it(flights: Flights[str]) -> None:
    flight, is_mine = flights.join("a")
    assert is_mine
    assert flights.join("a") == (flight, False)
    assert not flight.landed.is_set()
    assert flights.land("a", lambda: "done") == "done"
    assert flight.landed.is_set()
    assert (flight.result, flight.error) == ("done", None)


def test_other_work_is_not_waited_for(flights: Flights[str]) -> None:
    flights.join("a")
    assert flights.join("b")[1]
    assert flights.join(("a", "b"))[1]


def test_after_it_landed_the_next_works_anew(flights: Flights[str]) -> None:
    first, _ = flights.join("a")
    flights.land("a", lambda: "first")
    second, is_mine = flights.join("a")
    assert is_mine
    assert second is not first


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_is_raised_here_and_known_to_those_who_wait(
    flights: Flights[str], kind: type[BaseException]
) -> None:
    def fail() -> str:
        raise kind("no")

    flights.join("a")
    flight, _ = flights.join("a")
    with pytest.raises(kind):
        flights.land("a", fail)
    assert flight.landed.is_set()
    assert isinstance(flight.error, kind)
    assert flights.join("a")[1]


def test_of_many_threads_one_works_and_all_have_its_result(flights: Flights[str]) -> None:
    number = 50
    here, worked, got = threading.Barrier(number, timeout=TIMEOUT), [], []

    def ask() -> None:
        here.wait()
        flight, is_mine = flights.join("a")
        here.wait()  # until all have joined
        if is_mine:
            worked.append(threading.get_ident())
            flights.land("a", lambda: "done")
        assert flight.landed.wait(TIMEOUT)
        got.append(flight.result)

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(worked) == 1
    assert got == ["done"] * number


def test_who_joins_as_it_lands_works_or_has_a_result(flights: Flights[str]) -> None:
    """Nobody is left waiting for a flight that nobody lands."""
    got = []

    def ask() -> None:
        for _ in range(300):
            flight, is_mine = flights.join("a")
            if is_mine:
                flights.land("a", lambda: "done")
            assert flight.landed.wait(TIMEOUT)
            got.append(flight.result)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["done"] * 2400


def test_reset_forgets_what_is_under_way(flights: Flights[str]) -> None:
    flights.join("a")
    flights.reset()
    assert flights.join("a")[1]


FORKING = """
import os
from pagesapi.pages.flight import Flights, reset_in_children

flights = reset_in_children(Flights())
flights.join("a")
with flights._guard:  # as if another thread were just joining
    child = os.fork()
    if not child:
        os._exit(0 if flights.join("a")[1] else 1)
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status), flights.join("a")[1])
"""


def test_the_child_of_a_fork_waits_for_nobody() -> None:
    """The thread that works stays in the parent; a lock that it holds would be held for ever in the child."""
    done = subprocess.run(
        [sys.executable, "-c", FORKING], cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert done.stdout == "0 False\n", done.stderr
