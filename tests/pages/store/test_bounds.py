"""The bounds of a store: no crowd of paths makes it grow, and what is used is what stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from pagesapi.pages.entry import decode_entry
from pagesapi.pages.store import CacheStore, FileStore, MemoryStore, Store
from pagesapi.pages.store.interface import MISSING_SLOTS
from tests.pages.store.backends import Backend, of_bytes, of_several_processes
from tests.pages.store.elsewhere import Elsewhere
from tests.pages.store.entries import entry, missing, paths_of_one_place, place_of_missing, tick

BUILD = "build"


def kept(store: Store, paths: list[str]) -> list[str]:
    return [path for path in paths if store.get(BUILD, path) is not None]


def pages(backend: Backend) -> int:
    """How many it really keeps, whether they can be reached or not."""
    found = [decode_entry(data) for data in backend.stored().values()]
    return sum(item is not None and not item.is_missing for item in found)


def test_beyond_the_bound_the_oldest_goes(backend: Backend, tmp_path: Path) -> None:
    store = backend.store(MAX_ENTRIES=3)
    paths = [f"/{number}/" for number in range(5)]
    for path in paths:
        tick(tmp_path)
        store.put(BUILD, entry(path))
    assert kept(store, paths) == paths[2:]


def test_what_was_used_last_stays(backend: Backend, tmp_path: Path) -> None:
    store = backend.store(MAX_ENTRIES=3)
    for path in ("/a/", "/b/", "/c/"):
        tick(tmp_path)
        store.put(BUILD, entry(path))
    for path in ("/a/", "/c/"):
        tick(tmp_path)
        assert backend.store(MAX_ENTRIES=3).get(BUILD, path) is not None
    tick(tmp_path)
    store.put(BUILD, entry("/d/"))
    assert kept(store, ["/a/", "/b/", "/c/", "/d/"]) == ["/a/", "/c/", "/d/"]
    tick(tmp_path)
    store.put(BUILD, entry("/b/"))
    assert len(kept(store, ["/a/", "/b/", "/c/", "/d/"])) == 3


def test_a_page_that_is_put_anew_takes_no_other_place(backend: Backend, tmp_path: Path) -> None:
    store = backend.store(MAX_ENTRIES=3)
    for path in ("/a/", "/b/", "/c/", "/a/", "/a/", "/c/"):
        tick(tmp_path)
        store.put(BUILD, entry(path))
    assert kept(store, ["/a/", "/b/", "/c/"]) == ["/a/", "/b/", "/c/"]
    tick(tmp_path)
    store.put(BUILD, entry("/d/"))
    assert "/d/" in kept(store, ["/d/"])
    assert len(kept(store, ["/a/", "/b/", "/c/", "/d/"])) == 3


def test_a_bound_of_one_keeps_the_last(store: Store, backend: Backend) -> None:
    store = backend.store(MAX_ENTRIES=1)
    for path in ("/a/", "/b/", "/c/"):
        store.put(BUILD, entry(path))
    assert kept(store, ["/a/", "/b/", "/c/"]) == ["/c/"]


@pytest.mark.parametrize(("number", "bound"), [(1000, 100), (300, 130)])
def test_a_crowd_of_pages_leaves_as_many_as_the_bound(backend: Backend, number: int, bound: int) -> None:
    store = backend.store(MAX_ENTRIES=bound)
    paths = [f"/{index}/" for index in range(number)]
    for path in paths:
        store.put(BUILD, entry(path))
    left = kept(store, paths)
    assert paths[-1] in left
    assert bound * 0.9 <= len(left) <= bound


@of_bytes
def test_what_went_is_gone(backend: Backend) -> None:
    store = backend.store(MAX_ENTRIES=3)
    for number in range(30):
        store.put(BUILD, entry(f"/{number}/"))
        assert pages(backend) <= 3
    left = len(backend.stored())
    for number in range(30, 60):
        store.put(BUILD, entry(f"/{number}/"))
    assert len(backend.stored()) == left


@of_bytes
def test_threads_that_put_at_once_do_not_pass_the_bound(backend: Backend) -> None:
    store = backend.store(MAX_ENTRIES=3)

    def put_many(start: str) -> None:
        for number in range(40):
            store.put(BUILD, entry(f"/{start}/{number}/"))

    threads = [threading.Thread(target=put_many, args=(start,)) for start in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages(backend) <= 3


@of_several_processes
def test_processes_that_put_at_once_do_not_pass_the_bound(backend: Backend) -> None:
    with ExitStack() as stack:
        others = [stack.enter_context(Elsewhere(backend, MAX_ENTRIES=3)) for _ in range(3)]
        for number, other in enumerate(others):
            other.ask("put_many", BUILD, f"/{number}/", 100)
        for other in others:
            other.answer()
    assert 1 <= pages(backend) <= 3


def test_listed_pages_are_not_bounded_and_not_counted(backend: Backend, tmp_path: Path) -> None:
    store = backend.store(MAX_ENTRIES=2)
    listed = [f"/listed/{number}/" for number in range(50)]
    found = ["/a/", "/b/", "/c/"]
    for path in listed[:25]:
        store.put(BUILD, entry(path, listed=True))
    for path in found:
        tick(tmp_path)
        store.put(BUILD, entry(path))
    for path in listed[25:]:
        store.put(BUILD, entry(path, listed=True))
    assert kept(store, listed) == listed
    assert kept(store, found) == ["/b/", "/c/"]


def test_a_page_that_was_found_before_it_was_listed_stays(backend: Backend, tmp_path: Path) -> None:
    store = backend.store(MAX_ENTRIES=2)
    store.put(BUILD, entry("/a/"))
    store.put(BUILD, entry("/a/", listed=True))
    for number in range(5):
        tick(tmp_path)
        store.put(BUILD, entry(f"/{number}/"))
    assert store.get(BUILD, "/a/") is not None


def test_404s_take_no_place_of_a_page(backend: Backend) -> None:
    store = backend.store(MAX_ENTRIES=2)
    store.put(BUILD, entry("/a/"))
    store.put(BUILD, entry("/listed/", listed=True))
    for number in range(200):
        store.put(BUILD, missing(f"/{number}/"))
    store.put(BUILD, entry("/b/"))
    assert kept(store, ["/a/", "/b/", "/listed/"]) == ["/a/", "/b/", "/listed/"]


@of_bytes
def test_404s_of_one_place_replace_one_another(backend: Backend, store: Store) -> None:
    first, *others = paths_of_one_place(place_of_missing, 20)
    store.put(BUILD, missing(first))
    left = len(backend.stored())
    for path in others:
        store.put(BUILD, missing(path))
    assert len(backend.stored()) == left
    assert kept(store, [first, *others]) == others[-1:]


def test_404s_are_bounded_by_their_places() -> None:
    store = MemoryStore()
    paths = [f"/{number}/" for number in range(5 * MISSING_SLOTS)]
    for path in paths:
        store.put(BUILD, missing(path))
    assert 0.9 * MISSING_SLOTS < len(kept(store, paths)) <= MISSING_SLOTS


def test_a_page_that_became_a_404_makes_room(backend: Backend, tmp_path: Path) -> None:
    store = backend.store(MAX_ENTRIES=2)
    for made in (entry("/a/"), missing("/a/"), entry("/b/"), entry("/c/")):
        tick(tmp_path)
        store.put(BUILD, made)
    assert kept(store, ["/b/", "/c/"]) == ["/b/", "/c/"]


@pytest.mark.parametrize("wrong", [0, -1, True, "10", 1.5, None])
@pytest.mark.parametrize("kind", [FileStore, CacheStore, MemoryStore])
def test_a_bound_is_a_number_above_0(kind: Callable[..., Store], wrong: object) -> None:
    with pytest.raises(ValueError, match="MAX_ENTRIES is a number above 0"):
        kind(MAX_ENTRIES=wrong)
