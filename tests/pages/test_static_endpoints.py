"""`RouteConfig(static=True)`: GET is stored as a page is, everything else runs as ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.urls import include, path
from pytest_django import Settings

from pagesapi import RouteConfig, call_route, load_route
from pagesapi.exceptions import PageError, RouteError
from pagesapi.pages import iter_pages, prerender, render_page, revalidate, revalidate_tag
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.pages.conftest import Sent, UseMiddleware, UseUrls, make_older
from tests.pages.test_serve import said

LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"
HEAD = """
from itertools import count
from django.http import Http404, HttpResponse
from pagesapi import HTTPError, RouteConfig
config = RouteConfig(static=True, revalidate=60, tags=["all"])
numbers = count(1)
"""
SOURCES = {
    "one.py": "def GET(request): return {'made': next(numbers)}\ndef POST(request): return {'posted': next(numbers)}",
    "aone.py": "async def GET(request): return {'made': next(numbers)}\nasync def POST(request): return 'posted'",
    "handled.py": "def handler(req, res): res.json({'made': next(numbers), 'method': req.method, 'query': req.query})",
    "ahandled.py": "async def handler(req, res): res.json({'made': next(numbers), 'method': req.method})",
    "items/[id=int].py": (
        "def get_static_paths(): return ({'id': n} for n in (1, 2))\n"
        "def GET(request, id):\n    if id > 5: raise Http404('no such item')\n    return {'id': id}"
    ),
    "docs/[[...slug]].py": (
        "def get_static_paths(): return [{}, {'slug': ['a', 'b']}, {'slug': 'c'}]\n"
        "def handler(req, res): res.json({'query': req.query, 'params': req.params})"
    ),
    "empty/[[...slug]].py": (
        "async def get_static_paths():\n    yield {'slug': []}\n    yield {'slug': ['a']}\n"
        "def GET(request, slug=()): return {'slug': slug}"
    ),
    "files/[...path].py": "def GET(request, path): return path",
    "text.py": "def handler(req, res): res.set_header('X-Own', '1').send('text')",
    "stream.py": "def handler(req, res): res.stream(iter([b'a', b'b']), 'text/plain')",
    "gone.py": "def GET(request): raise HTTPError(404, 'not there')",
    "moved.py": "def handler(req, res): res.redirect(308, '/api/one')",
    "cookie.py": "def handler(req, res): res.set_cookie('a', '1').json(1)",
    "session.py": "def GET(request): return request.session.get('a')",
    "error.py": "def GET(request): raise ArithmeticError('broken')",
    "busy.py": "def GET(request): raise HTTPError(503, 'later')",
    "nothing.py": "def GET(request): pass",
    "posts.py": "def POST(request): return 'posted'",
    "wrong.py": "def GET(request): return object()",
    "who.py": "def GET(request): return str(request.user)",
    "query.py": "def handler(req, res): res.json({'query': req.query, 'body': req.body, 'url': req.url})",
    "groups.py": (
        "from django.contrib.auth.models import Group\n"
        "async def GET(request): return [group.name async for group in Group.objects.all()]"
    ),
}
TREE = {name: HEAD + source for name, source in SOURCES.items()} | {
    "ordinary.py": "def GET(request): return 'ordinary'",
    "broken.py": "1 / 0",
}
SIXTY = "s-maxage=60, stale-while-revalidate=31535940"


@pytest.fixture(autouse=True)
def _site(site: Settings, use_urls: UseUrls) -> Iterator[None]:
    use_urls(path("", include("pagesapi.urls")))
    with route_tree(TREE):
        yield


@pytest.mark.parametrize("name", ["one", "aone", "handled", "ahandled"])
def test_get_is_made_once_and_stored(ask: Ask, name: str, sent: Sent) -> None:
    url = f"/api/{name}"
    first = ask(url)
    assert (first.status_code, first.json()["made"], first["Content-Type"]) == (200, 1, "application/json")
    assert [ask(url)["X-Pagesapi-Cache"] for _ in range(2)] == ["HIT", "HIT"]
    assert (ask(url).json()["made"], ask(url)["Cache-Control"]) == (1, SIXTY)
    head = ask(url, method="HEAD")
    assert (head.content, head["Content-Length"]) == (b"", str(len(first.content)))
    known = ask(url, headers={"If-None-Match": first["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert [call["path"] for call in sent["page_rendered"]] == [url]


@pytest.mark.parametrize("name", ["one", "handled"])
def test_a_stale_answer_is_served_at_once_and_renewed(ask: Ask, name: str) -> None:
    url = f"/api/{name}"
    ask(url)
    make_older(url, 60)
    for made, cached in ((1, "STALE"), (2, "HIT")):
        response = ask(url)
        assert (response.json()["made"], response["X-Pagesapi-Cache"]) == (made, cached)


@pytest.mark.parametrize(
    ("name", "method", "expected"),
    [
        ("one", "POST", {"posted": 2}),
        ("handled", "POST", {"made": 2, "method": "POST", "query": {"a": "1"}}),
        ("ahandled", "DELETE", {"made": 2, "method": "DELETE"}),
    ],
)
def test_other_methods_run_on_every_request(ask: Ask, name: str, method: str, expected: Any) -> None:
    ask(f"/api/{name}")
    response = ask(f"/api/{name}?a=1", method=method)
    assert (response.json(), "X-Pagesapi-Cache" in response) == (expected, False)
    assert ask(f"/api/{name}").json()["made"] == 1


def test_methods_that_a_file_has_not_are_answered_as_ever(ask: Ask) -> None:
    response = ask("/api/one", method="DELETE")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert ask("/api/one", method="OPTIONS").status_code == 204


def test_a_static_file_without_get_is_an_error_that_says_so(ask: Ask) -> None:
    assert ask("/api/posts").status_code == 500
    with pytest.raises(RouteError, match=r"posts.py: .*stores the answer to GET, and there is none. Write GET"):
        ask("/api/posts", raises=True)


def test_an_attackers_request_stands_on_the_cross_site_check_as_ever(ask: Ask) -> None:
    assert ask("/api/one", method="POST", headers={"Origin": "https://evil.example"}).status_code == 403


def test_parameters_and_the_query_of_nobody(ask: Ask) -> None:
    response = ask("/api/query?a=1")
    assert response.json() == {"query": {}, "body": {}, "url": "/api/query"}
    assert ask("/api/handled?id=1").json()["query"] == {}
    assert ask("/api/docs?slug=x&a=1").json() == {"query": {}, "params": {}}
    assert ask("/api/docs/a/b?slug=x").json() == {"query": {"slug": ["a", "b"]}, "params": {"slug": ["a", "b"]}}
    assert ask("/api/files/a/b.txt").json() == ["a", "b.txt"]


def test_known_pages_are_those_that_get_static_paths_lists() -> None:
    found = [known.path for known in iter_pages()]
    assert {"/api/docs", "/api/docs/a/b", "/api/docs/c", "/api/empty", "/api/empty/a"} <= set(found)
    assert {"/api/items/1", "/api/items/2", "/api/one", "/api/who"} <= set(found)
    assert not {"/api/ordinary", "/api/broken", "/api/files"} & set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/api/docs", {"query": {}, "params": {}}),
        ("/api/docs/c", {"query": {"slug": ["c"]}, "params": {"slug": ["c"]}}),
        ("/api/empty", {"slug": []}),
        ("/api/empty/a", {"slug": ["a"]}),
        ("/api/items/2", {"id": 2}),
        ("/api/items/4", {"id": 4}),
    ],
)
def test_a_known_or_unknown_path_is_made_when_it_is_asked_for(ask: Ask, url: str, expected: Any) -> None:
    for cached in ("MISS", "HIT"):
        response = ask(url)
        assert (response.json(), response["X-Pagesapi-Cache"]) == (expected, cached)
    revalidate(url)
    assert ask(url)["X-Pagesapi-Cache"] == "MISS"


def test_another_spelling_leads_to_its_own(ask: Ask) -> None:
    for asked, location in (
        ("/api/items/07?a=1", "/api/items/7?a=1"),
        ("/api/one/", "/api/one"),
        ("/api//one", "/api/one"),
    ):
        response = ask(asked)
        assert (response.status_code, response["Location"]) == (308, location)


def test_where_both_spellings_are_served_they_are_one_page(ask: Ask) -> None:
    with route_tree(TREE, TRAILING_SLASH="accept"):
        assert [ask(url).json()["made"] for url in ("/api/one", "/api/one/", "/api/one/?a=1")] == [1, 1, 1]
        revalidate("/api/one/")
        assert [ask(url).json()["made"] for url in ("/api/one", "/api/one/")] == [2, 2]
        revalidate("/api/one")
        assert [ask(url).json()["made"] for url in ("/api/one/", "/api/one")] == [3, 3]


def test_a_404_is_a_problem_document_and_lives_for_ten_seconds(ask: Ask) -> None:
    for url, detail in (("/api/gone", "not there"), ("/api/items/9", None)):
        for cached in ("MISS", "HIT"):
            response = ask(url)
            assert said(response)[0::2] == (404, "s-maxage=10")
            assert (response["X-Pagesapi-Cache"], response["Content-Type"]) == (cached, "application/problem+json")
            assert response.json()["instance"] == url
            assert detail is None or response.json()["detail"] == detail


def test_answers_of_every_kind_are_stored(ask: Ask) -> None:
    for cached in ("MISS", "HIT"):
        text, stream, moved = ask("/api/text"), ask("/api/stream"), ask("/api/moved")
        assert {text["X-Pagesapi-Cache"], stream["X-Pagesapi-Cache"], moved["X-Pagesapi-Cache"]} == {cached}
        assert (text.content, text["X-Own"], text["Content-Type"]) == (b"text", "1", "text/plain; charset=utf-8")
        assert (stream.content, stream["Content-Type"]) == (b"ab", "text/plain")
        assert (moved.status_code, moved["Location"]) == (308, "/api/one")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cookie", "uses a cookie"),
        ("session", r"uses request\.session"),
        ("busy", "answered 503"),
        ("nothing", "answered 204"),
    ],
)
def test_what_cannot_be_stored_is_a_500_with_a_cure(ask: Ask, name: str, message: str) -> None:
    response = ask(f"/api/{name}")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response["Cache-Control"] == "no-store"
    with pytest.raises(PageError, match=message):
        render_page(f"/api/{name}")


@pytest.mark.parametrize("name", ["error", "wrong"])
def test_an_error_is_a_500_that_nobody_stores(ask: Ask, name: str, sent: Sent) -> None:
    response = ask(f"/api/{name}")
    assert (response.status_code, response["Cache-Control"]) == (500, "no-store")
    assert response["Content-Type"] == "application/problem+json"
    assert [call["path"] for call in sent["page_failed"]] == [f"/api/{name}"]


def test_in_development_an_endpoint_runs_every_time(site: Settings, ask: Ask) -> None:
    site.DEBUG = True
    assert [ask("/api/one").json()["made"] for _ in range(2)] == [1, 2]
    assert ask("/api/one")["Cache-Control"] == "no-store"


def test_an_endpoint_in_process_is_not_stored(ask: Ask) -> None:
    def made() -> bytes:
        response: Any = call_route("one")
        return response.content  # type: ignore[no-any-return]

    assert [made() for _ in range(2)] == [b'{"made":1}', b'{"made":2}']
    assert ask("/api/one").json() == {"made": 3}
    assert made() == b'{"made":4}'
    assert load_route("one").config.revalidate == 60


def test_a_tag_revalidates_endpoints(ask: Ask) -> None:
    ask("/api/one"), ask("/api/handled")
    revalidate_tag("all")
    assert [ask(url)["X-Pagesapi-Cache"] for url in ("/api/one", "/api/handled")] == ["MISS", "MISS"]


@pytest.mark.django_db
def test_an_async_endpoint_uses_the_database_as_everybody_else(ask: Ask) -> None:
    Group.objects.create(name="editors")
    assert ask("/api/groups").json() == ["editors"]


@pytest.mark.django_db
def test_nothing_of_a_visitor_is_in_a_stored_answer(ask: Ask) -> None:
    user = User.objects.create_user("ann")
    assert [ask("/api/who", user=visitor).content for visitor in (user, None)] == [b"AnonymousUser"] * 2


@pytest.mark.django_db
def test_where_everything_needs_a_login_an_endpoint_is_stored_for_nobody(
    ask: Ask, use_middleware: UseMiddleware
) -> None:
    use_middleware(LOGIN)
    user = User.objects.create_user("ann")
    response = ask("/api/one", user=user)
    assert "s-maxage" not in response.get("Cache-Control", "")
    assert ask("/api/one").status_code == 401
    assert [known.path for known in iter_pages()] == []


def test_built_answers_are_served(ask: Ask, site: Settings) -> None:
    with route_tree({"one.py": TREE["one.py"], "items/[id=int].py": TREE["items/[id=int].py"]}):
        assert prerender(workers=1, static=False).ok
        response = ask("/api/one")
        assert (response.json(), response["X-Pagesapi-Cache"]) == ({"made": 1}, "HIT")
        assert ask("/api/items/1")["X-Pagesapi-Cache"] == "HIT"
        assert ask("/api/items/3")["X-Pagesapi-Cache"] == "MISS"


def test_middleware_may_change_between_requests(ask: Ask, use_middleware: UseMiddleware) -> None:
    ask("/api/one")
    use_middleware("django.middleware.gzip.GZipMiddleware")
    assert ask("/api/one")["Cache-Control"] == SIXTY


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"static": 1}, r"RouteConfig\(static=…\) takes True or False"),
        ({"static": True, "revalidate": 0}, "whole seconds above 0"),
        ({"static": True, "revalidate": True}, "not True"),
        ({"static": True, "tags": "all"}, r"write \['all'\]"),
        ({"static": True, "tags": [""]}, "1 to 256 characters"),
        ({"static": False, "revalidate": 60}, "add static=True"),
        ({"static": False, "tags": ["all"]}, "add static=True"),
    ],
)
def test_a_config_that_makes_no_sense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RouteConfig(**options)
