"""REGENERATE = "task": stale pages are renewed by Django Tasks (6.0 and later)."""

from __future__ import annotations

from typing import Any

import pytest
from django.tasks import TaskResultStatus
from django.tasks.backends.dummy import DummyBackend
from pytest_django import Settings

from pagesapi.pages import revalidate
from pagesapi.pages.task import renew_page
from tests.pages.store.story import Story
from tests.pages.store.visiting import Crowd, Seen, age, use, visit

pytestmark = pytest.mark.urls("tests.pages.store.story")

HOUR = 3600


class Queue(DummyBackend):
    """Django's dummy, which runs nothing, as one queue of all threads."""

    waiting: list[Any] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.results = Queue.waiting


class Refusing(DummyBackend):
    """A queue that cannot be reached."""

    def enqueue(self, *args: Any, **kwargs: Any) -> Any:
        raise ConnectionError("the queue is away")


@pytest.fixture(autouse=True)
def _queue(site: Settings) -> None:
    use(site, REGENERATE="task")
    use_queue(site, f"{__name__}.Queue")
    Queue.waiting.clear()


def use_queue(settings: Settings, backend: str) -> None:
    settings.TASKS = {"default": {"BACKEND": backend}}


def run_queue() -> None:
    for result in Queue.waiting:
        result.task.call(*result.args, **result.kwargs)
    Queue.waiting.clear()


def test_django_own_backend_renews_within_the_visit(story: Story, settings: Settings) -> None:
    use_queue(settings, "django.tasks.backends.immediate.ImmediateBackend")
    visit("/found/a/")
    age("/found/a/", HOUR)
    story.text = "second"
    assert visit("/found/a/") == Seen(200, "first", "STALE")
    assert visit("/found/a/") == Seen(200, "second", "HIT")
    assert story.reasons == ["first-request", "stale"]


def test_a_stale_page_is_one_task_however_many_ask(story: Story) -> None:
    visit("/found/a/")
    age("/found/a/", HOUR)
    story.text = "second"
    seen = Crowd("/found/a/", 20).seen()
    assert {(status, text) for status, text, _ in seen} == {(200, "first")}
    assert [(result.task, result.args) for result in Queue.waiting] == [(renew_page, ["/found/a/"])]
    assert visit("/found/a/") == Seen(200, "first", "HIT")
    run_queue()
    assert visit("/found/a/") == Seen(200, "second", "HIT")
    assert story.reasons == ["first-request", "stale"]


def test_another_task_is_queued_where_the_first_is_not_run_for_long(story: Story) -> None:
    visit("/found/a/")
    for number in (1, 2, 3):
        age("/found/a/", 31)
        if number == 1:
            age("/found/a/", HOUR)
        assert visit("/found/a/") == Seen(200, "first", "STALE")
        assert visit("/found/a/") == Seen(200, "first", "HIT")
        assert len(Queue.waiting) == number


def test_a_task_that_fails_keeps_the_good_page_and_is_tried_again(story: Story) -> None:
    visit("/found/a/")
    story.error = RuntimeError("no")
    for attempt in (1, 2):
        age("/found/a/", HOUR)
        assert visit("/found/a/") == Seen(200, "first", "STALE")
        run_queue()
        assert visit("/found/a/") == Seen(200, "first", "HIT")
        assert story.made == 1 + attempt
    story.error, story.text = None, "second"
    age("/found/a/", HOUR)
    visit("/found/a/")
    run_queue()
    assert visit("/found/a/") == Seen(200, "second", "HIT")


def test_a_queue_that_is_away_costs_nobody_his_page(story: Story, settings: Settings) -> None:
    use_queue(settings, f"{__name__}.Refusing")
    visit("/found/a/")
    age("/found/a/", HOUR)
    assert visit("/found/a/") == Seen(200, "first", "STALE")
    use_queue(settings, "django.tasks.backends.immediate.ImmediateBackend")
    story.text = "second"
    age("/found/a/", 31)
    visit("/found/a/")
    assert visit("/found/a/") == Seen(200, "second", "HIT")


def test_a_page_that_somebody_is_making_is_left_to_him(story: Story) -> None:
    visit("/found/a/")
    age("/found/a/", HOUR)
    visit("/found/a/")
    story.wait_for_beginning()
    revalidate("/found/a/")
    story.may_end.clear()
    crowd = Crowd("/found/a/")
    story.wait_for_beginning()
    run_queue()
    story.may_end.set()
    assert crowd.seen() == [Seen(200, "first", "MISS")]
    assert story.reasons == ["first-request", "on-demand"]


def test_a_task_of_a_page_that_is_no_more_fails_by_itself(story: Story, settings: Settings) -> None:
    use_queue(settings, "django.tasks.backends.immediate.ImmediateBackend")
    result = renew_page.enqueue("/nowhere/")
    assert result.status == TaskResultStatus.FAILED
    assert result.errors[0].exception_class.__name__ == "PageNotFound"
