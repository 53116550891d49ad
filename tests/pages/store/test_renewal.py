"""Stale pages: served at once, renewed once behind the visitors' backs, and never lost by a renewal that fails."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from msgspec.structs import replace
from pytest_django import Settings

from pagesapi.pages import renewal
from pagesapi.pages.shelf import get_shelf
from pagesapi.pages.signals import page_failed, page_rendered
from tests.pages.store.backends import only
from tests.pages.store.story import Story
from tests.pages.store.visiting import Crowd, Seen, age, answer_of, eventually, use, visit
from tests.servers.gate import TIMEOUT

pytestmark = [
    pytest.mark.urls("tests.pages.store.story"),
    pytest.mark.usefixtures("site"),
    only("files", "memory"),
]

HOUR = 3600


def test_a_stale_page_is_served_at_once_and_renewed_once(story: Story) -> None:
    visit("/found/a/")
    age("/found/a/", HOUR)
    story.text = "second"
    story.may_end.clear()
    assert set(Crowd("/found/a/", 50).seen()) == {Seen(200, "first", "STALE")}
    story.may_end.set()
    eventually(lambda: visit("/found/a/") == Seen(200, "second", "HIT"))
    assert story.reasons == ["first-request", "stale"]


def test_a_renewal_after_the_answer_is_made_by_the_visitor_himself_in_sync(story: Story, settings: Settings) -> None:
    use(settings, REGENERATE="sync")
    visit("/found/a/")
    age("/found/a/", HOUR)
    story.text = "second"
    answer = answer_of("/found/a/")
    assert b"".join(answer) == b"first"
    assert story.made == 1
    answer.close()  # the server has sent it
    assert story.reasons == ["first-request", "stale"]
    assert visit("/found/a/") == Seen(200, "second", "HIT")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_conditional_request_and_a_head_renew_a_stale_page_in_sync(
    story: Story, settings: Settings, method: str
) -> None:
    use(settings, REGENERATE="sync")
    etag = Client().get("/found/a/").headers["ETag"]
    age("/found/a/", HOUR)
    story.text = "second"
    response = getattr(Client(), method)("/found/a/", headers={"If-None-Match": etag})
    assert response.status_code == 304
    assert visit("/found/a/") == Seen(200, "second", "HIT")


@pytest.mark.parametrize("way", ["thread", "sync"])
def test_a_renewal_that_raises_keeps_the_good_page_and_is_tried_again(
    story: Story, settings: Settings, way: str
) -> None:
    use(settings, REGENERATE=way)
    visit("/found/a/")
    story.error = RuntimeError("the database is away")
    failed: list[str] = []

    def note(path: str, reason: str, error: Exception, **kwargs: Any) -> None:
        failed.append(f"{path} {reason} {error}")

    page_failed.connect(note)
    try:
        for attempt in (1, 2, 3):
            age("/found/a/", HOUR)
            assert visit("/found/a/") == Seen(200, "first", "STALE")
            eventually(lambda: visit("/found/a/").cache == "HIT")  # put off for a while
            assert visit("/found/a/") == Seen(200, "first", "HIT")
            assert failed == ["/found/a/ stale the database is away"] * attempt
    finally:
        page_failed.disconnect(note)
    assert story.made == 4
    story.error, story.text = None, "second"
    age("/found/a/", HOUR)
    visit("/found/a/")
    eventually(lambda: visit("/found/a/") == Seen(200, "second", "HIT"))


def test_a_renewal_that_failed_is_tried_again_within_30_seconds(story: Story, settings: Settings) -> None:
    use(settings, REGENERATE="sync")
    visit("/found/a/")
    story.error = RuntimeError("no")
    for _ in range(3):
        age("/found/a/", HOUR)
        visit("/found/a/")
    assert Client().get("/found/a/").headers["Cache-Control"].startswith("s-maxage=30,")
    story.error = None
    age("/found/a/", 29)
    assert visit("/found/a/").cache == "HIT"
    age("/found/a/", 2)
    assert visit("/found/a/").cache == "STALE"
    assert story.made == 5


def test_a_page_with_a_short_life_that_fails_is_not_tried_at_every_visit(story: Story, settings: Settings) -> None:
    use(settings, REGENERATE="sync")
    visit("/short/")
    story.error = RuntimeError("no")
    age("/short/", HOUR)
    visit("/short/")
    age("/short/", 2)
    assert visit("/short/").cache == "HIT"
    age("/short/", 2)
    assert visit("/short/").cache == "STALE"


def test_a_page_that_is_gone_when_it_is_renewed_is_a_404(story: Story, settings: Settings) -> None:
    use(settings, REGENERATE="sync")
    visit("/found/a/")
    age("/found/a/", HOUR)
    story.error = Http404()
    assert visit("/found/a/") == Seen(200, "first", "STALE")
    assert visit("/found/a/").status == 404
    story.error, story.text = None, "back"
    age("/found/a/", 11)
    assert visit("/found/a/") == Seen(200, "back", "MISS")


def test_who_hears_that_a_page_was_rendered_finds_it_stored(story: Story) -> None:
    """Else a receiver that purges a CDN fills it with the old page."""
    heard: list[Seen] = []

    def fetch(path: str, **kwargs: Any) -> None:
        heard.append(visit(path))

    page_rendered.connect(fetch)
    try:
        visit("/found/a/")
    finally:
        page_rendered.disconnect(fetch)
    assert heard == [Seen(200, "first", "HIT")]


# Clocks


@pytest.mark.parametrize("ahead", [60, HOUR, 10 * 365 * 24 * HOUR])
def test_a_clock_that_was_set_back_does_not_freeze_a_page(story: Story, settings: Settings, ahead: int) -> None:
    """The page was made at a time that has not come yet."""
    use(settings, REGENERATE="sync")
    visit("/found/a/")
    age("/found/a/", -ahead)
    story.text = "second"
    assert visit("/found/a/") == Seen(200, "first", "STALE")
    assert visit("/found/a/") == Seen(200, "second", "HIT")


def test_a_clock_that_was_set_back_does_not_freeze_a_404(story: Story) -> None:
    story.error = Http404()
    visit("/found/a/")
    age("/found/a/", -HOUR)
    story.error = None
    assert visit("/found/a/") == Seen(200, "first", "MISS")


def test_the_clock_of_another_host_may_be_a_little_ahead(story: Story) -> None:
    visit("/found/a/")
    age("/found/a/", -3)
    assert visit("/found/a/").cache == "HIT"


# What else changes under a page that is stored


def test_a_page_that_is_listed_no_longer_is_renewed_all_the_same(story: Story, settings: Settings) -> None:
    """As in the processes of an old build, whose list a later build has removed."""
    use(settings, REGENERATE="sync")
    visit("/found/a/")
    shelf = get_shelf()
    entry = shelf.find("/found/a/")
    assert entry is not None
    shelf.put(replace(entry, listed=True))
    age("/found/a/", HOUR)
    story.text = "second"
    assert visit("/found/a/") == Seen(200, "first", "STALE")
    assert visit("/found/a/") == Seen(200, "second", "HIT")


# One renewal, whoever is at it


def test_what_another_process_renews_is_left_to_it(story: Story, settings: Settings) -> None:
    use(settings, REGENERATE="sync")
    visit("/found/a/")
    age("/found/a/", HOUR)
    shelf = get_shelf()
    with shelf.store.lock(shelf.build.name, "/found/a/"):
        assert visit("/found/a/").cache == "STALE"
    assert story.made == 1
    assert visit("/found/a/").cache == "STALE"
    assert story.made == 2


def test_what_another_process_has_renewed_meanwhile_is_not_renewed_again(story: Story, settings: Settings) -> None:
    use(settings, REGENERATE="sync")
    visit("/found/a/")
    age("/found/a/", HOUR)
    answer = answer_of("/found/a/")
    age("/found/a/", -HOUR)
    answer.close()
    assert story.made == 1


def test_a_visitor_does_not_wait_for_the_renewal_of_another(story: Story, settings: Settings) -> None:
    use(settings, REGENERATE="sync")
    visit("/found/a/")
    story.wait_for_beginning()
    age("/found/a/", HOUR)
    story.may_end.clear()
    first = Crowd("/found/a/")
    story.wait_for_beginning()
    assert visit("/found/a/") == Seen(200, "first", "STALE")
    story.may_end.set()
    first.seen()
    assert story.made == 2


def test_a_process_that_ends_serves_its_last_stale_page(
    story: Story, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit("/found/a/")
    age("/found/a/", HOUR)
    ended = renewal.Pool()
    ended.submit(("build", "/"), lambda: None)
    assert ended._executor is not None
    ended._executor.shutdown()
    with monkeypatch.context() as patch:
        patch.setattr(renewal, "_pool", ended)
        assert visit("/found/a/") == Seen(200, "first", "STALE")
    assert story.made == 1
    story.text = "second"
    assert visit("/found/a/").cache == "STALE"  # nothing stands in the way of the next
    eventually(lambda: visit("/found/a/") == Seen(200, "second", "HIT"))


def test_the_child_of_a_fork_has_threads_of_its_own() -> None:
    pool = renewal.Pool()
    worked = threading.Semaphore(0)
    for _ in range(2):
        pool.submit(("build", "/"), worked.release)
        assert worked.acquire(timeout=TIMEOUT)
        pool.forget()


def test_pages_wait_for_a_thread_once_each_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "MOST_WAITING", 3)
    pool = renewal.Pool()
    began, may_end = threading.Semaphore(0), threading.Event()
    worked: list[str] = []

    def hold() -> None:
        began.release()
        may_end.wait(TIMEOUT)

    for number in range(renewal.THREADS):
        pool.submit(("build", f"/held/{number}/"), hold)
        assert began.acquire(timeout=TIMEOUT)
    for path in ("/a/", "/b/", "/a/", "/c/", "/too-many/", "/b/"):
        pool.submit(("build", path), partial(worked.append, path))
    may_end.set()
    eventually(lambda: len(worked) == 3)
    pool.submit(("build", "/a/"), partial(worked.append, "/a/"))  # it waits no more, so may come again
    eventually(lambda: len(worked) == 4)
    assert sorted(worked) == ["/a/", "/a/", "/b/", "/c/"]
