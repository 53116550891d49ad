"""Several processes that serve one site: a page is made by one of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from pagesapi.pages.build import UNBUILT, Build
from pagesapi.pages.shelf import Shelf, State
from tests.pages.store.backends import Backend, of_several_processes, only
from tests.pages.store.visiting import eventually
from tests.pages.store.workers import MOST, Workers
from tests.servers.wire import Answer, Connection, CutOff

VISITORS = 200


@pytest.fixture
def workers(backend: Backend, tmp_path: Path) -> Iterator[Workers]:
    with Workers(tmp_path, backend) as workers:
        yield workers


@of_several_processes
def test_two_hundred_visitors_of_four_processes_have_a_missing_page_made_once(workers: Workers) -> None:
    with ExitStack() as stack:
        visitors = [stack.enter_context(workers.ask("/counted/a/")) for _ in range(VISITORS)]
        with workers.rendering():
            eventually(workers.are_all_asked)
        answers = [visitor.answer() for visitor in visitors]
    assert {(answer.status, answer.body) for answer in answers} == {(200, b"The page a")}
    assert [slug for slug, _ in workers.renderings()] == ["a"]


@only("files")
def test_a_process_killed_while_it_makes_a_page_keeps_nobody_waiting(workers: Workers) -> None:
    """Visitors of the other processes have it made at once by one of theirs."""
    with ExitStack() as stack:
        visitors = [stack.enter_context(workers.ask("/counted/a/")) for _ in range(VISITORS)]
        rendering = stack.enter_context(workers.rendering())
        eventually(workers.are_all_asked)
        ((_, process),) = workers.renderings()
        os.kill(process, signal.SIGKILL)  # a worker of the server that this test started
        assert rendering.recv(1) == b""
        workers.rendering().close()
        answers = [answer for answer in map(answer_of, visitors) if answer is not None]
    assert len(answers) >= VISITORS - MOST
    assert {(answer.status, answer.body) for answer in answers} == {(200, b"The page a")}
    assert len(workers.renderings()) == 2


@of_several_processes
def test_two_hundred_visitors_of_four_processes_have_a_stale_page_at_once_and_it_is_renewed_once(
    workers: Workers, backend: Backend
) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(workers.ask("/counted/a/"))
        workers.rendering().close()
        assert first.answer().status == 200
        make_stale(backend, "/counted/a/")
        visitors = [stack.enter_context(workers.ask("/counted/a/")) for _ in range(VISITORS)]
        with workers.rendering():  # under way as long as they are answered
            said = {visitor.answer().head.get("X-Pagesapi-Cache") for visitor in visitors}
        assert said == {"STALE"}
    eventually(lambda: state_of(backend, "/counted/a/") is State.FRESH)
    assert [slug for slug, _ in workers.renderings()] == ["a", "a"]


@of_several_processes
def test_what_is_revalidated_in_one_process_is_made_anew_by_every_other(workers: Workers, backend: Backend) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(workers.ask("/counted/a/"))
        workers.rendering().close()
        first.answer()
        backend.store().mark(["path:/counted/a/"])
        visitors = [stack.enter_context(workers.ask("/counted/a/")) for _ in range(VISITORS)]
        with workers.rendering():
            eventually(workers.are_all_asked)
        said = {visitor.answer().head.get("X-Pagesapi-Cache") for visitor in visitors}
    assert said <= {"MISS", "HIT"}
    assert len(workers.renderings()) == 2


def answer_of(visitor: Connection) -> Answer | None:
    """None for who had come to the process that was killed."""
    try:
        return visitor.answer()
    except CutOff:
        return None


def make_stale(backend: Backend, path: str) -> None:
    store = backend.store()
    entry = store.get(UNBUILT, path)
    assert entry is not None
    store.put(UNBUILT, replace(entry, rendered_at=entry.rendered_at - 3600))


def state_of(backend: Backend, path: str) -> State:
    shelf = Shelf(backend.store(), Build(UNBUILT, None, Path("out")))
    entry = shelf.find(path)
    assert entry is not None
    return shelf.state(entry)
