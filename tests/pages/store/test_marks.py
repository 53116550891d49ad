"""Marks: tokens by which every process knows that something was revalidated."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.core.cache import caches

from pagesapi.pages.build import Build
from pagesapi.pages.entry import names_of
from pagesapi.pages.shelf import Shelf, State
from pagesapi.pages.store import Store
from pagesapi.pages.store.interface import EPOCH
from tests.pages.store.backends import ALIAS, Backend, InRedis, in_caches, of_bytes, of_several_processes
from tests.pages.store.elsewhere import Elsewhere
from tests.pages.store.entries import entry, paths_of_one_place, place_of_mark

NAMES = ("all", "path:/a/", "path:/b/", "tag:posts", "tag:people")


def test_a_name_has_the_same_token_until_it_is_marked(store: Store) -> None:
    first = store.marks(NAMES)
    assert store.marks(NAMES) == first
    assert store.marks(NAMES[::-1]) == first[::-1]
    assert store.marks([]) == ()
    assert store.marks(["tag:posts", "tag:posts"]) == (first[3], first[3])


@pytest.mark.parametrize("name", NAMES)
def test_a_mark_changes_the_token_of_its_name_and_no_other(store: Store, name: str) -> None:
    before = dict(zip(NAMES, store.marks(NAMES), strict=True))
    store.mark([name])
    after = dict(zip(NAMES, store.marks(NAMES), strict=True))
    assert {other for other in NAMES if before[other] != after[other]} == {name}


def test_several_names_are_marked_at_once(store: Store) -> None:
    before = store.marks(NAMES)
    store.mark(["path:/a/", "tag:posts", "tag:posts"])
    after = store.marks(NAMES)
    assert [old != new for old, new in zip(before, after, strict=True)] == [False, True, False, True, False]


def test_a_token_never_comes_back(store: Store) -> None:
    seen = set()
    for _ in range(20):
        seen.add(store.marks(["path:/a/"]))
        store.mark(["path:/a/"])
    assert len(seen) == 20


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_changes_the_epoch(store: Store, name: str) -> None:
    before = store.marks([EPOCH])
    store.mark([name])
    assert store.marks([EPOCH]) != before


def test_another_object_that_knows_the_tokens_sees_a_mark_at_once(backend: Backend) -> None:
    here, there = backend.store(), backend.store()
    assert here.marks(NAMES) == there.marks(NAMES)
    for name in NAMES:
        before = there.marks([name])
        here.mark([name])
        assert there.marks([name]) != before
        assert here.marks(NAMES) == there.marks(NAMES)
        assert here.marks([EPOCH]) == there.marks([EPOCH])


@of_several_processes
def test_another_process_sees_a_mark_at_once(backend: Backend, store: Store) -> None:
    with Elsewhere(backend) as other:
        assert other.call("marks", NAMES) == list(store.marks(NAMES))
        other.call("mark", ["path:/a/"])
        marked = store.marks(NAMES)
        assert other.call("marks", NAMES) == list(marked)
        store.mark(["tag:posts", "all"])
        assert other.call("marks", NAMES) == list(store.marks(NAMES)) != list(marked)


def test_marks_are_those_of_every_build(store: Store) -> None:
    """A post that was changed is changed for the old process and for the new one, during a deploy."""
    old, new = shelf_of(store, "old"), shelf_of(store, "new")
    for shelf in (old, new):
        shelf.put(entry("/a/", marks=store.marks(names_of("/a/", ()))))
    store.mark(["path:/a/"])
    for shelf in (old, new):
        found = shelf.find("/a/")
        assert found is not None
        assert shelf.state(found) is State.OUTDATED


def test_paths_that_share_a_place_are_marked_together(store: Store) -> None:
    """So that marks are bounded: at worst a page is made once more than it had to."""
    first, second = paths_of_one_place(place_of_mark, 2)
    before = store.marks([f"path:{first}", f"path:{second}"])
    store.mark([f"path:{first}"])
    after = store.marks([f"path:{first}", f"path:{second}"])
    assert after[0] == after[1] != before[1]


@of_bytes
def test_marks_do_not_grow_with_the_paths_that_are_marked(backend: Backend, store: Store) -> None:
    first, *others = paths_of_one_place(place_of_mark, 20)
    store.mark([f"path:{first}"])
    kept = len(everything(backend))
    for path in others:
        store.mark([f"path:{path}"])
    assert len(everything(backend)) == kept


def everything(backend: Backend) -> set[str]:
    return set(backend.stored()) | set(backend.every_key() if hasattr(backend, "every_key") else [])


def test_threads_that_ask_while_others_mark_never_keep_an_old_token(store: Store) -> None:
    """Whoever asks after a mark has returned gets its token, whatever he read meanwhile."""
    stop, wrong = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            store.marks(NAMES)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for thread in askers:
        thread.start()
    for number in range(40):
        name = NAMES[number % len(NAMES)]
        before = store.marks([name])
        store.mark([name])
        if store.marks([name]) == before:
            wrong.append(name)
    stop.set()
    for thread in askers:
        thread.join()
    assert wrong == []


# What a cache forgets


def shelf_of(store: Store, name: str = "build") -> Shelf:
    return Shelf(store, Build(name, None, Path("out")))


def made_now(store: Store, path: str) -> tuple[str, ...]:
    marks = store.marks(names_of(path, ("posts",)))
    store.put("build", entry(path, tags=("posts",), marks=marks, listed=True))
    return marks


def mark_keys(backend: InRedis) -> list[str]:
    return [key.removeprefix(":1:") for key in backend.every_key() if ":mark:" in key]


@in_caches
def test_a_cache_that_forgets_its_marks_makes_pages_outdated_never_fresh(backend: InRedis) -> None:
    store = backend.store()
    made_now(store, "/a/")
    caches[ALIAS].delete_many(mark_keys(backend))
    for process in (store, backend.store()):
        shelf = shelf_of(process)
        found = shelf.find("/a/")
        assert found is not None
        assert shelf.state(found) is State.OUTDATED


@in_caches
def test_a_page_is_not_fresh_again_where_its_mark_was_made_and_then_forgotten(backend: InRedis) -> None:
    store, other = backend.store(), backend.store()
    made_now(store, "/a/")
    other.mark(["path:/a/"])
    for key in mark_keys(backend):
        caches[ALIAS].delete(key)
        for process in (store, other, backend.store()):
            shelf = shelf_of(process)
            found = shelf.find("/a/")
            assert found is not None
            assert shelf.state(found) is State.OUTDATED


@in_caches
def test_processes_agree_on_the_tokens_after_the_cache_forgot_one_of_them(backend: InRedis) -> None:
    """Otherwise each would take the other's pages for outdated, and make them anew, for ever."""
    old = backend.store()
    made_now(old, "/a/")
    for key in mark_keys(backend):
        caches[ALIAS].delete(key)
        new = backend.store()
        made_now(new, "/a/")
        names = names_of("/a/", ("posts",))
        assert old.marks(names) == new.marks(names)
        for store in (old, new):
            shelf = shelf_of(store)
            found = shelf.find("/a/")
            assert found is not None
            assert shelf.state(found) is State.FRESH
