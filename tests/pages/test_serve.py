"""A visitor's request: stored bytes, their headers, and what is not stored."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.test import AsyncClient, Client
from django.urls import path, re_path
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from pytest_django import Settings

from pagesapi.exceptions import PageError
from pagesapi.pages import StaticPage, listing, prerender, produce, revalidate, static_page
from pagesapi.pages.build import get_build
from pagesapi.pages.signals import page_rendered
from pagesapi.pages.store import MemoryStore, get_store
from tests.machinery.asking import Ask
from tests.pages.conftest import Sent, UseMiddleware, UseUrls, make_older, set_options
from tests.pages.site.converters import ROMAN
from tests.pages.site.counted import Counted

pytestmark = pytest.mark.usefixtures("site")

SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
SIXTY = "s-maxage=60, stale-while-revalidate=31535940"
YEAR = "s-maxage=31536000"


@pytest.fixture
def view(use_urls: UseUrls) -> Counted:
    """The page /p/, renewed every minute."""
    counted = Counted()
    use_urls(path("p/", static_page(revalidate=60)(counted)))
    return counted


def said(response: HttpResponseBase) -> tuple[int, str, str, str]:
    control, cache = response["Cache-Control"], response.get("X-Pagesapi-Cache", "")
    return response.status_code, response.content.decode(), control, cache  # type: ignore[attr-defined]


# Fresh, stale, missing


def test_a_page_is_made_once_and_then_served(view: Counted, ask: Ask, sent: Sent) -> None:
    assert said(ask("/p/")) == (200, "made 1", SIXTY, "MISS")
    assert said(ask("/p/")) == (200, "made 1", SIXTY, "HIT")
    assert view.reasons == ["first-request"]
    assert sent["page_rendered"] == [{"path": "/p/", "reason": "first-request", "status": 200}]


def test_a_stale_page_is_served_at_once_and_renewed(view: Counted, ask: Ask) -> None:
    ask("/p/")
    make_older("/p/", 60)
    assert said(ask("/p/")) == (200, "made 1", SIXTY, "STALE")
    assert said(ask("/p/")) == (200, "made 2", SIXTY, "HIT")
    assert view.reasons == ["first-request", "stale"]


@pytest.mark.parametrize(("method", "known"), [("HEAD", False), ("GET", True), ("HEAD", True)])
def test_a_stale_page_is_renewed_by_whoever_asks(view: Counted, ask: Ask, method: str, known: bool) -> None:
    tag = ask("/p/")["ETag"]
    make_older("/p/", 60)
    response = ask("/p/", method=method, headers={"If-None-Match": tag} if known else {})
    assert (response["X-Pagesapi-Cache"], response.content) == ("STALE", b"")
    assert ask("/p/").content == b"made 2"


def test_a_stale_page_is_renewed_though_a_middleware_exchanges_the_response(
    view: Counted, use_middleware: UseMiddleware, ask: Ask
) -> None:
    def exchanges(get_response: Any) -> Any:
        def middleware(request: HttpRequest) -> HttpResponse:
            response = get_response(request)
            return HttpResponse(response.content, status=response.status_code)

        return middleware

    use_middleware(exchanges)
    ask("/p/")
    make_older("/p/", 60)
    assert [ask("/p/").content for _ in range(2)] == [b"made 1", b"made 2"]


def test_a_page_is_renewed_in_a_thread(site: Settings, view: Counted, ask: Ask) -> None:
    set_options(site, REGENERATE="thread")
    renewed = threading.Event()

    def receive(reason: str, **kwargs: object) -> None:
        if reason == "stale":
            renewed.set()

    page_rendered.connect(receive)
    try:
        ask("/p/")
        make_older("/p/", 60)
        assert said(ask("/p/"))[1::2] == ("made 1", "STALE")
        assert renewed.wait(30)
    finally:
        page_rendered.disconnect(receive)
    assert said(ask("/p/"))[1::2] == ("made 2", "HIT")


def test_a_page_is_fresh_until_its_time_is_over(view: Counted, ask: Ask) -> None:
    ask("/p/")
    make_older("/p/", 55)
    assert ask("/p/")["X-Pagesapi-Cache"] == "HIT"


def test_a_page_without_a_lifetime_is_never_stale(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path("p/", static_page(Counted())))
    assert said(ask("/p/")) == (200, "made 1", YEAR, "MISS")
    make_older("/p/", 1e9)
    assert said(ask("/p/")) == (200, "made 1", YEAR, "HIT")


def test_a_page_that_was_revalidated_is_made_before_it_is_answered(view: Counted, ask: Ask) -> None:
    ask("/p/")
    revalidate("/p/")
    assert said(ask("/p/")) == (200, "made 2", SIXTY, "MISS")
    assert view.reasons == ["first-request", "on-demand"]


@pytest.mark.parametrize(
    ("longest", "expected"),
    [
        (None, ["s-maxage=60, stale-while-revalidate=31535940", "s-maxage=31536000", "s-maxage=10"]),
        (5, ["s-maxage=5, stale-while-revalidate=31535940", "s-maxage=5", "s-maxage=5"]),
        (100, ["s-maxage=60, stale-while-revalidate=31535940", "s-maxage=100", "s-maxage=10"]),
        (0, ["s-maxage=0, stale-while-revalidate=31535940", "s-maxage=0", "s-maxage=0"]),
    ],
)
def test_shared_max_age_bounds_what_caches_are_told(
    site: Settings, ask: Ask, longest: int | None, expected: list[str]
) -> None:
    set_options(site, SHARED_MAX_AGE=longest)
    urls = ["/blog/first/", "/about/", "/blog/none/"]
    assert [ask(url)["Cache-Control"] for url in urls] == expected
    assert [ask(url)["Cache-Control"] for url in urls] == expected


def test_a_view_may_say_itself_how_long_caches_keep_it(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path("p/", static_page(cache_control(max_age=5, public=True)(lambda request: HttpResponse("x")))))
    for _ in range(2):
        assert sorted(ask("/p/")["Cache-Control"].split(", ")) == ["max-age=5", "public"]


# Methods, conditional requests


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_not_allowed(view: Counted, ask: Ask, method: str) -> None:
    response = ask("/p/", method=method)
    assert (response.status_code, response["Allow"], view.times) == (405, "GET, HEAD", 0)


def test_head_has_the_headers_of_get_and_no_body(view: Counted, ask: Ask) -> None:
    for cached in ("MISS", "HIT"):
        response = ask("/p/", method="HEAD")
        assert said(response) == (200, "", SIXTY, cached)
        assert response["Content-Length"] == "6"
    assert ask("/p/")["ETag"] == response["ETag"]


def test_who_has_the_bytes_gets_a_304(view: Counted, ask: Ask) -> None:
    tag = ask("/p/")["ETag"]
    for method in ("GET", "HEAD"):
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            response = ask("/p/", method=method, headers={"If-None-Match": known})
            assert said(response) == (304, "", SIXTY, "HIT")
            assert (response["ETag"], "Content-Length" in response) == (tag, False)
    assert ask("/p/", headers={"If-None-Match": '"other"'}).status_code == 200
    assert ask("/p/", headers={"If-None-Match": tag, "Cache-Control": "no-cache"}).status_code == 200
    assert ask("/p/", headers={"If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"}).status_code == 200


def test_a_first_request_may_be_conditional(view: Counted, ask: Ask) -> None:
    tag = ask("/p/")["ETag"]
    revalidate("/p/")
    assert ask("/p/", headers={"If-None-Match": tag}).status_code == 200  # "made 2"
    get_store().clear()
    assert said(ask("/p/", headers={"If-None-Match": tag}))[:2] == (200, "made 3")


def test_the_same_bytes_keep_their_tag(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path("p/", static_page(lambda request: HttpResponse("same"))))
    tag = ask("/p/")["ETag"]
    revalidate("/p/")
    response = ask("/p/", headers={"If-None-Match": tag})
    assert (response.status_code, response["X-Pagesapi-Cache"]) == (304, "MISS")


def test_a_missing_page_has_no_304(ask: Ask) -> None:
    tag = ask("/blog/none/")["ETag"]
    assert ask("/blog/none/", headers={"If-None-Match": tag}).status_code == 404


def test_a_compressed_page_is_known_again_by_its_weak_tag(
    use_urls: UseUrls, use_middleware: UseMiddleware, ask: Ask
) -> None:
    use_middleware(f"{GZipMiddleware.__module__}.GZipMiddleware", before=SESSIONS)
    use_urls(path("p/", static_page(lambda request: HttpResponse("x" * 1000))))
    zipped = ask("/p/", headers={"Accept-Encoding": "gzip"})
    assert (zipped["Content-Encoding"], zipped["ETag"][:2]) == ("gzip", "W/")
    assert ask("/p/").content == b"x" * 1000
    again = ask("/p/", headers={"Accept-Encoding": "gzip", "If-None-Match": zipped["ETag"]})
    assert again.status_code == 304


# Spellings


@pytest.mark.parametrize(
    ("pattern", "asked", "location"),
    [
        (path("<int:n>/", static_page(Counted())), "/07/", "/7/"),
        (path("<int:n>/", static_page(Counted())), "/007/?a=1&b=%2F", "/7/?a=1&b=%2F"),
        (path(f"<{ROMAN}:n>/", static_page(Counted())), "/II/", "/ii/"),
        (re_path(r"^about/?$", static_page(Counted())), "/about/", "/about"),
        (re_path(r"^about", static_page(Counted())), "/about/more", "/about"),
        (re_path(r"^(?P<n>\d+)(?:/x)?/$", static_page(Counted())), "/3/x/", "/3/"),
        (path("<path:rest>/<int:n>", static_page(Counted())), "/%2Fevil.example/01", "/evil.example/1"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_another_spelling_leads_to_the_pages_own(
    use_urls: UseUrls, ask: Ask, pattern: Any, asked: str, location: str, method: str
) -> None:
    use_urls(pattern)
    response = ask(asked, method=method)
    assert (response.status_code, response["Location"]) == (308, location)


@pytest.mark.parametrize(
    ("query", "expected"), [("q=ü", "q=%C3%BC"), ("q=€", "q=%E2%82%AC"), ("q=%C3%BC&%FF=1", "q=%C3%BC&%FF=1")]
)
def test_the_query_of_another_spelling_is_kept_byte_by_byte(use_urls: UseUrls, query: str, expected: str) -> None:
    use_urls(path("<int:n>/", static_page(Counted())))
    bytewise = query.encode().decode("latin-1")  # as WSGI has it
    assert Client().get("/07/", QUERY_STRING=bytewise)["Location"] == f"/7/?{expected}"
    get = async_to_sync(AsyncClient().get)
    assert get("/07/", QUERY_STRING=query)["Location"] == f"/7/?{expected}"


def test_a_redirect_stays_below_the_visitors_script_name(use_urls: UseUrls) -> None:
    use_urls(path("<int:n>/", static_page(Counted())))
    client = Client()
    assert client.get("/07/", SCRIPT_NAME="/sub")["Location"] == "/sub/7/"
    assert client.get("/7/", SCRIPT_NAME="/sub").status_code == 200


def test_a_script_name_of_the_project_belongs_to_the_redirect(site: Settings, use_urls: UseUrls, ask: Ask) -> None:
    site.FORCE_SCRIPT_NAME = "/sub"
    use_urls(path("<int:n>/", static_page(Counted())))
    assert ask("/07/")["Location"] == "/sub/7/"


def test_the_query_of_a_visitor_makes_no_second_page(view: Counted, ask: Ask) -> None:
    assert [ask(f"/p/?page={n}").content for n in range(3)] == [b"made 1"] * 3


# Fallback


class Listed(StaticPage):
    fallback = False

    def get_static_paths(self) -> Any:
        return [{"n": 1}, {"n": 2}]

    def get_static_props(self, context: Any) -> HttpResponse:
        return HttpResponse(f"page {context.params['n']}")


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("built", [False, True])
def test_with_fallback_false_only_listed_paths_are_pages(
    site: Settings, use_urls: UseUrls, ask: Ask, built: bool, debug: bool
) -> None:
    use_urls(path("<int:n>/", Listed.as_view()))
    if built:
        assert prerender(workers=1, static=False).ok
    site.DEBUG = debug
    assert (ask("/1/").status_code, ask("/1/").content) == (200, b"page 1")
    assert (ask("/3/").status_code, ask("/03/").status_code) == (404, 308)
    with pytest.raises(LookupError, match=r"not listed by get_static_paths of .*Listed, and its fallback is False"):
        revalidate("/3/")
    revalidate("/2/")
    assert ask("/2/").content == b"page 2"


def test_without_get_static_paths_and_fallback_there_is_no_page(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(
        path("p/", static_page(fallback=False)(Counted())), path("<int:n>/", static_page(fallback=False)(Counted()))
    )
    assert (ask("/p/").status_code, ask("/3/").status_code) == (200, 404)


@pytest.mark.parametrize("fallback", [True, "blocking"])
def test_with_fallback_unlisted_paths_are_made_when_first_asked_for(
    use_urls: UseUrls, ask: Ask, fallback: Any
) -> None:
    use_urls(path("<int:n>/", Listed.as_view(fallback=fallback)))
    assert (ask("/3/").content, ask("/3/")["X-Pagesapi-Cache"]) == (b"page 3", "HIT")


def test_what_was_built_is_served_without_being_made(use_urls: UseUrls, ask: Ask) -> None:
    view = Counted()
    use_urls(path("p/", static_page(revalidate=60)(view)))
    assert prerender(workers=1, static=False).ok
    assert said(ask("/p/")) == (200, "made 1", SIXTY, "HIT")
    assert view.reasons == ["build"]
    revalidate("/p/")
    assert said(ask("/p/")) == (200, "made 2", SIXTY, "MISS")


# 404 and 500


def test_a_404_lives_for_ten_seconds(ask: Ask) -> None:
    missing = ask("/blog/none/")
    assert said(missing)[0::2] == (404, "s-maxage=10")
    assert ask("/blog/none/")["X-Pagesapi-Cache"] == "HIT"
    make_older("/blog/none/", 10)
    assert ask("/blog/none/")["X-Pagesapi-Cache"] == "MISS"


def test_a_404_that_was_mended_is_a_page(use_urls: UseUrls, ask: Ask) -> None:
    view = Counted()
    view.error = Http404("not yet")
    use_urls(path("p/", static_page(revalidate=5)(view)))
    assert (ask("/p/").status_code, ask("/p/")["Cache-Control"]) == (404, "s-maxage=5")
    view.error = None
    make_older("/p/", 5)
    assert (ask("/p/").status_code, view.reasons) == (200, ["first-request"] * 2)


@pytest.mark.parametrize("error", [ArithmeticError("x"), PermissionDenied("x"), SuspiciousOperation("x")])
def test_a_first_rendering_that_fails_is_a_500_and_is_not_stored(
    view: Counted, ask: Ask, sent: Sent, error: Exception
) -> None:
    view.error = error
    response = ask("/p/")
    assert (response.status_code, response["Cache-Control"]) == (500, "no-store")
    assert "X-Pagesapi-Cache" not in response
    assert [(call["path"], call["reason"]) for call in sent["page_failed"]] == [("/p/", "first-request")]
    view.error = None
    assert said(ask("/p/")) == (200, "made 2", SIXTY, "MISS")


def test_a_renewal_that_fails_keeps_the_good_page(view: Counted, ask: Ask, sent: Sent) -> None:
    ask("/p/")
    make_older("/p/", 60)
    view.error = ArithmeticError("no longer")
    assert said(ask("/p/"))[1::2] == ("made 1", "STALE")
    assert said(ask("/p/")) == (200, "made 1", "s-maxage=30, stale-while-revalidate=31535970", "HIT")
    assert sent["page_failed"][0]["error"] is view.error
    view.error = None
    make_older("/p/", 30)
    assert [ask("/p/").content for _ in range(2)] == [b"made 1", b"made 3"]


def test_a_page_that_was_revalidated_and_fails_is_kept(view: Counted, ask: Ask) -> None:
    ask("/p/")
    revalidate("/p/")
    view.error = ArithmeticError("no longer")
    assert (ask("/p/").status_code, ask("/p/").content) == (200, b"made 1")


# Development


def test_in_development_a_page_is_made_for_every_request(site: Settings, view: Counted, ask: Ask) -> None:
    site.DEBUG = True
    for number in (1, 2):
        response = ask("/p/")
        assert (response.content.decode(), response["Cache-Control"]) == (f"made {number}", "no-store")
        assert not {"X-Pagesapi-Cache", "ETag"} & set(response.headers)
    assert ask("/p/", method="HEAD")["Content-Length"] == "6"
    assert ask("/p/", headers={"If-None-Match": "*"}).status_code == 200


def test_in_development_pages_can_be_stored_all_the_same(site: Settings, view: Counted, ask: Ask) -> None:
    site.DEBUG = True
    set_options(site, CACHE_IN_DEBUG=True)
    assert [ask("/p/")["X-Pagesapi-Cache"] for _ in range(2)] == ["MISS", "HIT"]


def test_in_development_the_headers_of_the_view_are_there(site: Settings, ask: Ask) -> None:
    site.DEBUG = True
    response = ask("/headers/")
    assert (response["X-Own"], response["Content-Type"], response["Cache-Control"]) == ("1", "text/plain", "no-store")


def test_in_development_an_error_is_shown(site: Settings, view: Counted, ask: Ask) -> None:
    site.DEBUG = True
    view.error = ArithmeticError("what is wrong")
    response = ask("/p/", headers={"Accept": "text/html"})
    assert (response.status_code, b"what is wrong" in response.content) == (500, True)
    view.error = Http404("nothing")
    assert ask("/p/").status_code == 404


# Middleware around pages


def test_middleware_works_on_what_is_served(view: Counted, use_middleware: UseMiddleware, ask: Ask) -> None:
    def stamped(get_response: Any) -> Any:
        def middleware(request: HttpRequest) -> HttpResponseBase:
            response: HttpResponseBase = get_response(request)
            response["X-Stamp"] = request.headers.get("X-Visitor", "")
            return response

        return middleware

    use_middleware(stamped)
    assert [ask("/p/", headers={"X-Visitor": name})["X-Stamp"] for name in ("a", "b")] == ["a", "b"]
    assert ask("/p/")["X-Frame-Options"] == "DENY"


def sets_cookies(get_response: Any) -> Any:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = get_response(request)
        response.set_cookie("visitor", "a")
        if "X-Line" in request.headers:
            response.headers["Set-Cookie"] = "line=b"
        if "X-Public" in request.headers:
            patch_cache_control(response, public=True)
        return response

    return middleware


@pytest.mark.parametrize("headers", [{}, {"X-Line": "1"}, {"X-Public": "1"}])
def test_cookies_of_middleware_are_dropped_from_stored_pages(
    view: Counted, use_middleware: UseMiddleware, ask: Ask, headers: dict[str, str]
) -> None:
    use_middleware(sets_cookies)
    for method in ("GET", "HEAD"):
        for known in ({}, {"If-None-Match": "*"}):
            response = ask("/p/", method=method, headers={**headers, **known})
            assert "s-maxage=60" in response["Cache-Control"]
            assert (dict(response.cookies), "Set-Cookie" in response.headers) == ({}, False)
    assert "visitor" in ask("/p/", method="POST").cookies


def test_cookies_are_dropped_though_a_middleware_exchanges_the_response(
    view: Counted, use_middleware: UseMiddleware, ask: Ask
) -> None:
    use_middleware("django.middleware.http.ConditionalGetMiddleware", sets_cookies)
    tag = ask("/p/")["ETag"]
    response = ask("/p/", headers={"If-None-Match": tag, "Cache-Control": "no-cache"})
    assert (response.status_code, dict(response.cookies)) == (304, {})


def test_what_a_middleware_answers_in_the_place_of_a_page_is_its_own(
    view: Counted, use_middleware: UseMiddleware, ask: Ask
) -> None:
    def closed(get_response: Any) -> Any:
        def middleware(request: HttpRequest) -> HttpResponseBase:
            get_response(request)
            response = HttpResponse("Come back later", status=503)
            response.set_cookie("seen", "1")
            return response

        return middleware

    use_middleware(closed)
    response = ask("/p/")
    assert (response.status_code, response["Cache-Control"], list(response.cookies)) == (503, "no-store", ["seen"])


def test_djangos_cache_of_whole_sites_keeps_no_page_beyond_its_revalidation(
    site: Settings, view: Counted, use_middleware: UseMiddleware, ask: Ask
) -> None:
    site.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}}
    cache.clear()
    use_middleware("django.middleware.cache.UpdateCacheMiddleware", before=SESSIONS)
    use_middleware("django.middleware.cache.FetchFromCacheMiddleware")
    assert [ask("/p/").content for _ in range(2)] == [b"made 1"] * 2
    revalidate("/p/")
    assert ask("/p/").content == b"made 2"


@pytest.mark.django_db
def test_what_is_read_in_a_transaction_of_a_middleware_is_not_stored(
    site: Settings, view: Counted, use_middleware: UseMiddleware
) -> None:
    def atomic(get_response: Any) -> Any:
        def middleware(request: HttpRequest) -> HttpResponseBase:
            with transaction.atomic():
                return get_response(request)  # type: ignore[no-any-return]

        return middleware

    set_options(site, REGENERATE="thread")
    use_middleware(atomic)
    client = Client()
    for number in (1, 2):
        assert said(client.get("/p/")) == (200, f"made {number}", "no-store", "")


@pytest.fixture
def other_urls(use_middleware: UseMiddleware, use_urls: UseUrls) -> Any:
    """Patterns that a middleware gives every request, beside those of the project: for its tenants, say."""

    def use(*patterns: Any) -> None:
        own = use_urls(*patterns)
        use_urls(path("p/", static_page(Counted())))

        def tenants(get_response: Any) -> Any:
            def middleware(request: HttpRequest) -> HttpResponseBase:
                request.urlconf = own
                return get_response(request)  # type: ignore[no-any-return]

            return middleware

        use_middleware(tenants)

    return use


def test_a_page_of_another_urlconf_is_made_for_each_visitor(other_urls: Any, ask: Ask) -> None:
    view = Counted()
    other_urls(path("<int:n>/", static_page(view)))
    for number in (1, 2):
        response = ask("/7/")
        assert (response.content.decode(), response["Cache-Control"]) == (f"made {number} n=7", "private, no-store")
        assert "X-Pagesapi-Cache" not in response
    assert get_store().get("unbuilt", "/7/") is None


def test_a_page_of_another_urlconf_has_its_404_and_its_list_of_paths(other_urls: Any, ask: Ask) -> None:
    other_urls(path("<int:n>/", Listed.as_view()))
    assert (ask("/1/").status_code, ask("/3/").status_code) == (200, 404)


def test_the_projects_urlconf_may_be_set_by_a_middleware_too(
    site: Settings, view: Counted, use_middleware: UseMiddleware, ask: Ask
) -> None:
    def same(get_response: Any) -> Any:
        def middleware(request: HttpRequest) -> HttpResponseBase:
            request.urlconf = site.ROOT_URLCONF if request.headers.get("X-Same") else None
            return get_response(request)  # type: ignore[no-any-return]

        return middleware

    use_middleware(same)
    assert [ask("/p/", headers={"X-Same": "1"})["X-Pagesapi-Cache"] for _ in range(2)] == ["MISS", "HIT"]
    assert ask("/p/")["X-Pagesapi-Cache"] == "HIT"


def test_a_page_that_another_view_calls_is_made_for_that_request(use_urls: UseUrls, ask: Ask) -> None:
    inner: Any = static_page(Counted())

    def outer(request: HttpRequest) -> HttpResponse:
        return inner(request)  # type: ignore[no-any-return]

    use_urls(path("outer/", outer))
    assert [ask("/outer/").content for _ in range(2)] == [b"made 1", b"made 2"]


def test_while_the_paths_are_listed_others_wait_and_are_asked_to_come_again(
    use_urls: UseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "WAIT", 0.05)
    begun, released = threading.Event(), threading.Event()

    def slow() -> list[dict[str, int]]:
        begun.set()
        assert released.wait(30)
        return [{"n": 1}]

    use_urls(path("<int:n>/", static_page(paths=slow, fallback=False)(lambda request, n: HttpResponse("x"))))
    statuses: list[int] = []
    first = threading.Thread(target=lambda: statuses.append(Client().get("/1/").status_code))
    first.start()
    try:
        assert begun.wait(30)
        assert Client().get("/2/").status_code == 503
    finally:
        released.set()
        first.join(30)
    assert (statuses, Client().get("/2/").status_code) == ([200], 404)


# The store


def test_who_has_waited_too_long_is_asked_to_come_again(
    view: Counted, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(produce, "WAIT", 0.05)
    with get_store().lock(get_build().name, "/p/") as is_mine:
        assert is_mine
        response = ask("/p/")
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
    assert (ask("/p/").status_code, view.times) == (200, 1)


class Failing(MemoryStore):
    """A store whose disk is full, or whose server is away."""

    fails: tuple[str, ...] = ()

    def __getattribute__(self, name: str) -> Any:
        if name in type(self).fails:
            raise OSError(28, "No space left on device")
        return super().__getattribute__(name)


@pytest.mark.parametrize("fails", [("get",), ("marks",), ("put",), ("lock",), ("get", "put", "marks", "lock")])
def test_a_store_that_fails_costs_time_and_not_the_page(
    site: Settings, view: Counted, ask: Ask, monkeypatch: pytest.MonkeyPatch, fails: tuple[str, ...]
) -> None:
    set_options(site, STORE={"BACKEND": f"{Failing.__module__}.Failing"})
    monkeypatch.setattr(Failing, "fails", fails)
    for _ in range(2):
        response = ask("/p/")
        assert (response.status_code, response.content[:4]) == (200, b"made")
    monkeypatch.setattr(Failing, "fails", ())
    ask("/p/")
    assert said(ask("/p/"))[3] == "HIT"


def test_without_its_store_a_site_shows_nothing_that_may_have_been_revalidated(
    site: Settings, view: Counted, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prerender(workers=1, static=False).ok
    set_options(site, STORE={"BACKEND": f"{Failing.__module__}.Failing"})
    monkeypatch.setattr(Failing, "fails", ("get",))
    response = ask("/p/")
    assert (response.content, response["Cache-Control"], view.times) == (b"made 2", "no-store", 2)


def test_without_its_store_a_site_keeps_to_its_list_of_paths(
    site: Settings, use_urls: UseUrls, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_urls(path("<int:n>/", Listed.as_view()))
    set_options(site, STORE={"BACKEND": f"{Failing.__module__}.Failing"})
    monkeypatch.setattr(Failing, "fails", ("get",))
    assert (ask("/1/").status_code, ask("/3/").status_code) == (200, 404)


def test_a_page_with_unnamed_groups_says_what_to_write(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(re_path(r"^(\d+)/$", static_page(Counted())))
    with pytest.raises(PageError, match=r"the groups of its pattern have no names; write \(\?P<name>…\)"):
        ask("/3/", raises=True)
