"""Paths of all kinds: a correct file, or a clear error; and never anything outside the output folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path

from pagesapi.pages import static_page
from tests.pages.building.project import Project, files_in, listed_pages, text_page

ANY = r"^(?P<key>(?s:.+))$"


def anything(project: Project, *keys: str) -> None:
    def view(request: HttpRequest, key: str) -> HttpResponse:
        return HttpResponse("Text")

    project.urls(re_path(ANY, static_page(paths=lambda: [{"key": key} for key in keys])(view)))


def around(project: Project) -> set[str]:
    """All files below the folder around the project's, but those that a build has for itself."""
    parent = project.base.parent
    return {name for name in files_in(parent) if f"{project.base.name}/.pagesapi/" not in name}


@pytest.mark.parametrize(
    ("key", "file"),
    [
        ("a%2Fb/", "a%2Fb/index.html"),
        ("..a/b../", "..a/b../index.html"),
        ("a b/", "a b/index.html"),
        ("ü/ß", "ü/ß.html"),
        ("日本/", "日本/index.html"),
        ("a?b=c#d/", "a?b=c#d/index.html"),
        ("%00/", "%00/index.html"),
        ("'\"<>|*:&;$()`/", "'\"<>|*:&;$()`/index.html"),
        (".well-known/thing", ".well-known/thing.html"),
        ("-rf", "-rf.html"),
        ("_headers", "_headers.html"),
        (f"{'a' * 250}/", f"{'a' * 250}/index.html"),
        ("e\u0301/", "e\u0301/index.html"),
    ],
)
def test_an_unusual_path_is_a_correct_file(project: Project, key: str, file: str) -> None:
    anything(project, key)
    project.built()
    assert project.names == {file}


@pytest.mark.parametrize(
    "key",
    [
        "../escaped/",
        "a/../../escaped/",
        "..",
        "a/..",
        "./a/",
        "/etc/passwd",
        "a//b/",
        "a\\..\\b",
        "nul\0/",
        "line\nbreak/",
        "tab\t/",
        "\x7f/",
        "\ud800/",
        "a\udc80b/",
        f"{'a' * 300}/",
        f"{'ü' * 150}/",
        "/".join(["a" * 100] * 30),
        "_redirects/a/",
        "404",
        "404.html",
        "nginx.conf.example/",
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_path_that_can_be_no_file_is_a_failure(project: Project, key: str, workers: int) -> None:
    project.move(project.base / "deep")
    before = around(project)
    anything(project, key, "fine/")
    report = project.build(workers=workers)
    (failure,) = report.failures
    assert failure.error.startswith("PageError: ") or "surrogates not allowed" in failure.error
    assert report.pages == 1
    assert around(project) == before


@pytest.mark.parametrize("key", ["../escaped/", "nul\0/", "\ud800/", f"{'a' * 300}/"])
def test_a_404_with_such_a_path_writes_nothing_either(project: Project, key: str) -> None:
    def view(request: HttpRequest, key: str) -> HttpResponse:
        raise Http404

    project.urls(re_path(ANY, static_page(paths=lambda: [{"key": key}])(view)))
    report = project.build()
    assert report.ok == project.out.exists()
    assert project.left_over == set()


def test_paths_that_differ_in_case_alone_are_files_of_their_own_or_an_error(project: Project) -> None:
    project.urls(text_page("about/", "small"), text_page("About/", "large"))
    report = project.build()
    if is_case_sensitive(project.base):
        assert report.ok
        assert (project.text("about/index.html"), project.text("About/index.html")) == ("small", "large")
    else:
        (failure,) = report.failures
        assert "about" in failure.error.lower()


def is_case_sensitive(folder: Path) -> bool:
    (folder / "case").touch()
    found = not (folder / "CASE").exists()
    (folder / "case").unlink()
    return found


def test_a_converters_own_text_is_the_name(project: Project) -> None:
    project.urls(
        listed_pages("n/<int:key>/", ["007", 8]),
        listed_pages("u/<uuid:key>/", ["6ba7b810-9dad-11d1-80b4-00c04fd430c8"]),
        listed_pages("t/<path:key>", ["x/y/z"]),
    )
    project.built()
    assert project.names == {
        "n/7/index.html",
        "n/8/index.html",
        "u/6ba7b810-9dad-11d1-80b4-00c04fd430c8/index.html",
        "t/x/y/z.html",
    }


def test_a_pattern_with_values_of_its_own_is_built_with_them(project: Project) -> None:
    def view(request: HttpRequest, kind: str) -> HttpResponse:
        return HttpResponse(kind)

    page = static_page(view)
    project.urls(path("a/", page, {"kind": "first"}), path("b/", page, {"kind": "second"}))
    project.built()
    assert (project.text("a/index.html"), project.text("b/index.html")) == ("first", "second")
