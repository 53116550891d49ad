"""Previews: what `docs/preview.md` shows and says."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils.timezone import now

from pagesapi import Response
from pagesapi.conf import conf
from pagesapi.pages import preview, static_page
from pagesapi.preview import PreviewDataTooLarge, enable, preview_of
from pagesapi.testing import assert_static, route_tree
from project.blog.models import Post
from tests.docs.kinds import run
from tests.docs.page import Page

PAGE = Page("preview")
COOKIE = "pagesapi_preview"
DRAFT, PUBLIC = "/articles/draft/", "/articles/public/"


@pytest.fixture
def posts(db: None) -> None:
    """Without signals, for which the demo has receivers."""
    draft, public = (
        Post(title=name, slug=name, published=name == "public", created=now()) for name in ("draft", "public")
    )
    Post.objects.bulk_create([draft, public])


@pytest.fixture
def editor(client: Client, db: None) -> Client:
    client.force_login(User.objects.create(username="ada", is_staff=True))
    return client


def in_preview(data: Any = None, **options: Any) -> Client:
    """A browser with the cookie, wherever it is sent."""
    value = enable(HttpResponse(), data, **options).cookies[COOKIE].value
    return Client(raise_request_exception=False, headers={"cookie": f"{COOKIE}={value}"})


def test_an_editor_enters_sees_a_draft_and_leaves(site: Path, posts: None, editor: Client) -> None:
    assert Client().post("/api/drafts").status_code == 401
    assert editor.get(DRAFT).status_code == 404
    assert editor.get("/api/drafts").status_code == 405
    assert editor.post("/api/drafts").json() == {"draft": True}
    assert b"<title>draft</title>\n<p>Preview." in editor.get(DRAFT).content
    assert editor.delete("/api/drafts").json() == {"draft": False}
    assert editor.get(DRAFT).status_code == 404


def test_the_stored_page_is_neither_read_nor_written(site: Path, posts: None) -> None:
    stored = assert_static(PUBLIC).content
    seen = in_preview().get(PUBLIC)
    assert seen.content != stored
    assert (seen["Cache-Control"], "ETag" in seen, "X-Pagesapi-Cache" in seen) == ("private, no-store", False, False)
    assert Client().get(PUBLIC).content == stored
    assert in_preview().get("/api/nowhere")["Cache-Control"] == "private, no-store"


def test_any_view_can_let_the_visitor_leave(site: Path, posts: None, editor: Client) -> None:
    editor.post("/api/drafts")
    assert editor.get("/leave/").headers["Location"] == "/"
    assert editor.get(DRAFT).status_code == 404


def test_each_call_that_is_named_enters_or_leaves() -> None:
    calls = " ".join(cell for row in PAGE.rows_below("Enter and leave") for cell in row)
    methods = ("set_draft_mode", "set_preview_data", "clear_preview_data")
    assert [name for name in methods if f"res.{name}(" not in calls or not hasattr(Response, name)] == []
    for call in (Response.set_draft_mode, Response.set_preview_data, enable):
        assert {"max_age", "path"} <= set(inspect.signature(call).parameters)
    assert preview.MAX_AGES == (1, 365 * 86400)


def test_data_reach_every_place_that_is_told() -> None:
    told = "def handler(req, res): res.json([req.preview, req.draft, req.preview_data])"
    request = "def GET(request): return [request.api.preview, request.api.preview, request.api.preview_data]"

    @static_page
    def page(request: HttpRequest) -> HttpResponse:
        context: Any = request.static_context  # type: ignore[attr-defined]
        return HttpResponse(json.dumps([context.preview, context.draft, context.preview_data]))

    def view(request: HttpRequest) -> HttpResponse:
        found = preview_of(request)
        return HttpResponse(json.dumps([found is not None, found is not None, found.data if found else {}]))

    with route_tree({"a.py": told, "b.py": request}):
        for url in ("/api/a", "/api/b"):
            assert json.loads(in_preview({"id": 7}).get(url).content) == [True, True, {"id": 7}]
            assert json.loads(Client().get(url).content) == [False, False, {}]
    with override_settings(ROOT_URLCONF=type("Urls", (), {"urlpatterns": [path("page/", page), path("view/", view)]})):
        for url in ("/page/", "/view/"):
            assert json.loads(in_preview({"id": 7}).get(url).content) == [True, True, {"id": 7}]
            assert json.loads(Client().get(url).content) == [False, False, {}]


def test_data_in_the_cookie(site: Path, posts: None, editor: Client) -> None:
    answer = editor.post("/api/preview/7")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert answer.cookies[COOKIE]["max-age"] == 600
    assert "post" not in answer.cookies[COOKIE].value
    with pytest.raises(ValueError, match="a cookie holds 2,000") as raised:
        enable(HttpResponse(), "x" * 2000)
    assert isinstance(raised.value, PreviewDataTooLarge)


def test_a_link_of_a_cms(site: Path, posts: None, client: Client) -> None:
    assert client.get("/api/cms?secret=wrong&slug=draft").status_code == 401
    answer = client.get("/api/cms?secret=t0ken&slug=draft")
    assert (answer.status_code, answer["Location"]) == (307, DRAFT)
    assert client.get(DRAFT).status_code == 200


def test_the_flags_of_the_cookie() -> None:
    cookie = enable(HttpResponse()).cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (True, "Lax", True, "/")
    with override_settings(DEBUG=True):
        assert not enable(HttpResponse()).cookies[COOKIE]["secure"]
        with route_tree({}, PREVIEW={"samesite": "None"}):
            assert enable(HttpResponse()).cookies[COOKIE]["secure"]


def test_a_cookie_that_is_no_good_is_ignored(site: Path, posts: None, settings: Any) -> None:
    good = in_preview(path="/articles")
    assert good.get(DRAFT).status_code == 200
    assert in_preview(path="/other").get(DRAFT).status_code == 404
    assert Client(headers={"cookie": f"{COOKIE}=forged"}).get(DRAFT).status_code == 404
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert good.get(DRAFT).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert good.get(DRAFT).status_code == 404


def test_the_settings_have_these_defaults() -> None:
    rows = PAGE.source.split("| `PREVIEW` | default | meaning |")[1].splitlines()[2:5]
    defaults = {row.split("|")[1].strip(" `"): row.split("|")[2].strip(" `") for row in rows}
    assert defaults == {"max_age": "86400", "samesite": '"Lax"', "secure": "not DEBUG"}
    assert conf.preview == (86400, "Lax", True)
    shown = run(PAGE.block('"samesite": "None"'))["PAGESAPI"]
    with override_settings(PAGESAPI=shown):
        assert conf.preview._asdict() == shown["PREVIEW"]
