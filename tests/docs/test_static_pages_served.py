"""Static pages: what visitors get, where it is kept, and endpoints that are stored, as `docs/static-pages.md` says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, override_settings
from django.urls import path

from pagesapi.endpoints.config import RouteConfig
from pagesapi.pages import iter_pages, static_page
from pagesapi.pages.store import interface
from pagesapi.pages.store.cache import CacheStore
from pagesapi.pages.store.file import FileStore
from pagesapi.pages.store.memory import MemoryStore
from pagesapi.testing import assert_static, route_tree
from tests.docs.kinds import run
from tests.docs.page import Page
from tests.docs.served import problems
from tests.docs.small_site import say_x, shown, urls

PAGE = Page("static-pages")
ABOUT = "/about/"


class Broken:
    def __getattr__(self, name: str) -> Any:
        raise ConnectionRefusedError(111, "Connection refused")


def move(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/new/")


def test_another_spelling_leads_to_the_page(client: Client) -> None:
    @static_page
    def view(request: HttpRequest, number: int) -> HttpResponse:
        return HttpResponse(str(number))

    with urls(path("<int:number>/", view)):
        answer = client.get("/07/?a=1")
        assert (answer.status_code, answer["Location"]) == (308, "/7/?a=1")


def test_only_get_and_head(site: Path, client: Client) -> None:
    answer = client.post(ABOUT)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    head, got = client.head(ABOUT), client.get(f"{ABOUT}?utm_source=x")
    assert (head.content, got["X-Pagesapi-Cache"]) == (b"", "HIT")
    assert "Last-Modified" not in got
    again = client.get(ABOUT, headers={"If-None-Match": got["ETag"]})
    assert (again.status_code, again.content, got["ETag"][:1]) == (304, b"", '"')


def test_a_path_that_is_not_listed_is_a_404_for_no_cache(client: Client, db: None) -> None:
    view = static_page(paths=list, fallback=False)(lambda request, slug: HttpResponse(slug))
    with urls(path("<slug>/", view)):
        answer = client.get("/p/")
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


def test_headers_of_the_view_are_kept(client: Client, db: None) -> None:
    view = static_page(lambda request: HttpResponse("x", headers={"X-Own": "1", "Cache-Control": "max-age=5"}))
    with urls(path("p/", view)):
        answer = assert_static("/p/")
        assert (answer["X-Own"], answer["Cache-Control"]) == ("1", "max-age=5")


def test_a_redirect_is_stored(client: Client, db: None) -> None:
    with urls(path("old/", static_page(move))):
        client.get("/old/")
        answer = client.get("/old/")
        assert (answer.status_code, answer["X-Pagesapi-Cache"]) == (302, "HIT")


def test_a_static_endpoint(site: Path, client: Client, db: None) -> None:
    url = "/api/squares/3"
    assert [shown(client, url) for _ in range(2)] == [('{"square":9}', "MISS"), ('{"square":9}', "HIT")]
    assert client.post(url).json() == {"n": 3, "now": True}
    assert {page.url for page in iter_pages()} >= {"/api/squares/1", "/api/squares/2"}
    assert RouteConfig().static is not True


def test_a_handler_may_be_static_and_one_behind_middleware_is_not(client: Client, db: None) -> None:
    static = "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True{})\n"
    guarded = static.format(", middleware=[require_user]")
    files = {
        "one.py": static.format("") + "def handler(req, res): res.json(1)",
        "two.py": f"from pagesapi.guards import require_user\n{guarded}def GET(request): return 2",
    }
    with route_tree(files):
        assert_static("/api/one")
        assert client.get("/api/two").status_code == 401
        assert [problem for problem in problems() if "W027" in problem]


def test_the_settings_of_several_hosts_are_good() -> None:
    names = run(PAGE.block("django.core.cache.backends.redis"))
    with override_settings(PAGESAPI=names["PAGESAPI"], CACHES=names["CACHES"]):
        assert [problem for problem in problems() if "E00" in problem] == []


def test_the_stores_and_their_options() -> None:
    given = {"CacheStore": CacheStore, "FileStore": FileStore, "MemoryStore": MemoryStore}
    source = PAGE.source.split("## Where pages are kept")[1].split("\n## ")[0]
    assert [name for name in given if f"| `{name}`" not in source] == []
    options = {name for store in given.values() for name in _options(store)}
    assert options == {line.split("`")[1] for line in source.split('| `STORE["OPTIONS"]`')[1].splitlines()[2:5]}
    assert interface.MAX_ENTRIES == 10_000


def _options(store: Any) -> list[str]:
    code = store.__init__.__code__
    return list(code.co_varnames[1 : code.co_argcount])


def test_a_store_that_is_out_of_order_takes_no_page_down(client: Client, db: None) -> None:
    backend = f"{__name__}.Broken"
    view = static_page(say_x)
    with urls(path("p/", view)), route_tree({}, STORE={"BACKEND": backend}, REGENERATE="sync"):
        answer = client.get("/p/")
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
