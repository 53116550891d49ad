"""Static pages: what `docs/static-pages.md` shows and says."""

from __future__ import annotations

from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.test import Client
from django.urls import path
from pytest_django import DjangoCaptureOnCommitCallbacks

from pagesapi import pages as public
from pagesapi.exceptions import PageError, PageNotFound
from pagesapi.pages import Props, StaticContext, StaticPage, iter_pages, render_page, revalidate, static_page
from pagesapi.pages.signals import page_rendered, pages_revalidated
from pagesapi.policy import Policy
from pagesapi.testing import assert_static
from project.blog.models import Post
from tests.docs.kinds import run
from tests.docs.page import Page
from tests.docs.served import problems
from tests.docs.small_site import names_in, say_x, shown, urls

PAGE = Page("static-pages")
RECEIVERS = PAGE.block("def renew_pages")
PURGING = PAGE.block("def purge")
VISIT = PAGE.block("def test_the_second_visitor")
MISTAKE = PAGE.block("def greeting")
REFUSAL = PAGE.block("The static page /greeting/ uses")
HELLO = "/articles/hello/"
STORED = "s-maxage=60, stale-while-revalidate=31535940"


@pytest.fixture
def post(db: None) -> Post:
    """Without a signal, for which the demo has receivers."""
    Post.objects.bulk_create([made := Post(title="Hello", slug="hello")])
    return made


def test_the_first_pages(site: Path, client: Client, post: Post) -> None:
    assert problems() == []
    assert shown(client, HELLO) == ("<title>Hello</title>", "MISS")
    assert shown(client, HELLO) == ("<title>Hello</title>", "HIT")
    assert "About us" in assert_static("/about/").content.decode()
    assert client.get("/articles/nothing/").status_code == 404
    assert {HELLO, "/about/"} <= {page.url for page in iter_pages()}


def test_the_attributes_of_the_class_have_these_defaults() -> None:
    defaults = {row[0].strip("`"): row[1].strip("`") for row in PAGE.rows_below("A class, or a decorator")}
    assert defaults == {name: repr(getattr(StaticPage, name)) for name in StaticPage.__annotations__}


def test_a_pattern_may_change_an_attribute(site: Path, client: Client, post: Post) -> None:
    view = import_module("blog.views").PostPage.as_view(revalidate=10)
    with urls(path("articles/<slug:slug>/", view)):
        assert client.get(HELLO)["Cache-Control"].startswith("s-maxage=10,")


def test_a_page_by_the_decorator(site: Path, client: Client, post: Post) -> None:
    year = post.created.year
    with urls(path("<int:year>/", import_module("blog.news").archive)):
        number = Post.objects.filter(created__year=year).count()
        assert shown(client, f"/{year}/") == (f"{number} posts in {year}", "MISS")
        assert client.get("/1999/").status_code == 404
    with pytest.raises(TypeError, match="it takes paths, revalidate, fallback, tags"):
        static_page(path=[])  # type: ignore[call-overload]


def test_what_get_static_props_may_give(site: Path, client: Client, post: Post) -> None:
    with urls(path("shelves/<letter>/", import_module("blog.shelves").ShelfPage.as_view())):
        (site / "blog/templates/blog/shelf.html").write_text("{{ posts.0 }} {{ request.static_context.reason }}")
        assert shown(client, "/shelves/h/") == ("Hello first-request", "MISS")
        assert client.get("/shelves/h/")["Cache-Control"] == STORED
        assert client.get("/shelves/H/")["Location"] == "/shelves/h/"
        assert client.get("/shelves/H/")["X-Pagesapi-Cache"] == "HIT"
        missing = client.get("/shelves/x/")
        assert (missing.status_code, missing["Cache-Control"]) == (404, "s-maxage=10")
        assert list(render_page("/shelves/h/").tags) == [f"post-{post.pk}"]


def test_nothing_is_no_page() -> None:
    class Nothing(StaticPage):
        def get_static_props(self, context: StaticContext) -> Any:
            return None

    with urls(path("", Nothing.as_view())), pytest.raises(PageError, match="Return a mapping of template variables"):
        render_page("/")


def test_the_members_of_a_context() -> None:
    first, *_ = (row for row in [PAGE.source.split("It cannot be changed.")[1]])
    named = {name for line in first.splitlines()[3:8] for name in names_in(line.split("|")[1] if "|" in line else "")}
    assert named == {*StaticContext.__slots__, "draft"}
    with pytest.raises(AttributeError):
        StaticContext(params={}, reason="build").reason = "stale"  # type: ignore[misc]


def test_an_async_source_of_paths(site: Path, client: Client, post: Post) -> None:
    with urls(path("s/<slug>/", import_module("blog.paths").short)):
        assert "/s/hello/" in [page.url for page in iter_pages()]
        assert assert_static("/s/hello/").content == b"The page of hello"
        assert client.get("/s/nothing/").status_code == 404


def test_a_post_that_changes_renews_its_pages(
    site: Path, client: Client, post: Post, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client.get(HELLO)
    renew_pages = run(RECEIVERS)["renew_pages"]
    try:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            Post.objects.update(title="New")
            renew_pages(instance=post)
            assert shown(client, HELLO) == ("<title>Hello</title>", "HIT")
    finally:
        assert post_save.disconnect(renew_pages, Post)
        assert post_delete.disconnect(renew_pages, Post)
    assert shown(client, HELLO) == ("<title>New</title>", "MISS")


def test_what_is_no_static_page_cannot_be_revalidated(site: Path, db: None) -> None:
    with pytest.raises(PageNotFound) as found:
        revalidate("/nowhere/")
    assert isinstance(found.value, LookupError)
    with pytest.raises(ValueError, match="1 to 256 characters"):
        public.revalidate_tag("x" * 257)


def test_the_purge_hears_what_was_revalidated(
    site: Path, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, db: None
) -> None:
    names = run(PURGING)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            call_command("revalidate", "/about/", tags=["posts"], all=True, stdout=StringIO())
    finally:
        assert pages_revalidated.disconnect(names["purge"])
    assert names["purged"] == ["/about/", "posts", "*"]


def test_the_arguments_of_the_signals(client: Client, db: None) -> None:
    heard: list[set[str]] = []

    def hear(signal: Any, sender: None, **values: Any) -> None:
        heard.append(set(values))

    page_rendered.connect(hear)
    with urls(path("p/", static_page(say_x))):
        client.get("/p/")
    page_rendered.disconnect(hear)
    rows = {row[0].strip("`"): names_in(row[2]) for row in PAGE.rows_below("Signals")}
    assert [set(rows["page_rendered"])] == heard
    assert set(rows["page_failed"]) == {"path", "reason", "error"}


def test_a_page_that_asks_for_a_session_is_told(site: Path, client: Client) -> None:
    with urls(path("greeting/", run(MISTAKE)["greeting"])), pytest.raises(PageError) as found:
        Client().get("/greeting/")
    assert str(found.value) == " ".join(REFUSAL.text.split())


def test_the_test_that_is_shown_passes(site: Path, client: Client, post: Post) -> None:
    run(VISIT)["test_the_second_visitor_gets_stored_bytes"]()


def test_sizes(site: Path, db: None) -> None:
    assert import_module("blog.sizes").sizes()["/about/"] == len("<title>About us</title>")


def test_every_public_name_is_told() -> None:
    section = PAGE.source.split("## From Python")[1]
    assert [name for name in public.__all__ if f"`{name}" not in section and f"await {name}(" not in section] == []
    assert Props.__slots__ == ("revalidate", "tags", "values")
    assert Policy().fallback is True
