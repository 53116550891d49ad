"""What visitors see while a page is made: once, by one of them, and never worse than what was there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from msgspec.structs import replace
from pytest_django import Settings

from pagesapi.pages import produce, revalidate, revalidate_tag
from pagesapi.pages.produce import flights
from pagesapi.pages.shelf import get_shelf
from pagesapi.pages.signals import page_failed
from tests.pages.store.story import Story
from tests.pages.store.story import story as the_story
from tests.pages.store.visiting import Crowd, Seen, age, eventually, visit
from tests.servers.gate import TIMEOUT

pytestmark = pytest.mark.urls("tests.pages.store.story")

HOUR = 3600


@pytest.fixture(params=["FileStore", "MemoryStore"], autouse=True)
def _store(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware"]
    settings.PAGESAPI = {
        "SITE_URL": "http://testserver",
        "STORE": {"BACKEND": f"pagesapi.pages.store.{request.param}"},
    }


@pytest.fixture
def story() -> Iterator[Story]:
    the_story.reset()
    yield the_story
    the_story.may_end.set()
    eventually(lambda: not flights._open)  # a thread that lands later would meet the next test


# Missing pages


def test_two_hundred_threads_that_ask_for_a_missing_page_have_it_made_once(story: Story) -> None:
    story.may_end.clear()
    crowd = Crowd("/found/a/", 200)
    story.wait_for_beginning()
    story.may_end.set()
    seen = crowd.seen()
    assert len(seen) == 200
    assert {(status, text) for status, text, _ in seen} == {(200, "first")}
    assert story.reasons == ["first-request"]


def test_pages_of_different_paths_do_not_wait_for_one_another(story: Story) -> None:
    story.may_end.clear()
    crowds = [Crowd(f"/found/{name}/") for name in "abc"]
    for _ in crowds:
        story.wait_for_beginning()  # all of them before any may end
    story.may_end.set()
    assert [crowd.seen() for crowd in crowds] == [[Seen(200, "first", "MISS")]] * 3


def test_a_first_rendering_that_fails_is_a_500_for_all_who_wait_and_is_not_stored(story: Story) -> None:
    story.may_end.clear()
    story.error = RuntimeError("no")
    crowd = Crowd("/found/a/", 20)
    story.wait_for_beginning()
    story.may_end.set()
    assert {status for status, _, _ in crowd.seen()} == {500}
    assert get_shelf().find("/found/a/") is None
    story.error = None
    assert visit("/found/a/") == Seen(200, "first", "MISS")


def test_a_404_is_made_once_and_kept_for_its_time(story: Story) -> None:
    story.error = Http404()
    assert visit("/found/a/").status == 404
    assert visit("/found/a/").status == 404
    assert story.made == 1
    age("/found/a/", 11)
    story.error = None
    assert visit("/found/a/") == Seen(200, "first", "MISS")


# Who waits too long


def test_a_visitor_who_has_waited_too_long_is_asked_to_try_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(produce, "WAIT", 0.05)
    story.may_end.clear()
    first = Crowd("/found/a/")
    story.wait_for_beginning()
    response = Client().get("/found/a/")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"
    story.may_end.set()
    assert first.seen() == [Seen(200, "first", "MISS")]
    assert visit("/found/a/") == Seen(200, "first", "HIT")


def test_so_is_everybody_where_another_process_makes_the_page(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of them waits for the process, the others for the first, who gives up before they do."""
    monkeypatch.setattr(produce, "WAIT", 0.2)
    shelf = get_shelf()
    statuses: list[int] = []

    def come_again_and_again() -> None:
        statuses.extend(visit("/found/a/").status for _ in range(4))

    with shelf.store.lock(shelf.build.name, "/found/a/") as is_mine:
        assert is_mine
        threads = [threading.Thread(target=come_again_and_again) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [503] * 20
    assert story.made == 0
    assert visit("/found/a/") == Seen(200, "first", "MISS")


def test_what_another_process_has_just_made_is_not_made_again(story: Story) -> None:
    visit("/found/a/")
    shelf = get_shelf()
    entry = shelf.find("/found/a/")
    assert entry is not None
    revalidate("/found/a/")
    with shelf.store.lock(shelf.build.name, "/found/a/"):
        crowd = Crowd("/found/a/", 5)
        shelf.put(replace(entry, body=b"of another", marks=shelf.store.marks(entry.names)))
        assert {text for _, text, _ in crowd.seen()} == {"of another"}
    assert story.made == 1


def test_a_page_that_takes_longer_than_it_lives_is_not_made_by_one_visitor_after_the_other(story: Story) -> None:
    story.may_end.clear()
    crowd = Crowd("/short/", 20)
    story.wait_for_beginning()
    story.may_end.wait(1.1)  # it lives a second
    story.may_end.set()
    assert {(status, text) for status, text, _ in crowd.seen()} == {(200, "first")}
    assert story.reasons.count("first-request") == 1


# Revalidation while a page is made


def revalidate_path() -> None:
    revalidate("/tagged/a/")


def revalidate_its_tag() -> None:
    revalidate_tag("people")


@pytest.mark.parametrize("again", [revalidate_path, revalidate_its_tag])
def test_what_is_revalidated_while_it_is_made_is_made_again(story: Story, again: Any) -> None:
    story.may_end.clear()
    crowd = Crowd("/tagged/a/")
    story.wait_for_beginning()
    story.text = "second"
    again()
    story.may_end.set()
    assert [text for _, text, _ in crowd.seen()] == ["first"]  # he came before
    assert visit("/tagged/a/") == Seen(200, "second", "MISS")
    assert visit("/tagged/a/") == Seen(200, "second", "HIT")


@pytest.mark.parametrize("again", [revalidate_path, revalidate_its_tag])
@pytest.mark.parametrize("is_renewal", [False, True])
def test_who_comes_after_it_was_revalidated_never_gets_what_was_begun_before(
    story: Story, again: Any, is_renewal: bool
) -> None:
    if is_renewal:
        visit("/tagged/a/")
        revalidate("/tagged/a/")
        story.wait_for_beginning()
    story.may_end.clear()
    before = Crowd("/tagged/a/")
    story.wait_for_beginning()
    story.text = "second"
    again()
    after = Crowd("/tagged/a/", 5)
    story.may_end.set()
    assert [text for _, text, _ in before.seen()] == ["first"]
    assert {text for _, text, _ in after.seen()} == {"second"}


def test_who_comes_after_it_was_revalidated_does_not_get_a_renewal_that_began_before(story: Story) -> None:
    visit("/found/a/")
    story.wait_for_beginning()
    age("/found/a/", HOUR)
    story.may_end.clear()
    assert visit("/found/a/").cache == "STALE"
    story.wait_for_beginning()
    story.text = "second"
    revalidate("/found/a/")
    after = Crowd("/found/a/", 5)
    story.may_end.set()
    assert {text for _, text, _ in after.seen()} == {"second"}


def test_a_revalidated_page_that_cannot_be_made_stays_and_is_tried_again(story: Story) -> None:
    visit("/found/a/")
    story.error = RuntimeError("no")
    revalidate("/found/a/")
    assert visit("/found/a/") == Seen(200, "first", "MISS")
    assert visit("/found/a/") == Seen(200, "first", "HIT")
    assert story.made == 2
    story.error, story.text = None, "second"
    revalidate("/found/a/")
    assert visit("/found/a/") == Seen(200, "second", "MISS")


def test_a_renewal_that_fails_does_not_hide_that_its_page_was_revalidated_meanwhile(story: Story) -> None:
    visit("/found/a/")
    story.wait_for_beginning()
    age("/found/a/", HOUR)
    story.may_end.clear()
    story.error = RuntimeError("no")
    failed = threading.Event()

    def note(**kwargs: Any) -> None:
        failed.set()

    page_failed.connect(note)
    try:
        visit("/found/a/")
        story.wait_for_beginning()
        revalidate("/found/a/")
        story.may_end.set()
        assert failed.wait(TIMEOUT)
    finally:
        page_failed.disconnect(note)
    story.error, story.text = None, "second"
    assert visit("/found/a/") == Seen(200, "second", "MISS")
