"""Static pages: how long each lives, as `docs/static-pages.md` says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from pagesapi.pages import StaticPage, produce, render_page, renewal, static_page
from pagesapi.pages.context import Reason
from pagesapi.pages.entry import MISSING_MAX_AGE
from pagesapi.pages.signals import page_failed
from pagesapi.pages.store import cache, file, interface
from pagesapi.pages.store.memory import MemoryStore
from pagesapi.testing import PageClock, route_tree
from project.blog.models import Post
from tests.docs.page import Page
from tests.docs.small_site import say_x, shown, urls

PAGE = Page("static-pages")
HELLO = "/articles/hello/"
STORED = "s-maxage=60, stale-while-revalidate=31535940"


@pytest.fixture
def post(db: None) -> Post:
    """Without a signal, for which the demo has receivers."""
    Post.objects.bulk_create([made := Post(title="Hello", slug="hello")])
    return made


def test_each_reason(client: Client, page_clock: PageClock, db: None) -> None:
    reasons: list[str] = []

    @static_page(revalidate=60)
    def view(request: HttpRequest) -> HttpResponse:
        reasons.append(request.static_context.reason)  # type: ignore[attr-defined]
        return HttpResponse("x")

    with urls(path("p/", view)):
        client.get("/p/")
        page_clock.advance(61)
        client.get("/p/")
        render_page("/p/")
    assert reasons == ["first-request", "stale", "on-demand"]
    rows = [line.split("|")[1].strip(' `"') for line in PAGE.source.splitlines() if line.startswith('| `"')]
    assert set(rows) >= set(Reason.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("seconds", [0, True, -1, 1.5, "60"])
def test_another_revalidate_is_refused_when_the_urlconf_is_loaded(seconds: Any) -> None:
    with pytest.raises(ValueError, match="whole seconds above 0"):
        static_page(revalidate=seconds)(lambda request: HttpResponse())
    with pytest.raises(ValueError, match="whole seconds above 0"):
        type("Wrong", (StaticPage,), {"revalidate": seconds}).as_view()  # type: ignore[attr-defined]


def test_a_stale_page_is_answered_and_then_renewed(
    site: Path, client: Client, post: Post, page_clock: PageClock
) -> None:
    client.get(HELLO)
    Post.objects.update(title="New")
    page_clock.advance(61)
    assert shown(client, HELLO) == ("<title>Hello</title>", "STALE")
    assert shown(client, HELLO) == ("<title>New</title>", "HIT")


def test_a_page_without_revalidate_is_never_stale(site: Path, client: Client, page_clock: PageClock) -> None:
    client.get("/about/")
    page_clock.advance(10 * 365 * 86400)
    assert client.get("/about/")["X-Pagesapi-Cache"] == "HIT"


def test_a_renewal_that_fails_keeps_the_copy(client: Client, page_clock: PageClock, db: None) -> None:
    failing: list[str] = []

    @static_page(revalidate=60)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("good" if not failing else failing[1])

    def told(path: str, reason: str, error: Exception, **kwargs: Any) -> None:
        failing.append(reason)

    page_failed.connect(told)
    with urls(path("p/", view)):
        client.get("/p/")
        failing.append("now")
        page_clock.advance(61)
        assert [shown(client, "/p/") for _ in range(2)] == [("good", "STALE"), ("good", "HIT")]
        assert client.get("/p/")["Cache-Control"].startswith("s-maxage=30,")
    page_failed.disconnect(told)
    assert failing == ["now", "stale"]


def test_a_first_rendering_that_fails_is_a_500(client: Client, db: None) -> None:
    @static_page
    def view(request: HttpRequest) -> HttpResponse:
        raise ValueError("broken")

    with urls(path("p/", view)):
        answer = client.get("/p/")
        assert (answer.status_code, answer["Cache-Control"]) == (500, "no-store")


def test_what_caches_are_told(client: Client, settings: Any, page_store: MemoryStore, db: None) -> None:
    def found(**options: Any) -> str:
        page_store.clear()
        with urls(path("p/", static_page(**options)(say_x))):
            return client.get("/p/")["Cache-Control"]

    assert found(revalidate=60) == STORED
    assert found() == "s-maxage=31536000"
    with route_tree({}, SHARED_MAX_AGE=30):
        assert found(revalidate=60).startswith("s-maxage=30,")
    settings.DEBUG = True
    assert found() == "no-store"
    with route_tree({}, CACHE_IN_DEBUG=True):
        assert found() == "s-maxage=31536000"


def test_the_numbers() -> None:
    numbers = "\n".join(row[1] for row in PAGE.rows_below("Numbers"))
    assert numbers.splitlines() == [
        f"{produce.WAIT:.0f} s at most",
        f"{MISSING_MAX_AGE} s at most",
        f"after {produce.SHORTEST_RETRY} to {produce.LONGEST_RETRY} s",
        f"{renewal.THREADS} a process; {renewal.MOST_WAITING:,} pages wait at most",
        f"{interface.MAX_ENTRIES:,} a store (`MAX_ENTRIES`)",
        f"{interface.MISSING_SLOTS:,}",
        f"{file.BUILDS_KEPT}",
        f"{cache.KEPT // 86400} days",
    ]
