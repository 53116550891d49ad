"""What somebody writes who comes from Next.js, or is in a hurry; and what he is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache.backends.base import BaseCache
from django.core.checks import run_checks
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from pagesapi.exceptions import PageError, PrerenderError
from pagesapi.pages import StaticContext, StaticPage, iter_pages, prerender, static_page
from tests.pages.conftest import UseUrls, set_options


def text(request: HttpRequest, **params: Any) -> HttpResponse:
    return HttpResponse("text")


class Nextjs(StaticPage):
    template_name = "page.html"
    given: dict[str, Any] = {}

    def get_static_props(self, context: StaticContext) -> dict[str, Any]:
        return self.given


class NoClient(BaseCache):
    """As Django's RedisCache where redis is not installed."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    @property
    def _cache(self) -> Any:
        raise ModuleNotFoundError("No module named 'redis'")


@pytest.mark.parametrize("given", [{"props": {}, "revalidate": 10}, {"notFound": True}, {"redirect": {}}])
def test_what_nextjs_returns_is_told_from_template_variables(use_urls: UseUrls, given: dict[str, Any]) -> None:
    class Given(Nextjs):
        pass

    Given.given = given
    use_urls(path("p/", Given.as_view()))
    with pytest.raises(PageError, match=r"as in Next\.js\. Return the template's variables themselves"):
        Client().get("/p/")


@pytest.mark.parametrize(
    ("name", "meant"), [("getStaticProps", "get_static_props"), ("revaldate", "revalidate"), ("tag", "tags")]
)
def test_a_name_that_nothing_reads_is_named_by_the_check(use_urls: UseUrls, name: str, meant: str) -> None:
    class Page(StaticPage):
        def get_static_props(self, context: StaticContext) -> Any:
            return HttpResponse("")

    setattr(Page, name, 60)
    use_urls(path("p/", Page.as_view()))
    (message,) = (item for item in run_checks() if item.id == "pagesapi.W049")
    assert repr(name) in message.msg
    assert message.hint == f"Did you mean {meant}?"


def test_a_cache_whose_client_is_missing_is_named_by_the_check(use_urls: UseUrls, site: Settings) -> None:
    site.CACHES = {"default": {"BACKEND": f"{__name__}.NoClient"}}
    set_options(site, STORE={"BACKEND": "pagesapi.pages.store.CacheStore"})
    use_urls(path("p/", static_page(text)))
    (message,) = (item for item in run_checks() if item.id == "pagesapi.E002")
    assert "No module named 'redis'" in message.msg


def test_options_without_a_name_and_unknown_ones_are_refused() -> None:
    with pytest.raises(TypeError, match=r"static_page takes a view, not 60; .*static_page\(revalidate=60\)"):
        static_page(60)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="no option 'revalidates'; it takes paths, revalidate, fallback, tags"):
        static_page(revalidates=60)  # type: ignore[call-overload]


def test_a_value_that_the_pattern_refuses_is_not_taken_for_a_wrong_name(use_urls: UseUrls) -> None:
    use_urls(path("<slug:slug>/", static_page(paths=lambda: [{"slug": "post 0"}])(text)))
    with pytest.raises(PageError, match="The names are right; a value does not match"):
        list(iter_pages())


def test_with_debug_a_404_is_djangos_technical_page(use_urls: UseUrls, site: Settings) -> None:
    def missing(request: HttpRequest) -> HttpResponse:
        raise Http404("There is no such row.")

    site.DEBUG = True
    use_urls(path("p/", static_page(missing)))
    response = Client().get("/p/")
    assert (response.status_code, b"There is no such row." in response.content) == (404, True)


def test_a_text_in_the_place_of_a_list_is_refused(use_urls: UseUrls) -> None:
    with pytest.raises(PrerenderError, match="take lists"):
        prerender(only="/p/")
