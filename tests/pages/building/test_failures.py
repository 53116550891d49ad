"""A page that cannot be made: all such pages are listed, and the old site stands."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from pagesapi.exceptions import PrerenderError
from pagesapi.pages import StaticPage, static_page
from tests.pages.building.project import Project, listed_pages, stamps, text_page

HERE = "tests/pages/building/test_failures.py"
both = pytest.mark.parametrize("workers", [1, 2])


def broken(request: HttpRequest, key: int) -> HttpResponse:
    if key % 2:
        raise ValueError(f"{key} is odd")
    return HttpResponse("Fine")


LINE = broken.__code__.co_firstlineno + 2


@both
def test_every_failed_page_is_listed_with_its_path_error_and_line(project: Project, workers: int) -> None:
    project.urls(text_page("", "Home"), listed_pages("p/<int:key>/", range(100), broken))
    report = project.build(workers=workers)
    assert not report.ok
    assert sorted((failure.path, failure.error, failure.location) for failure in report.failures) == sorted(
        (f"/p/{key}/", f"ValueError: {key} is odd", f"{HERE}:{LINE}") for key in range(1, 100, 2)
    )
    assert report.pages == 51
    assert not project.out.exists()
    assert project.left_over == set()


@both
def test_the_old_site_stands_after_a_failure(project: Project, workers: int) -> None:
    project.urls(text_page("", "One"))
    project.built()
    before = stamps(project.base)
    project.urls(text_page("", "Two"), listed_pages("p/<int:key>/", [1], broken))
    assert not project.build(workers=workers).ok
    assert stamps(project.base) == before
    assert project.left_over == set()


def test_a_build_can_stop_at_the_first_failure(project: Project) -> None:
    taken: list[int] = []

    def keys() -> Iterator[int]:
        for key in range(10_000):
            taken.append(key)
            yield key

    project.urls(listed_pages("p/<int:key>/", keys, broken))
    report = project.build(fail_fast=True)
    assert report.failures
    assert len(taken) < 100


@both
def test_a_build_with_workers_can_stop_at_the_first_failure(project: Project, workers: int) -> None:
    project.urls(listed_pages("p/<int:key>/", range(1000), broken))
    report = project.build(fail_fast=True, workers=workers)
    assert 0 < len(report.failures) < 500
    assert project.left_over == set()


def test_without_a_failure_there_is_no_stop(project: Project) -> None:
    project.urls(listed_pages("p/<int:key>/", range(0, 200, 2), broken))
    assert project.built(fail_fast=True).pages == 100


def test_a_template_that_is_missing_is_named(project: Project) -> None:
    class Missing(StaticPage):
        template_name = "not/there.html"

    def view(request: HttpRequest) -> HttpResponse:
        return render(request, "nor/here.html")

    project.urls(path("a/", Missing.as_view()), path("b/", static_page(view)))
    first, second = project.build().failures
    assert (first.path, first.error) == ("/a/", "TemplateDoesNotExist: not/there.html")
    assert (second.path, second.error) == ("/b/", "TemplateDoesNotExist: nor/here.html")
    assert second.location == f"{HERE}:{view.__code__.co_firstlineno + 1}"


def test_a_template_that_is_wrong_is_named_with_its_line_in_debug(project: Project) -> None:
    folder = project.base / "templates"
    folder.mkdir()
    (folder / "wrong.html").write_text("fine\n{% nonsense %}\n")
    project.settings.DEBUG = True
    project.urls(path("", static_page(lambda request: render(request, "wrong.html"))))
    (failure,) = project.build().failures
    assert failure.error.startswith("TemplateSyntaxError: ")
    assert "Invalid block tag on line 2: 'nonsense'" in failure.error
    assert failure.location == f"{folder / 'wrong.html'}:2"


def test_code_outside_the_working_folder_is_named_in_full(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.base)
    project.urls(listed_pages("p/<int:key>/", [1], broken))
    (failure,) = project.build().failures
    assert failure.location == f"{__file__}:{LINE}"


def test_a_failure_that_no_code_of_the_project_took_part_in_has_no_line(project: Project) -> None:
    project.urls(path("", static_page(lambda request: HttpResponse(status=500))))
    (failure,) = project.build().failures
    assert failure.error.startswith("PageError: ")
    assert failure.location == ""


def exits(request: HttpRequest) -> HttpResponse:
    sys.exit(0)


async def is_cancelled(request: HttpRequest) -> HttpResponse:
    raise asyncio.CancelledError


@both
@pytest.mark.parametrize("view", [exits, is_cancelled])
def test_a_page_that_ends_the_process_fails_like_another(
    project: Project, view: Callable[[HttpRequest], Any], workers: int
) -> None:
    project.urls(path("a/", static_page(view)), text_page("b/", "B"))
    report = project.build(workers=workers)
    assert [failure.path for failure in report.failures] == ["/a/"]


def test_an_error_that_cannot_be_shown_is_a_failure_too(project: Project) -> None:
    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    def view(request: HttpRequest) -> HttpResponse:
        raise Unspeakable

    project.urls(path("a/", static_page(view)), text_page("b/", "B"))
    report = project.build()
    assert [failure.path for failure in report.failures] == ["/a/"]
    assert "Unspeakable" in report.failures[0].error


# Lists of pages


@both
def test_a_list_that_breaks_off_in_the_middle_is_a_failure(project: Project, workers: int) -> None:
    def keys() -> Iterator[int]:
        yield from range(50)
        raise LookupError("The rows have gone.")

    project.urls(text_page("", "Home"), listed_pages("p/<int:key>/", keys), text_page("z/", "Z"))
    report = project.build(workers=workers)
    (failure,) = report.failures
    assert (failure.path, failure.error) == ("/p/<int:key>/", "LookupError: The rows have gone.")
    assert failure.location == f"{HERE}:{keys.__code__.co_firstlineno + 2}"
    assert report.pages == 52
    assert not project.out.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("ab", "a str"),
        (5, "a int"),
        ([1], "Give mappings"),
        ([{"other": 1}], "has no URL"),
        ([{"key": "x y/z"}], "has no URL"),
        ([{"key": None}], "no value for the parameter|has no URL"),
    ],
)
def test_a_list_that_is_none_is_a_failure(project: Project, given: Any, message: str) -> None:
    project.urls(path("p/<int:key>/", static_page(paths=lambda: given)(broken)), text_page("z/", "Z"))
    report = project.build()
    (failure,) = report.failures
    assert failure.path == "/p/<int:key>/"
    assert re.search(message, failure.error)
    assert report.pages == 1


def test_a_list_that_ends_the_process_is_a_failure(project: Project) -> None:
    def keys() -> Iterator[int]:
        yield 2
        sys.exit(0)

    project.urls(listed_pages("p/<int:key>/", keys, broken))
    (failure,) = project.build().failures
    assert failure.error.startswith("SystemExit")


# Two pages for one file


@both
def test_a_page_that_is_listed_twice_is_refused(project: Project, workers: int) -> None:
    project.urls(listed_pages("p/<int:key>/", [2, 4, 2], broken))
    (failure,) = project.build(workers=workers).failures
    assert failure.path == "/p/2/"
    assert failure.error.startswith("PageError: ")
    assert "p/2/index.html" in failure.error or "twice" in failure.error
    assert not project.out.exists()


def test_two_pages_for_one_file_are_refused(project: Project) -> None:
    project.urls(text_page("a/", "Folder"), text_page("a/index.html", "File"))
    (failure,) = project.build().failures
    assert "a/index.html" in failure.error


@pytest.mark.parametrize("routes", [("a.xml", "a.xml/b/"), ("a.xml/b/", "a.xml")])
def test_a_file_and_a_folder_of_one_name_are_refused(project: Project, routes: tuple[str, str]) -> None:
    types = {"a.xml": "application/xml", "a.xml/b/": None}
    project.urls(*(text_page(route, "Text", content_type=types[route]) for route in routes))
    (failure,) = project.build().failures
    assert failure.path == f"/{routes[1]}"
    assert "a.xml" in failure.error


def test_a_missing_page_that_is_listed_twice_is_refused(project: Project) -> None:
    def view(request: HttpRequest, key: int) -> HttpResponse:
        raise Http404

    project.urls(listed_pages("p/<int:key>/", [1, 1, 2], view, name="post"))
    (failure,) = project.build().failures
    assert failure.path == "/p/1/"
    assert failure.error == "PageError: The path is listed twice, by post and post. Change one of them."


# The settings


def test_without_an_address_of_the_site_nothing_is_built(project: Project) -> None:
    project.configure(SITE_URL=None)
    with pytest.raises(PrerenderError, match=r'Set PAGESAPI\["SITE_URL"\]'):
        project.build()
    assert project.left_over == set()
    assert not project.work.exists()


def test_a_site_that_the_project_does_not_answer_to_is_refused(project: Project) -> None:
    project.configure(SITE_URL="https://other.example:8443")
    with pytest.raises(PrerenderError, match=r"Add 'other.example'.*ALLOWED_HOSTS"):
        project.build()
    project.settings.ALLOWED_HOSTS = [".example"]
    project.built()


def test_in_debug_the_loopback_is_allowed_as_django_does(project: Project) -> None:
    project.settings.DEBUG, project.settings.ALLOWED_HOSTS = True, []
    project.settings.PAGESAPI = {}
    project.built()
    project.configure(SITE_URL="http://[::1]:8000")
    project.built()
    project.configure(SITE_URL="https://example.com")
    with pytest.raises(PrerenderError, match="ALLOWED_HOSTS"):
        project.build()


@pytest.mark.parametrize("workers", [0, -1, 1.5, "2"])
def test_the_number_of_workers_is_one_from_1_on(project: Project, workers: Any) -> None:
    with pytest.raises(PrerenderError, match="workers is a number from 1 on"):
        project.build(workers=workers)
