"""What a build writes: a file for each page, redirects, the 404 page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils.translation import get_language

from pagesapi.pages import static_page
from pagesapi.pages.building import construction
from pagesapi.testing import route_tree
from tests.pages.building.project import HOST_FILES, Project, files_in, listed_pages, text_page

STATIC_ENDPOINT = """
from pagesapi import RouteConfig
config = RouteConfig(static=True)
def GET(request): return {"items": [1]}
"""
LISTED_ENDPOINT = """
from pagesapi import RouteConfig
config = RouteConfig(static=True)
def get_static_paths(): return [{"id": "a"}, {"id": "b"}]
def GET(request, id): return {"id": id}
"""
ORDINARY_ENDPOINT = "def GET(request): return {'private': 'code and answer'}"


@pytest.mark.parametrize(
    ("route", "content_type", "file"),
    [
        ("", None, "index.html"),
        ("about/", None, "about/index.html"),
        ("about", None, "about.html"),
        ("v1.2", None, "v1.2.html"),
        ("old.html", None, "old.html"),
        ("feed.xml", "application/rss+xml", "feed.xml"),
        ("robots.txt", "text/plain", "robots.txt"),
        ("data/posts", "application/json", "data/posts/index.json"),
        ("data/items.json", "application/json", "data/items.json"),
        ("a/b/c/", None, "a/b/c/index.html"),
        ("grüße/", None, "grüße/index.html"),
    ],
)
def test_a_page_is_a_file_named_by_its_path_and_type(
    project: Project, route: str, content_type: str | None, file: str
) -> None:
    project.urls(text_page(route, "Text", content_type=content_type))
    report = project.built()
    assert project.names == {file}
    assert project.text(file) == "Text"
    assert (report.pages, report.written, report.output) == (1, 1, str(project.out))


def test_every_listed_page_is_built(project: Project) -> None:
    project.urls(text_page("", "Home"), listed_pages("p/<int:key>/", [1, 2, 30]))
    assert project.built().pages == 4
    assert project.names == {"index.html", "p/1/index.html", "p/2/index.html", "p/30/index.html"}
    assert project.text("p/30/index.html") == "Page 30"


def test_a_page_with_parameters_and_no_list_has_no_file(project: Project) -> None:
    def view(request: HttpRequest, key: str) -> HttpResponse:
        raise AssertionError("nobody asked for it")

    project.urls(text_page("", "Home"), path("p/<slug:key>/", static_page(view)))
    assert project.built().pages == 1


def test_static_endpoints_are_files_and_no_code_is(project: Project) -> None:
    files = {"items.py": STATIC_ENDPOINT, "posts/[id].py": LISTED_ENDPOINT, "secret.py": ORDINARY_ENDPOINT}
    with route_tree({**files, "_lib/keys.py": "KEY = 'private'"}):
        project.urls(path("", include("pagesapi.urls")))
        project.built()
    assert project.names == {"api/items/index.json", "api/posts/a/index.json", "api/posts/b/index.json"}
    assert project.text("api/posts/b/index.json") == '{"id":"b"}'
    assert not any(b"private" in content for content in files_in(project.out).values())


def test_a_redirect_is_a_page_that_refreshes_and_a_line_for_hosts(project: Project) -> None:
    def old(request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect("/new/?a=1&b=2")

    project.urls(path("old/", static_page(old)), text_page("new/", "New"))
    report = project.built()
    assert report.redirects == 1
    page = project.text("old/index.html")
    assert '<meta http-equiv="refresh" content="0; url=/new/?a=1&amp;b=2">' in page
    assert '<a href="/new/?a=1&amp;b=2">' in page
    assert "/old/ /new/?a=1&b=2 302\n" in project.text("_redirects")


@pytest.mark.parametrize("name", ["Location", "location"])
def test_the_name_of_a_header_may_be_spelt_in_any_case(project: Project, name: str) -> None:
    project.urls(path("old/", static_page(lambda request: HttpResponse(status=301, headers={name: "/new/"}))))
    project.built()
    assert "url=/new/" in project.text("old/index.html")
    assert "/old/ /new/ 301\n" in project.text("_redirects")


def test_a_redirect_that_leads_nowhere_fails(project: Project) -> None:
    project.urls(path("old/", static_page(lambda request: HttpResponse(status=301))))
    (failure,) = project.build().failures
    assert failure.path == "/old/"
    assert "Location" in failure.error


def test_a_listed_page_that_is_a_404_has_no_file(project: Project) -> None:
    def view(request: HttpRequest, key: int) -> HttpResponse:
        if key == 2:
            raise Http404
        return HttpResponse("There")

    project.urls(listed_pages("p/<int:key>/", [1, 2], view))
    report = project.built()
    assert (report.pages, report.missing, report.written) == (2, 1, 1)
    assert project.names == {"p/1/index.html"}


def test_404_html_is_what_the_projects_handler_says(project: Project) -> None:
    def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
        return HttpResponse(f"Nothing at {request.get_host()} for {request.user}", status=404)

    project.urls(text_page("", "Home"), handler404=handler404)
    project.built()
    assert project.text("404.html") == "Nothing at example.com for AnonymousUser"


def test_404_html_is_made_of_the_template_404_html(project: Project) -> None:
    project.built()
    assert project.text("404.html") == "<!doctype html><title>Nothing here</title>\n"


def test_a_404_page_that_cannot_be_made_is_a_failure_like_another(project: Project) -> None:
    def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
        raise ValueError("no idea")

    project.urls(text_page("", "Home"), handler404=handler404)
    (failure,) = project.build().failures
    assert (failure.path, failure.error) == ("/404.html", "ValueError: no idea")
    assert failure.location.startswith("tests/pages/building/test_site.py:")
    assert not project.out.exists()


def test_there_are_files_for_hosts(project: Project) -> None:
    project.built()
    assert set(files_in(project.out)) == HOST_FILES | {"index.html"}
    assert "example.com" in project.text("nginx.conf.example")


def test_a_page_in_each_language_is_a_file_of_its_own(project: Project) -> None:
    def paths() -> list[dict[str, Any]]:
        return [{"key": f"only-{get_language()}"}]

    def view(request: HttpRequest, key: str) -> HttpResponse:
        return HttpResponse(f"{get_language()} {key}")

    project.settings.LANGUAGES = [("en", "English"), ("de", "German")]
    project.urls(*i18n_patterns(path("p/<slug:key>/", static_page(paths=paths)(view))))
    project.built()
    assert project.names == {"en/p/only-en/index.html", "de/p/only-de/index.html"}
    assert project.text("de/p/only-de/index.html") == "de only-de"


def test_a_stream_and_a_json_answer_are_written_whole(project: Project) -> None:
    project.urls(
        path("stream/", static_page(lambda request: StreamingHttpResponse(iter([b"a", b"b"])))),
        path("json", static_page(lambda request: JsonResponse({"a": 1}))),
    )
    project.built()
    assert project.text("stream/index.html") == "ab"
    assert project.text("json/index.json") == '{"a": 1}'


def test_an_empty_page_and_one_of_megabytes_are_written_whole(project: Project) -> None:
    large = "x" * 3_000_000
    project.urls(text_page("empty/", ""), text_page("large/", large))
    project.built()
    project.built()
    assert project.text("empty/index.html") == ""
    assert project.text("large/index.html") == large


def test_templates_are_rendered_with_the_addresses_of_the_site(project: Project) -> None:
    (project.base / "templates").mkdir()
    (project.base / "templates" / "page.html").write_text("{{ request.build_absolute_uri }}")
    project.settings.TEMPLATES[0]["OPTIONS"] = {"context_processors": ["django.template.context_processors.request"]}
    project.settings.TEMPLATES = [*project.settings.TEMPLATES]
    project.urls(path("p/", static_page(lambda request: render(request, "page.html"))))
    project.built()
    assert project.text("p/index.html") == "https://example.com/p/"


def test_async_pages_and_async_lists_are_built(project: Project) -> None:
    async def paths() -> list[dict[str, int]]:
        return [{"key": 1}]

    async def view(request: HttpRequest, key: int) -> HttpResponse:
        return HttpResponse(f"async {key}")

    project.urls(path("p/<int:key>/", static_page(paths=paths)(view)))
    project.built(workers=2)
    assert project.text("p/1/index.html") == "async 1"


def test_a_site_without_pages_is_a_404_page(project: Project) -> None:
    project.urls()
    assert project.built().pages == 0
    assert set(files_in(project.out)) == HOST_FILES


def test_the_output_folder_may_be_named(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "some" / "where else"
    report = project.built(elsewhere)
    assert report.output == str(elsewhere)
    assert (elsewhere / "index.html").read_text() == "Home"
    assert not project.out.exists()


def test_the_output_folder_of_the_settings_is_taken(project: Project) -> None:
    project.configure(OUTPUT_DIR=str(project.base / "public"))
    project.built()
    assert (project.base / "public" / "index.html").read_text() == "Home"


def test_a_site_of_many_pages_has_the_same_files_for_hosts(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its list is read anew for each of them, for it may not fit into memory."""
    project.urls(text_page("", "Home"), text_page("a/", "A"), text_page("feed.xml", "F", content_type="text/xml"))
    project.built()
    before = {name: project.text(name) for name in ("_headers", "_redirects", "nginx.conf.example")}
    monkeypatch.setattr(construction, "FEW", 0)
    assert project.built(check=True).is_unchanged
    project.built()
    assert {name: project.text(name) for name in before} == before
