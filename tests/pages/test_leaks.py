"""Visitor A is logged in, speaks French, lives elsewhere and has cookies; visitor B sees nothing of it. Nor does an
attacker change what others see, or fill the store."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import engines
from django.test import Client
from django.urls import get_script_prefix, get_urlconf, include, path, re_path, reverse
from django.utils import timezone, translation
from pytest_django import Settings

from pagesapi.conf import conf
from pagesapi.pages import revalidate, static_page
from pagesapi.pages.store import FileStore, MemoryStore, get_store
from pagesapi.preview import enable
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask, asking
from tests.pages.conftest import UseMiddleware, UseUrls, make_older, set_options

LOCALE = "django.middleware.locale.LocaleMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
current: ContextVar[str] = ContextVar("current", default="nobody")
TEXT = """{{ user }}|{% load i18n tz %}{% get_current_language as code %}{{ code }}|\
{% get_current_timezone as zone %}{{ zone }}"""
SHOWN = b"AnonymousUser|en|UTC|nobody|GET|/p/|http|[]|{}|0|True|/|False"


def reveals(request: HttpRequest) -> HttpResponse:
    """Everything that could be somebody's."""
    context: Any = request.static_context  # type: ignore[attr-defined]
    rest = (
        current.get(),
        request.method,
        request.get_full_path(),
        request.scheme,
        sorted(set(request.headers) - {"Host"}),
        dict(request.COOKIES),
        len(connection.savepoint_ids),  # inside that of the test: a visitor's would be one, an endpoint's own is one
        get_urlconf() in (None, settings.ROOT_URLCONF),
        get_script_prefix(),
        context.preview,
    )
    return HttpResponse("|".join([engines["django"].from_string(TEXT).render({}, request), *map(str, rest)]))


def visited(get_response: Any) -> Any:
    """A middleware that keeps what it knows of a visitor wherever Python programs keep such things."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = current.set(request.headers.get("X-Visitor", "somebody"))
        zone = request.headers.get("X-Zone")
        if zone:
            timezone.activate(zone)
        try:
            response: HttpResponseBase = get_response(request)
        finally:
            current.reset(token)
            timezone.deactivate()
        if request.user.is_authenticated:
            request.session["seen"] = request.session.get("seen", 0) + 1
        return response

    return middleware


TREE = {
    "who.py": """
        from pagesapi import RouteConfig
        from tests.pages.test_leaks import reveals
        config = RouteConfig(static=True, revalidate=60)
        GET = reveals
    """
}


@pytest.fixture
def project(
    site: Settings, use_urls: UseUrls, use_middleware: UseMiddleware, atomic_requests: None, db: None
) -> Iterator[None]:
    """Middleware and settings that know visitors apart."""
    site.LANGUAGES = [("en", "English"), ("fr", "French")]
    site.SESSION_SAVE_EVERY_REQUEST = True
    site.USE_X_FORWARDED_HOST = True
    site.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    set_options(site, SITE_URL="http://example.com")
    use_middleware(LOCALE, visited)
    use_urls(path("p/", static_page(revalidate=60)(reveals), name="p"), path("", include("pagesapi.urls")))
    with route_tree(TREE):
        yield


@pytest.fixture
def visitor_a(project: None) -> dict[str, Any]:
    return {
        "user": User.objects.create_user("ann"),
        "headers": {
            "Accept-Language": "fr",
            "X-Visitor": "ann",
            "X-Zone": "Asia/Tokyo",
            "X-Forwarded-Proto": "https",
            "Authorization": "Bearer of-ann",
            "Referer": "https://ann.example/",
        },
    }


def editor(visitor: dict[str, Any]) -> dict[str, Any]:
    """The same visitor in preview mode."""
    cookie = enable(HttpResponse(), {"of": "ann"}).cookies["pagesapi_preview"].value
    return {"headers": {**visitor["headers"], "Cookie": f"pagesapi_preview={cookie}; own=ann"}}


STEPS = ("first request", "renewal", "on demand", "preview")  # of visitor A; B comes after each


@pytest.mark.parametrize("order", list(itertools.permutations(STEPS)), ids=", ".join)
@pytest.mark.parametrize("url", ["/p/", "/api/who"])
def test_nothing_of_a_visitor_is_seen_by_another_in_any_order(
    visitor_a: dict[str, Any], order: tuple[str, ...], url: str
) -> None:
    ask = asking(Client)
    shown = SHOWN if url == "/p/" else SHOWN.replace(b"/p/", b"/api/who").replace(b"|0|", b"|1|")
    for step in order:
        if step == "renewal" and get_store().get("unbuilt", url):
            make_older(url, 60)
        if step == "on demand":
            revalidate(url)
        response = ask(f"{url}?of=ann", **(editor(visitor_a) if step == "preview" else visitor_a))
        assert response.status_code == 200
        if step == "preview":
            assert response["Cache-Control"] == "private, no-store"
            assert response.content == shown.removesuffix(b"False") + b"True"
        else:
            assert response.content == shown
            assert "s-maxage=60" in response["Cache-Control"]
            assert (dict(response.cookies), "Set-Cookie" in response.headers) == ({}, False)
        assert ask(url).content == shown


def test_under_asgi_nothing_of_a_visitor_is_seen_by_another_either(visitor_a: dict[str, Any], ask: Ask) -> None:
    for visitor in (visitor_a, {}, editor(visitor_a), visitor_a):
        ask("/p/", **visitor)
        assert ask("/p/").content == SHOWN


def test_what_the_visitors_language_adds_to_a_page_is_true(visitor_a: dict[str, Any], ask: Ask) -> None:
    assert ask("/p/", **visitor_a)["Content-Language"] == "en"
    assert ask("/p/")["Content-Language"] == "en"


# An attacker


TRICKS: list[dict[str, str]] = [
    {"X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "666"},
    {"X-Forwarded-Prefix": "/evil", "X-Script-Name": "/evil", "X-Original-URL": "/evil", "X-Rewrite-URL": "/evil"},
    {"Forwarded": "host=evil.example;proto=https", "X-Host": "evil.example"},
    {"Accept": "application/x-evil", "Accept-Language": "fr", "Accept-Charset": "utf-7", "Range": "bytes=0-1"},
    {"Cookie": "sessionid=evil; csrftoken=evil; django_language=fr; pagesapi_preview=evil"},
    {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "0", "Authorization": "Basic ZXZpbA=="},
    {"If-None-Match": "evil", "If-Match": '"evil"', "If-Range": '"evil"', "If-Unmodified-Since": "evil"},
    {"X-Requested-With": "XMLHttpRequest", "Cache-Control": "no-cache", "Pragma": "no-cache", "Expect": "evil"},
    {"X-Pagesapi-Cache": "evil", "Purpose": "prefetch", "X-Middleware-Prefetch": "1", "RSC": "1"},
]
QUERIES = ("", "?evil=1", "?page=2&lang=fr", "?__proto__=1&preview=true", "?" + "a" * 2000, "?%00%0d%0aSet-Cookie:a=b")


@pytest.mark.parametrize("headers", TRICKS, ids=lambda headers: next(iter(headers)))
def test_tricks_of_an_attacker_change_no_stored_page(
    project: None, site: Settings, ask: Ask, headers: dict[str, str]
) -> None:
    site.ALLOWED_HOSTS = ["*"]
    for query in QUERIES:
        get_store().clear()
        for _ in range(2):
            response = ask(f"/p/{query}", headers=headers)
            assert response.status_code in (200, 304)
        assert ask("/p/").content == SHOWN
    assert get_store().get("unbuilt", "/p/").path == "/p/"  # type: ignore[union-attr]


@pytest.mark.parametrize("host", ["evil.example", "testserver:666", "EXAMPLE.COM", "[::1]", "localhost"])
def test_the_host_of_a_visitor_is_in_no_page(site: Settings, use_urls: UseUrls, host: str) -> None:
    site.ALLOWED_HOSTS = ["*"]
    use_urls(path("p/", static_page(lambda request: HttpResponse(request.build_absolute_uri(reverse("p")))), name="p"))
    client = Client()
    assert client.get("/p/", headers={"Host": host}).content == b"https://example.com/p/"
    assert client.get("/p/").content == b"https://example.com/p/"


def test_a_script_name_of_a_visitor_is_in_no_page(site: Settings, use_urls: UseUrls) -> None:
    use_urls(path("p/", static_page(lambda request: HttpResponse(f"{request.path} {reverse('p')}")), name="p"))
    client = Client()
    assert client.get("/p/", SCRIPT_NAME="/evil").content == b"/p/ /p/"
    assert client.get("/p/").content == b"/p/ /p/"


def test_a_page_that_fails_shows_nothing_of_it_to_others(project: None, use_urls: UseUrls, ask: Ask) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise ArithmeticError(f"of {current.get()} in {translation.get_language()}")

    use_urls(path("p/", static_page(fails)))
    response = ask("/p/", headers={"X-Visitor": "ann", "Accept-Language": "fr"})
    assert (response.status_code, b"ann" in response.content, response["Cache-Control"]) == (500, False, "no-store")


# The size of the store


def pages_in(store: Any) -> int:
    if isinstance(store, MemoryStore):
        return len(store._listed) + len(store._found) + len(store._missing)
    return sum(1 for file in Path(store.root).rglob("*") if file.is_file() and "locks" not in file.parts)


@pytest.fixture(params=["memory", "file"])
def small(request: pytest.FixtureRequest, site: Settings, tmp_path: Path) -> Callable[[], int]:
    """A store of at most 20 pages; gives the number of its pages."""
    backend = {"memory": MemoryStore, "file": FileStore}[request.param]
    options = {"LOCATION": tmp_path / "store"} if backend is FileStore else {}
    dotted = f"pagesapi.pages.store.{backend.__name__}"
    set_options(site, STORE={"BACKEND": dotted, "OPTIONS": {"MAX_ENTRIES": 20, **options}})
    return lambda: pages_in(get_store())


def answer(request: HttpRequest, **params: Any) -> HttpResponse:
    if str(params.get("n", "")).endswith("-404"):
        raise Http404
    return HttpResponse(str(params))


PATTERNS = {
    "str": (path("<str:n>/", static_page(answer)), "/{}/"),
    "int": (path("<int:n>/", static_page(answer)), "/{}/"),
    "path": (path("<path:n>", static_page(answer)), "/{}/x"),
    "regex": (re_path(r"^(?P<n>.+)/$", static_page(answer)), "/{}/"),
    "no groups": (re_path(r"^about/.*$", static_page(answer)), "/about/{}"),
    "alternatives": (re_path(r"^(?:a|about)/[0-9]*$", static_page(answer)), "/about/{}"),
    "any case": (re_path(r"^(?i:abcdefghijk)/[0-9]*$", static_page(answer)), "/abcDEFghijk/{}"),
    "optional": (re_path(r"^about(?:/[0-9]*)?$", static_page(answer)), "/about/{}"),
}


@pytest.mark.parametrize("kind", list(PATTERNS))
def test_pages_that_nobody_listed_are_bounded(use_urls: UseUrls, small: Callable[[], int], kind: str) -> None:
    pattern, url = PATTERNS[kind]
    use_urls(pattern)
    client = Client()
    for number in range(60):
        client.get(url.format(number))
    assert small() <= 20


def test_404s_are_bounded(use_urls: UseUrls, small: Callable[[], int]) -> None:
    use_urls(path("<str:n>/", static_page(answer)))
    client = Client()
    for number in range(1100):
        assert client.get(f"/{number}-404/").status_code == 404
    assert small() <= 1024


def test_endpoints_that_nobody_listed_are_bounded(use_urls: UseUrls, small: Callable[[], int]) -> None:
    tree = {
        "[...rest].py": "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\n"
        "def GET(request, rest): return rest",
    }
    use_urls(path("", include("pagesapi.urls")))
    client = Client()
    with route_tree(tree, STORE=conf.given["STORE"], TRAILING_SLASH="accept"):
        for number in range(60):
            assert client.get(f"/api/{number}/x").status_code == 200
            assert client.get(f"/api/{number}/x/").status_code == 200
        assert small() <= 20


def test_redirects_and_refusals_leave_nothing_behind(use_urls: UseUrls, small: Callable[[], int]) -> None:
    use_urls(
        path("<int:n>/", static_page(answer)),
        path("listed/<int:n>/", static_page(paths=lambda: [{"n": 1}], fallback=False)(answer)),
    )
    client = Client()
    for number in range(60):
        assert client.get(f"/0{number}/").status_code == 308
        assert client.get(f"/listed/{number + 2}/").status_code == 404
        assert client.post(f"/{number}/").status_code == 405
    assert small() == 0


def test_a_hundred_thousand_paths_do_not_grow_the_store(
    site: Settings, use_urls: UseUrls, caplog: pytest.LogCaptureFixture
) -> None:
    """Through Django's handler, without the client and the middleware, which would take minutes for it."""
    caplog.set_level(logging.ERROR, "django.request")
    site.MIDDLEWARE = []
    use_urls(path("<str:n>/", static_page(answer)), handler404=lambda request, exception: HttpResponse(status=404))
    handler = WSGIHandler()
    store: Any = get_store()
    for number in range(50_000):
        assert handler.get_response(request_for(f"/{number}/")).status_code == 200
        assert handler.get_response(request_for(f"/{number}-404/")).status_code == 404
    assert pages_in(store) <= 10_000 + 1024


def request_for(url: str) -> WSGIRequest:
    return WSGIRequest({"REQUEST_METHOD": "GET", "PATH_INFO": url, "wsgi.input": BytesIO()})
