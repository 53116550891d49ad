"""A build where there was one before: what is written anew, what is left, what goes; and the name of the build."""

from __future__ import annotations

import json
import os
import shutil
import stat

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pagesapi.pages import static_page
from tests.pages.building.project import Project, files_in, listed_pages, stamps, text_page


def pages(project: Project, keys: list[int], text: str = "one") -> None:
    def view(request: HttpRequest, key: int) -> HttpResponse:
        return HttpResponse(text if key == 2 else f"Page {key}")

    project.urls(
        text_page("", "Home"),
        listed_pages("p/<int:key>/", keys, view),
        path("old/", static_page(lambda request: HttpResponse(status=301, headers={"Location": "/"}))),
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_build_with_nothing_changed_rewrites_no_file(project: Project, workers: int) -> None:
    (project.base / "assets").mkdir()
    (project.base / "assets" / "site.css").write_text("body {}")
    project.settings.STATICFILES_DIRS = [project.base / "assets"]
    pages(project, [1, 2, 3])
    project.built(workers=workers)
    before = stamps(project.out)
    report = project.built(workers=workers)
    assert stamps(project.out) == before
    assert (report.pages, report.written, report.unchanged, report.removed) == (5, 0, 5, 0)
    assert report.is_unchanged


def test_only_the_file_that_changed_is_written(project: Project) -> None:
    pages(project, [1, 2, 3], "one")
    project.built()
    before = stamps(project.out)
    pages(project, [1, 2, 3], "two")
    report = project.built()
    assert {name for name, stamp in stamps(project.out).items() if before[name] != stamp} == {"p/2/index.html"}
    assert (report.written, report.unchanged) == (1, 4)
    assert project.text("p/2/index.html") == "two"


def test_pages_that_are_listed_no_more_vanish(project: Project) -> None:
    pages(project, [1, 2, 3])
    project.built()
    pages(project, [2])
    report = project.built()
    assert report.removed == 2
    assert project.names == {"index.html", "p/2/index.html", "old/index.html"}
    assert not (project.out / "p" / "3").exists()


def test_files_that_no_page_has_vanish(project: Project) -> None:
    project.built()
    (project.out / "stray.html").write_text("not of any page")
    project.built()
    assert project.names == {"index.html"}


def test_a_file_that_somebody_changed_is_written_anew(project: Project) -> None:
    project.built()
    (project.out / "index.html").write_text("changed by hand")
    assert project.built().written == 1
    assert project.text("index.html") == "Home"


def test_the_old_sites_files_are_never_written_into(project: Project) -> None:
    """A hard link of an old file shows the old bytes for ever."""
    pages(project, [2], "one")
    project.built()
    kept = project.base / "kept"
    os.link(project.out / "p/2/index.html", kept)
    pages(project, [2], "two")
    project.built()
    assert kept.read_text() == "one"


def test_where_there_are_no_hard_links_the_time_is_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(source: object, target: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    pages(project, [1, 2])
    project.built()
    before = {name: time for name, (_, time) in stamps(project.out).items()}
    monkeypatch.setattr(os, "link", no_link)
    report = project.built()
    assert {name: time for name, (_, time) in stamps(project.out).items()} == before
    assert report.is_unchanged
    assert project.built(only=["/p/1/"]).kept == 3
    assert {name: time for name, (_, time) in stamps(project.out).items()} == before


@pytest.mark.parametrize("first", [True, False])
def test_a_folder_becomes_a_file_and_a_file_a_folder(project: Project, first: bool) -> None:
    folder, file = text_page("feed.xml/", "Page"), text_page("feed.xml", "Feed", content_type="application/xml")
    project.urls(folder if first else file)
    project.built()
    project.urls(file if first else folder)
    project.built()
    assert project.names == ({"feed.xml"} if first else {"feed.xml/index.html"})


def test_a_site_that_was_removed_is_built_again(project: Project) -> None:
    project.built()
    shutil.rmtree(project.out)
    assert project.built().written == 1
    project.out.joinpath("index.html").unlink()
    shutil.rmtree(project.work)
    assert project.built().written == 1
    assert project.names == {"index.html"}


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_list_of_pages_that_is_damaged_is_no_hindrance(project: Project, content: bytes) -> None:
    project.built()
    for file in (project.work / "builds").iterdir():
        file.write_bytes(content)
    project.built()
    assert project.names == {"index.html"}


@pytest.mark.parametrize("content", ["", "[]", '{"id": 1}', "{}", "no json"])
def test_a_record_of_the_build_that_is_damaged_is_no_hindrance(project: Project, content: str) -> None:
    project.built()
    (project.work / "build.json").write_text(content)
    project.built()
    assert json.loads((project.work / "build.json").read_text())["manifest"]


def test_the_lists_of_some_builds_are_kept_and_of_older_ones_removed(project: Project) -> None:
    for _ in range(5):
        project.built()
    assert len(list((project.work / "builds").iterdir())) == 3


def test_files_can_be_read_by_a_web_server_of_another_user(project: Project) -> None:
    mask = os.umask(0o022)
    try:
        project.built()
    finally:
        os.umask(mask)
    assert stat.S_IMODE(project.out.stat().st_mode) == 0o755
    assert {stat.S_IMODE(file.stat().st_mode) for file in project.out.iterdir()} == {0o644}


# The name of a build


def test_a_build_has_a_name_and_another_one_another(project: Project) -> None:
    project.built()
    first = json.loads((project.work / "build.json").read_text())["id"]
    project.urls(text_page("", "Changed"))
    second = project.built().build_id
    assert json.loads((project.work / "build.json").read_text())["id"] == second != first


def test_a_build_that_changed_nothing_keeps_the_name(project: Project) -> None:
    assert project.built().build_id == project.built().build_id != ""


def test_the_projects_own_name_is_taken(project: Project) -> None:
    project.configure(BUILD_ID="v1.2")
    assert project.built().build_id == "v1.2"
    assert json.loads((project.work / "build.json").read_text())["id"] == "v1.2"


def test_two_builds_of_the_same_pages_are_the_same_bytes(project: Project) -> None:
    pages(project, list(range(80)))
    project.built(workers=1)
    project.built(project.base / "other", workers=2)
    assert files_in(project.base / "other") == files_in(project.out)
