"""Static pages in a test: an empty store, a clock, `assert_static`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, SimpleTestCase, TestCase, override_settings
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import include, path
from pytest_django import Settings

from pagesapi.conf import conf
from pagesapi.pages import StaticPage, revalidate, static_page
from pagesapi.pages.store import MemoryStore, get_store
from pagesapi.pages.store.none import NoStore
from pagesapi.pages.store.setting import use_in_tests
from pagesapi.testing import PageClock, assert_static, page_clock, page_store, route_tree

made: list[str] = []


@static_page(revalidate=60)
def numbered(request: HttpRequest) -> HttpResponse:
    made.append(request.path)
    return HttpResponse(f"number {len(made)}")


class Listed(StaticPage):
    fallback = False
    paths: tuple[str, ...] = ("a",)

    def get_static_paths(self) -> list[dict[str, str]]:
        return [{"slug": slug} for slug in type(self).paths]

    def get_static_props(self, context: object) -> HttpResponse:
        return HttpResponse("listed")


@static_page
def gone(request: HttpRequest) -> HttpResponse:
    raise Http404


def ordinary(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ordinary")


urlpatterns = [
    path("numbered/", numbered),
    path("gone/", gone),
    path("away/", lambda request: HttpResponseRedirect("/numbered/")),
    path("ordinary/", ordinary),
    path("", include("pagesapi.urls")),
]


@pytest.fixture(autouse=True)
def _urls(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    made.clear()


def ask(url: str = "/numbered/") -> tuple[str, str | None]:
    answer = Client().get(url)
    return answer.content.decode(), answer.headers.get("X-Pagesapi-Cache")


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_store(turn: int) -> None:
    assert [ask(), ask()] == [("number 1", "MISS"), ("number 1", "HIT")]


def test_the_store_is_at_hand(page_store: MemoryStore) -> None:
    assert get_store() is page_store


def test_pages_are_kept_within_the_transaction_of_a_test(db: None) -> None:
    assert [ask(), ask()] == [("number 1", "MISS"), ("number 1", "HIT")]


def test_but_not_within_one_that_may_be_rolled_back(db: None, settings: Settings) -> None:
    with transaction.atomic():
        assert [ask()[1], ask()[1]] == [None, None]


def test_what_is_revalidated_in_a_test_is_made_anew(db: None) -> None:
    ask()
    revalidate("/numbered/")
    assert ask() == ("number 2", "MISS")
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        revalidate("/numbered/")
        assert ask() == ("number 2", "HIT")
    assert ask() == ("number 3", "MISS")


def test_a_page_is_renewed_when_its_time_is_over(page_clock: PageClock) -> None:
    assert ask() == ("number 1", "MISS")
    page_clock.advance(59)
    assert ask() == ("number 1", "HIT")
    page_clock.advance(timedelta(seconds=2))
    assert ask() == ("number 1", "STALE")
    assert ask() == ("number 2", "HIT")


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_the_clock_goes_forward_alone(seconds: float, page_clock: PageClock) -> None:
    with pytest.raises(ValueError, match=f"by so many seconds, not by {seconds:g}\\."):
        page_clock.advance(seconds)


def test_a_clock_is_put_back_at_the_end() -> None:
    ask()
    with page_clock() as clock:
        clock.advance(3600)
    assert ask() == ("number 1", "HIT")


class PlainTest(SimpleTestCase):
    """As with Django's own runner."""

    def test_a_decorator_gives_a_test_a_store_of_its_own(self) -> None:
        ask()
        with page_store():
            assert ask() == ("number 2", "MISS")
            assert ask() == ("number 2", "HIT")
        assert ask() == ("number 1", "HIT")

    @page_store()
    @page_clock(kwarg_name="clock")
    def test_a_decorator_gives_a_clock(self, clock: PageClock) -> None:
        ask()
        clock.advance(61)
        assert [ask()[1], ask()] == ["STALE", ("number 2", "HIT")]


def test_without_a_store_pages_are_made_each_time_and_kept_nowhere(settings: Settings) -> None:
    before = use_in_tests(NoStore())
    try:
        assert [ask(), ask()] == [("number 1", "MISS"), ("number 2", "MISS")]
        revalidate("/numbered/")
        call_command("revalidate", "--all", verbosity=0)
        get_store().clear()
        with pytest.raises(AssertionError, match=r"keeps no pages.*page_store\(\)"):
            assert_static("/numbered/")
    finally:
        use_in_tests(before)


def test_what_get_static_paths_lists_is_asked_anew_by_each_request() -> None:
    Listed.paths = ("a",)
    patterns = [path("listed/<slug:slug>/", Listed.as_view())]
    with override_settings(ROOT_URLCONF=type("urls", (), {"urlpatterns": patterns})):
        assert Client().get("/listed/b/").status_code == 404
        Listed.paths = ("a", "b")
        assert Client().get("/listed/b/").status_code == 200
        Listed.paths = ("a",)


def test_a_static_page_is_static() -> None:
    assert assert_static("/numbered/").content == b"number 1"
    assert assert_static("/numbered/", Client(headers={"Accept-Language": "de"})).content == b"number 1"


def test_a_static_endpoint_is_static() -> None:
    source = "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\ndef GET(request): return [1]"
    with route_tree({"numbers.py": source, "plain.py": "def GET(request): return [1]"}):
        assert assert_static("/api/numbers").json() == [1]
        with pytest.raises(AssertionError, match=r"RouteConfig\(static=True\)"):
            assert_static("/api/plain")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/ordinary/", "neither a StaticPage nor a @static_page"),
        ("/away/", "answers 302, and redirects to /numbered/"),
        ("/nothing/", "answers 404"),
    ],
)
def test_what_is_not_static_is_told_why(url: str, reason: str) -> None:
    with pytest.raises(AssertionError, match=reason):
        assert_static(url)


def test_with_debug_nothing_is_static(settings: Settings) -> None:
    settings.DEBUG = True
    with pytest.raises(AssertionError, match="CACHE_IN_DEBUG"):
        assert_static("/numbered/")


def test_a_page_that_is_made_anew_each_time_is_told(page_clock: PageClock) -> None:
    with pytest.raises(AssertionError, match=r"got it made anew \(X-Pagesapi-Cache: MISS\)"):
        assert_static("/numbered/", Impatient())


class Impatient(Client):
    """Has the page revalidated before each visit."""

    def get(self, *args: object, **options: object) -> object:  # type: ignore[override]
        revalidate("/numbered/")
        return super().get(*args, **options)  # type: ignore[arg-type]


def test_a_page_made_for_one_visitor_is_told(db: None) -> None:
    with transaction.atomic(), pytest.raises(AssertionError, match="for this visitor alone"):
        assert_static("/numbered/")
    assert Session.objects.count() == 0


@pytest.mark.parametrize("options", [{"TRAILING_SLASH": "accept"}, {"BUILD_ID": "x"}, {}])
def test_a_test_that_sets_other_options_has_the_same_store(options: dict[str, str], page_store: MemoryStore) -> None:
    with override_settings(PAGESAPI=options):
        assert [ask()[1], ask()[1]] == ["MISS", "HIT"]
        assert get_store() is page_store


def test_apps_that_a_test_sets_change_nothing_of_it(
    settings: Settings, tmp_path: Path, page_store: MemoryStore
) -> None:
    with override_settings(BASE_DIR=tmp_path):
        assert get_store() is not page_store
        with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS]):  # Django makes the apps ready anew
            assert get_store() is not page_store
    assert get_store() is page_store


def test_a_process_that_tests_nothing_has_the_projects_store() -> None:
    before = use_in_tests(None)
    teardown_test_environment()
    try:
        assert not conf.is_testing
    finally:
        setup_test_environment()
    assert conf.is_testing  # by Django's own runner too
    use_in_tests(before)
    assert conf.is_testing


def test_a_test_that_sets_a_store_has_that_one(page_store: MemoryStore) -> None:
    with override_settings(PAGESAPI={"STORE": {"BACKEND": "pagesapi.pages.store.MemoryStore"}}):
        assert get_store() is not page_store


def test_a_build_does_not_replace_the_projects_own() -> None:
    with pytest.raises(CommandError, match="Let it set BASE_DIR to a temporary folder"):
        call_command("prerender")
