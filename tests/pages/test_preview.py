"""Preview mode: what an editor sees, what nobody else sees of it, and what a cookie must be to count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from http.cookies import Morsel
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import TimestampSigner, b62_encode
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe
from pytest_django import Settings

from pagesapi.pages import Props, StaticContext, StaticPage, revalidate, static_page
from pagesapi.pages.preview import SALT
from pagesapi.pages.store import get_store
from pagesapi.preview import PreviewDataTooLarge, disable, enable, preview_of
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.pages.conftest import Sent, UseMiddleware, UseUrls, set_options
from tests.pages.site.counted import Counted

ROOT = Path(__file__).resolve().parents[2]
NAME = "pagesapi_preview"
NO_STORE = "private, no-store"
OLD_KEY, NEW_KEY = "the-old-key" * 5, "the-new-key" * 5


class ContextPage(StaticPage):
    revalidate = 60
    fallback = False

    def get_static_paths(self) -> Any:
        return [{"slug": "a"}]

    def get_static_props(self, context: StaticContext) -> HttpResponse:
        if context.params["slug"] == "missing":
            raise Http404
        return HttpResponse(f"{context.preview} {context.draft} {json.dumps(context.preview_data)} {context.reason}")


TREE = {
    "enter.py": "def handler(req, res): res.set_preview_data(req.body.get('data'), **req.body['options']).end()",
    "draft.py": "def handler(req, res): res.set_draft_mode(**req.body).json(True)",
    "leave.py": "def handler(req, res): res.clear_preview_data(**req.body).end()",
    "seen.py": "def handler(req, res): res.json([req.preview, req.draft, req.preview_data])",
    "aseen.py": "async def handler(req, res): return [req.preview, req.draft, req.preview_data]",
    "fixed.py": """
        from pagesapi import RouteConfig
        config = RouteConfig(static=True, revalidate=60)
        def GET(request):
            req, context = request.api, request.static_context
            return [req.preview, req.draft, req.preview_data, context.preview_data, context.reason]
    """,
    "afixed.py": """
        from pagesapi import RouteConfig
        config = RouteConfig(static=True)
        async def handler(req, res):
            return [req.preview, req.draft, req.preview_data]
    """,
}


@pytest.fixture(autouse=True)
def _site(site: Settings, use_urls: UseUrls) -> Any:
    site.SECRET_KEY = OLD_KEY
    use_urls(
        path("p/<slug:slug>/", ContextPage.as_view(), name="p"),
        path("ordinary/", lambda request: HttpResponse(f"{preview_of(request)}")),
        path("", include("pagesapi.urls")),
    )
    with route_tree(TREE):
        yield


def cookie_of(response: Any) -> Morsel[str]:
    morsel: Morsel[str] = response.cookies[NAME]
    return morsel


def enabled(data: Any = None, **options: Any) -> dict[str, str]:
    """The header of a visitor in preview mode."""
    return header(cookie_of(enable(HttpResponse(), data, **options)).value)


def header(value: str) -> dict[str, str]:
    return {"Cookie": f"other=1; {NAME}={value}; last=1"}  # to whose end Django 5.2's AsyncClient adds a comma


# In and out


def test_an_endpoint_lets_its_caller_see_previews(ask: Ask) -> None:
    response = ask("/api/enter", method="POST", json={"data": {"id": 7}, "options": {}})
    cookie = cookie_of(response)
    assert (response.status_code, response["Cache-Control"]) == (200, NO_STORE)
    seen = ask("/p/a/", headers=header(cookie.value))
    assert seen.content == b'True True {"id": 7} preview'
    assert {name: cookie[name] for name in ("path", "max-age", "httponly", "samesite", "secure", "domain")} == {
        "path": "/",
        "max-age": 86400,
        "httponly": True,
        "samesite": "Lax",
        "secure": True,
        "domain": "",
    }


def test_draft_mode_has_no_data(ask: Ask) -> None:
    cookie = cookie_of(ask("/api/draft", method="POST", json={}))
    assert ask("/p/a/", headers=header(cookie.value)).content == b"True True {} preview"


def test_without_data_there_is_an_empty_object(ask: Ask) -> None:
    cookie = cookie_of(ask("/api/enter", method="POST", json={"options": {}}))
    assert ask("/p/a/", headers=header(cookie.value)).content == b"True True {} preview"


@pytest.mark.parametrize("path_of_it", [None, "/p"])
def test_both_ways_out_take_the_cookie_away(ask: Ask, path_of_it: str | None) -> None:
    for name, body in (("leave", {}), ("draft", {"enable": False})):
        response = ask(f"/api/{name}", method="POST", json={**body, "path": path_of_it})
        cookie = cookie_of(response)
        assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, path_of_it or "/")
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert response["Cache-Control"] == NO_STORE
        assert ask("/p/a/", headers=header(cookie.value)).content == b"False False {} first-request"
        get_store().clear()


def test_any_view_enters_and_leaves(use_urls: UseUrls, ask: Ask) -> None:
    def enter(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("in")
        assert enable(response, [1, "ü"], max_age=60, path="/p") is response
        return response

    def leave(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("out")
        assert disable(response, path="/p") is response
        return response

    use_urls(path("in/", enter), path("out/", leave), path("p/<slug:slug>/", ContextPage.as_view()))
    entered = ask("/in/")
    cookie = cookie_of(entered)
    assert (cookie["max-age"], cookie["path"], entered["Cache-Control"]) == (60, "/p", NO_STORE)
    assert ask("/p/a/", headers=header(cookie.value)).content == b'True True [1, "\\u00fc"] preview'
    assert (cookie_of(ask("/out/"))["max-age"], cookie_of(ask("/out/"))["path"]) == (0, "/p")


@pytest.mark.parametrize(
    ("options", "debug", "samesite", "secure", "max_age"),
    [
        ({}, True, "Lax", "", 86400),
        ({"secure": True}, True, "Lax", True, 86400),
        ({"secure": False}, False, "Lax", "", 86400),
        ({"samesite": "None", "secure": False}, True, "None", True, 86400),
        ({"samesite": "Strict", "max_age": 5}, False, "Strict", True, 5),
    ],
)
def test_the_cookie_is_as_the_settings_say(
    site: Settings, options: dict[str, Any], debug: bool, samesite: str, secure: Any, max_age: int
) -> None:
    site.DEBUG = debug
    set_options(site, PREVIEW=options)
    entered, left = cookie_of(enable(HttpResponse())), cookie_of(disable(HttpResponse()))
    for cookie in (entered, left):
        assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == (samesite, secure, True)
    assert entered["max-age"] == max_age
    assert cookie_of(enable(HttpResponse(), max_age=9))["max-age"] == 9


@pytest.mark.parametrize("max_age", [0, -1, True, "60", 1.5, 365 * 86400 + 1])
def test_a_lifetime_that_makes_no_sense_is_refused(max_age: Any) -> None:
    with pytest.raises(ValueError, match="max_age is a number of seconds from 1 to 31536000"):
        enable(HttpResponse(), max_age=max_age)


@pytest.mark.parametrize("wrong", ["", "blog", "/ü", "/a;b", "/a\nb", 3, "https://example.com/"])
def test_a_path_that_makes_no_sense_is_refused(wrong: Any) -> None:
    for change in (enable, disable):
        with pytest.raises(ValueError, match='path is a URL path such as "/blog"'):
            change(HttpResponse(), path=wrong)


# Data


@pytest.mark.parametrize("data", [{}, [], "", 0, False, {"a": {"b": [1, None, "€"]}}, "x" * 1998])
def test_data_come_back_as_they_were_given(ask: Ask, data: Any) -> None:
    seen = ask("/api/seen", headers=enabled(data)).json()
    assert seen == [True, True, data]


def test_data_are_read_by_nobody_else() -> None:
    value = cookie_of(enable(HttpResponse(), {"word": "confidential"})).value
    assert "confidential" not in value
    signed = value.split(".", 2)[2]
    assert json.dumps("confidential")[1:-1].encode() not in signed.encode()
    assert len(value) < 4000


def test_more_data_than_a_cookie_holds_are_refused_with_a_cure(ask: Ask) -> None:
    assert len(cookie_of(enable(HttpResponse(), "x" * 1998)).value) < 4000
    for data in ("x" * 1999, "ü" * 1000):
        with pytest.raises(
            PreviewDataTooLarge, match=r"have 2,00\d bytes of JSON; a cookie holds 2,000. Store the id"
        ):
            enable(HttpResponse(), data)
    assert issubclass(PreviewDataTooLarge, ValueError)
    assert ask("/api/enter", method="POST", json={"data": "x" * 2000, "options": {}}).status_code == 500


def test_the_longest_data_and_path_still_make_a_cookie_that_browsers_keep() -> None:
    with pytest.raises(ValueError, match="path"):
        enable(HttpResponse(), path="/" + "a" * 1024)
    longest = cookie_of(enable(HttpResponse(), "x" * 1998, path="/" + "a" * 255))
    assert len(f"{NAME}={longest.value}") < 4096


@pytest.mark.parametrize("data", [object(), float("nan"), {1: object()}])
def test_data_that_are_no_json_are_refused(data: Any) -> None:
    with pytest.raises(TypeError):
        enable(HttpResponse(), data)


def test_where_cryptography_cannot_be_imported_data_are_refused(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    headers = enabled({"id": 7})
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install \"pagesapi\[preview\]\""):
        enable(HttpResponse(), {"id": 7})
    assert ask("/p/a/", headers=enabled()).content == b"True True {} preview"
    assert ask("/p/a/", headers=headers).status_code == 500


BLOCKED = """
    import sys

    class Missing:
        def find_spec(self, name, path=None, target=None):
            if name.partition(".")[0] == "cryptography":
                raise ModuleNotFoundError(name)

    sys.meta_path.insert(0, Missing())
    import django
    from django.conf import settings
    settings.configure(SECRET_KEY="x" * 50, INSTALLED_APPS=["corsheaders", "pagesapi"], PAGESAPI={"API_DIR": "none"})
    django.setup()
    from django.core.exceptions import ImproperlyConfigured
    from django.http import HttpResponse
    from django.test import RequestFactory
    from pagesapi.preview import enable, preview_of
    try:
        enable(HttpResponse(), {"id": 7})
    except ImproperlyConfigured as error:
        print(error)
    value = enable(HttpResponse()).cookies["pagesapi_preview"].value
    print(preview_of(RequestFactory().get("/", headers={"Cookie": f"pagesapi_preview={value}"})))
"""


def test_without_cryptography_data_are_refused_and_draft_mode_works() -> None:
    done = subprocess.run(
        [sys.executable, "-c", dedent(BLOCKED)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    refused, draft = done.stdout.splitlines()
    assert 'pip install "pagesapi[preview]"' in refused
    assert "set_draft_mode() needs none" in refused
    assert draft == "Preview(data={})"


# What does not count


def altered(value: str) -> list[str]:
    """A cookie with one character changed, at several places; and cut off."""
    places = (0, len(value) // 3, len(value) // 2, len(value) - 5)
    changed = [value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :] for at in places]
    return [*changed, value[:-1], value[1:], value[: len(value) // 2], value + "A", f"{value}:{value}"]


FORGED = [
    "",
    "1",
    "true",
    "86400.Lw.",
    "86400.Lw.:1ABCDE:signature",
    "ü",
    "%00",
    "a" * 4000,
    "..:" * 100,
    TimestampSigner(key="another-key", salt=SALT).sign("86400.Lw."),
    TimestampSigner(key=OLD_KEY, salt="another.salt").sign("86400.Lw."),
    TimestampSigner(key=OLD_KEY, salt=SALT).sign("86400.Lw"),
    TimestampSigner(key=OLD_KEY, salt=SALT).sign("long.Lw."),
]


@pytest.mark.parametrize("value", FORGED, ids=range(len(FORGED)))  # those that are signed differ from run to run
def test_a_forged_cookie_is_ignored(ask: Ask, value: str) -> None:
    response = ask("/p/a/", headers=header(value))
    assert (response.status_code, response.content) == (200, b"False False {} first-request")
    assert response["X-Pagesapi-Cache"] == "MISS"
    assert ask("/api/seen", headers=header(value)).json() == [False, False, {}]


def test_an_altered_cookie_is_ignored(ask: Ask) -> None:
    value = cookie_of(enable(HttpResponse(), {"id": 7})).value
    assert ask("/api/seen", headers=header(value)).json()[0] is True
    for forged in altered(value):
        assert ask("/api/seen", headers=header(forged)).json() == [False, False, {}]


class Earlier(TimestampSigner):
    """Signs as if it were a minute ago."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - 60)


def test_a_cookie_that_is_too_old_is_ignored(ask: Ask) -> None:
    value = cookie_of(enable(HttpResponse(), max_age=30)).value
    content = TimestampSigner(salt=SALT).unsign(value)
    assert ask("/api/seen", headers=header(Earlier(salt=SALT).sign(content))).json() == [False, False, {}]
    longer = content.replace("30.", "3600.", 1)
    assert ask("/api/seen", headers=header(Earlier(salt=SALT).sign(longer))).json() == [True, True, {}]


@pytest.mark.parametrize(
    ("where", "url", "counts"),
    [
        ("/", "/p/a/", True),
        ("/p", "/p/a/", True),
        ("/p/", "/p/a/", True),
        ("/p/a/", "/p/a/", True),
        ("/p/a", "/p/a/", True),
        ("/p/b", "/p/a/", False),
        ("/p/a/b", "/p/a/", False),
        ("/api", "/p/a/", False),
        ("/%70", "/p/a/", True),
    ],
)
def test_a_cookie_counts_below_its_path_alone(ask: Ask, where: str, url: str, counts: bool) -> None:
    response = ask(url, headers=enabled(path=where))
    assert (response.content[:4] == b"True", response["Cache-Control"] == NO_STORE) == (counts, counts)


def test_the_path_counts_for_endpoints_too(ask: Ask) -> None:
    assert ask("/api/seen", headers=enabled(path="/p")).json() == [False, False, {}]
    assert ask("/api/seen", headers=enabled({"id": 7}, path="/api")).json() == [True, True, {"id": 7}]


def test_a_key_that_is_exchanged_leaves_its_editors_in(site: Settings, ask: Ask) -> None:
    headers = enabled({"id": 7})
    site.SECRET_KEY, site.SECRET_KEY_FALLBACKS = NEW_KEY, [OLD_KEY]
    assert ask("/p/a/", headers=headers).content == b'True True {"id": 7} preview'
    site.SECRET_KEY_FALLBACKS = []
    assert ask("/p/a/", headers=headers).content == b"False False {} first-request"


# The stored copy, and every answer


def test_a_preview_neither_reads_nor_writes_the_stored_copy(use_urls: UseUrls, ask: Ask, sent: Sent) -> None:
    view = Counted()
    use_urls(path("p/", static_page(revalidate=60)(view)))
    headers = enabled()
    assert ask("/p/", headers=headers).content == b"made 1"
    assert ask("/p/")["X-Pagesapi-Cache"] == "MISS"
    assert [ask("/p/", headers=headers).content for _ in range(2)] == [b"made 3", b"made 4"]
    response = ask("/p/")
    assert (response.content, response["X-Pagesapi-Cache"], len(sent["page_rendered"])) == (b"made 2", "HIT", 1)
    assert view.reasons == ["preview", "first-request", "preview", "preview"]


CDN = {
    "CDN-Cache-Control": "max-age=60",
    "Cloudflare-CDN-Cache-Control": "max-age=60",
    "Surrogate-Control": "max-age=60",
}


def test_what_is_said_to_a_cdn_alone_is_not_said_of_a_preview(use_urls: UseUrls, ask: Ask) -> None:
    def told(request: HttpRequest) -> HttpResponse:
        return HttpResponse("x", headers={**CDN, "Cache-Control": "public"})

    use_urls(path("p/", static_page(told)), path("ordinary/", told))
    for url in ("/p/", "/ordinary/"):
        assert not set(CDN) & set(ask(url, headers=enabled()).headers)
        assert set(CDN) <= set(ask(url).headers)
    entered = enable(HttpResponse(headers=CDN))
    assert (set(CDN) & set(entered.headers), entered["Cache-Control"]) == (set(), NO_STORE)


def test_a_preview_has_no_tag_and_no_304(ask: Ask) -> None:
    tag = ask("/p/a/")["ETag"]
    response = ask("/p/a/", headers={**enabled(), "If-None-Match": f"{tag}, *"})
    assert (response.status_code, "ETag" in response, "X-Pagesapi-Cache" in response) == (200, False, False)


def test_an_unlisted_path_may_be_previewed(ask: Ask) -> None:
    assert ask("/p/unlisted/").status_code == 404
    assert ask("/p/unlisted/", headers=enabled()).content == b"True True {} preview"
    assert ask("/p/unlisted/").status_code == 404


@pytest.mark.parametrize(
    ("url", "method", "status"),
    [
        ("/p/a/", "GET", 200),
        ("/p/a/", "HEAD", 200),
        ("/p/a/", "POST", 405),
        ("/p/missing/", "GET", 404),
        ("/nothing/", "GET", 404),
        ("/ordinary/", "GET", 200),
        ("/api/seen", "GET", 200),
        ("/api/seen", "POST", 200),
        ("/api/seen/", "GET", 308),
        ("/api//seen", "GET", 308),
        ("/api/nothing", "GET", 404),
        ("/api/fixed", "GET", 200),
        ("/api/fixed", "HEAD", 200),
        ("/api/fixed", "DELETE", 405),
        ("/ordinary", "GET", 301),
    ],
)
def test_every_answer_to_an_editor_is_private(ask: Ask, url: str, method: str, status: int) -> None:
    response = ask(url, method=method, headers=enabled({"id": 7}))
    assert (response.status_code, response["Cache-Control"]) == (status, NO_STORE)
    assert NO_STORE not in ask(url, method=method).get("Cache-Control", "")


def test_the_head_of_a_preview_has_the_length_of_its_body(ask: Ask) -> None:
    response = ask("/p/a/", method="HEAD", headers=enabled())
    assert (response.content, response["Content-Length"]) == (b"", str(len(b"True True {} preview")))


def test_a_page_that_fails_in_preview_is_a_500(use_urls: UseUrls, ask: Ask) -> None:
    view = Counted()
    view.error = ArithmeticError()
    use_urls(path("p/", static_page(view)))
    response = ask("/p/", headers=enabled())
    assert (response.status_code, response["Cache-Control"]) == (500, NO_STORE)


def test_cookies_of_middleware_reach_the_editor(use_middleware: UseMiddleware, ask: Ask) -> None:
    def middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
        def inner(request: HttpRequest) -> Any:
            response = get_response(request)
            response.set_cookie("visitor", "1")
            return response

        return inner

    use_middleware(middleware)
    assert "visitor" in ask("/p/a/", headers=enabled()).cookies
    assert "visitor" not in ask("/p/a/").cookies


def test_the_own_spelling_is_kept_to_in_preview(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path("<int:n>/", static_page(Counted())))
    response = ask("/07/?a=1", headers=enabled())
    assert (response.status_code, response["Location"], response["Cache-Control"]) == (308, "/7/?a=1", NO_STORE)


def test_in_development_previews_are_previews_too(site: Settings, ask: Ask) -> None:
    site.DEBUG = True
    assert ask("/p/a/", headers=enabled()).content == b"True True {} preview"
    assert ask("/p/a/").content == b"False False {} first-request"


# Endpoints


@pytest.mark.parametrize("name", ["seen", "aseen"])
def test_endpoints_know_of_previews(ask: Ask, name: str) -> None:
    assert ask(f"/api/{name}").json() == [False, False, {}]
    assert ask(f"/api/{name}", headers=enabled()).json() == [True, True, {}]
    assert ask(f"/api/{name}", headers=enabled({"id": 7})).json() == [True, True, {"id": 7}]


def test_static_endpoints_know_of_previews_and_store_none(ask: Ask) -> None:
    assert ask("/api/fixed", headers=enabled({"id": 7})).json() == [True, True, {"id": 7}, {"id": 7}, "preview"]
    for cached in ("MISS", "HIT"):
        response = ask("/api/fixed")
        assert response["X-Pagesapi-Cache"] == cached
        assert response.json() == [False, False, {}, {}, "first-request"]
    assert ask("/api/afixed", headers=enabled({"id": 8})).json() == [True, True, {"id": 8}]
    assert ask("/api/afixed").json() == [False, False, {}]


def test_props_of_a_preview_may_hold_what_is_not_published(use_urls: UseUrls, ask: Ask) -> None:
    class Page(StaticPage):
        template_name = "site/home.html"

        def get_static_props(self, context: StaticContext) -> Mapping[str, Any] | Props:
            return {"title": context.preview_data.get("title", "Published")}

    use_urls(path("p/", Page.as_view()))
    assert b"<h1>Draft</h1>" in ask("/p/", headers=enabled({"title": "Draft"})).content
    assert b"<h1>Published</h1>" in ask("/p/").content
    revalidate("/p/")
    assert b"<h1>Published</h1>" in ask("/p/").content


def test_a_guarded_page_is_previewed_by_who_may_see_it(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path("p/<slug:slug>/", require_safe(ContextPage.as_view())))
    assert ask("/p/a/", headers=enabled({"id": 7})).content == b'True True {"id": 7} preview'
