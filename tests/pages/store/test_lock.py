"""The lock of a page: one holder among all threads and processes, and nobody waits for it."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from pagesapi.pages.store import Store
from tests.pages.store.backends import Backend, of_several_processes, only
from tests.pages.store.elsewhere import Elsewhere
from tests.pages.store.entries import entry
from tests.servers.gate import TIMEOUT

BUILD, PATH = "build", "/a/"


def is_free(store: Store, path: str = PATH, build: str = BUILD) -> bool:
    with store.lock(build, path) as is_mine:
        return is_mine


def until_free(store: Store) -> None:
    give_up = threading.Timer(TIMEOUT, lambda: None)
    give_up.start()
    while not is_free(store):
        assert give_up.is_alive(), "the lock was never freed"
    give_up.cancel()
    give_up.join()


def test_a_lock_is_free_again_after_use(store: Store) -> None:
    assert is_free(store)
    assert is_free(store)


def test_who_comes_second_is_told_so_at_once(backend: Backend) -> None:
    holder, other = backend.store(), backend.store()
    with holder.lock(BUILD, PATH) as is_mine:
        assert is_mine
        assert not is_free(holder)
        assert not is_free(other)
        assert not is_free(other)  # its try has not taken anything away
    assert is_free(other)


def test_it_is_freed_by_an_exception(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.lock(BUILD, PATH):
        _ = 1 / 0
    assert is_free(store)


def test_other_pages_and_builds_have_locks_of_their_own(store: Store) -> None:
    with store.lock(BUILD, PATH):
        assert is_free(store, "/b/")
        assert is_free(store, build="another")


def test_a_lock_keeps_nobody_from_reading_and_writing(backend: Backend, store: Store) -> None:
    with store.lock(BUILD, PATH):
        backend.store().put(BUILD, entry(PATH))
        assert backend.store().get(BUILD, PATH) is not None


def test_of_many_threads_one_gets_it(backend: Backend) -> None:
    number = 16
    tried, got = threading.Barrier(number, timeout=TIMEOUT), []

    def try_it() -> None:
        with backend.store().lock(BUILD, PATH) as is_mine:
            tried.wait()  # held until all have tried
            if is_mine:
                got.append(threading.get_ident())

    threads = [threading.Thread(target=try_it) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert is_free(backend.store())


@of_several_processes
def test_of_several_processes_one_gets_it(backend: Backend) -> None:
    with ExitStack() as stack:
        others = [stack.enter_context(Elsewhere(backend)) for _ in range(3)]
        for other in others:
            other.ask("hold", BUILD, PATH)
        assert sorted(other.answer() for other in others) == [False, False, True]
        assert not is_free(backend.store())
        for other in others:
            other.call("release")
        assert is_free(backend.store())


@of_several_processes
def test_what_is_held_here_another_process_does_not_get(backend: Backend, store: Store) -> None:
    with Elsewhere(backend) as other:
        with store.lock(BUILD, PATH):
            assert other.call("hold", BUILD, PATH) is False
            other.call("release")
            assert not is_free(store)
        assert other.call("hold", BUILD, PATH) is True
        assert not is_free(store)


@only("files")
def test_a_killed_process_holds_nothing(backend: Backend) -> None:
    store = backend.store()
    with Elsewhere(backend) as other:
        assert other.call("hold", BUILD, PATH) is True
        assert not is_free(store)
        other.kill()
        assert is_free(store)


@only("redis")
def test_what_a_killed_process_held_in_a_cache_is_free_after_its_time(backend: Backend) -> None:
    store = backend.store()
    with Elsewhere(backend, lock_seconds=1) as other:
        assert other.call("hold", BUILD, PATH) is True
        other.kill()
    until_free(store)


@only("redis")
def test_who_was_too_slow_does_not_free_the_lock_of_the_next(backend: Backend) -> None:
    """Its time ran out, and somebody else has it now."""
    store = backend.store()
    with Elsewhere(backend, lock_seconds=1) as slow:
        assert slow.call("hold", BUILD, PATH) is True
        with ExitStack() as stack:
            while not stack.enter_context(store.lock(BUILD, PATH)):
                stack.close()
            slow.call("release")
            assert not is_free(store)
    assert is_free(store)
