"""Into which folders a build writes, and which it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pagesapi.exceptions import PrerenderError
from pagesapi.pages import static_page
from pagesapi.pages.building import workspace
from tests.pages.building.command import run
from tests.pages.building.mounts import mounted, need_mounts
from tests.pages.building.project import Project, files_in, names_in, stamps, text_page


def refused(project: Project, folder: Path, message: str) -> None:
    """Before the first page; and nothing is changed."""

    def state() -> object:
        return {name: stamp for name, stamp in stamps(project.base).items() if ".pagesapi/locks/" not in name}

    def view(request: HttpRequest) -> HttpResponse:
        raise AssertionError("nothing was to be built")

    before = state()

    project.urls(path("", static_page(view)))
    with pytest.raises(PrerenderError, match=message):
        project.build(folder)
    assert state() == before


def test_a_folder_that_is_not_empty_and_not_ours_is_refused(project: Project) -> None:
    project.out.mkdir()
    (project.out / "thesis.txt").write_text("ten years")
    refused(project, project.out, "not empty, and prerender has not written it. Nothing was changed")


def test_a_folder_with_a_headers_file_of_the_users_is_refused(project: Project) -> None:
    project.out.mkdir()
    (project.out / "_headers").write_text("/*\n  X-Frame-Options: DENY\n")
    refused(project, project.out, "not empty")
    (project.out / "_headers").unlink()
    (project.out / "_headers").mkdir()
    refused(project, project.out, "not empty")


def test_an_empty_folder_is_taken(project: Project) -> None:
    project.out.mkdir()
    project.built()
    assert project.names == {"index.html"}


def test_a_file_is_refused(project: Project) -> None:
    project.out.write_text("a file")
    refused(project, project.out, "is a file")


@pytest.mark.parametrize("where", [".", "..", ".pagesapi", ".pagesapi/site", "/"])
def test_the_project_and_what_the_build_keeps_are_refused(project: Project, where: str) -> None:
    refused(project, project.base / where, "never served")


def test_a_folder_of_the_projects_code_is_refused(project: Project) -> None:
    (project.base / "api").mkdir()
    (project.base / "api" / "posts.py").write_text("def GET(request): ...")
    refused(project, project.base / "api", "not empty")


def test_a_mount_point_is_refused(project: Project) -> None:
    need_mounts()
    project.out.mkdir()
    with mounted(project.out, "1m"):
        refused(project, project.out, "mount point")


def test_where_a_link_leads_is_where_the_site_is(project: Project) -> None:
    target = project.base / "real"
    target.mkdir()
    project.out.symlink_to(target)
    project.built()
    project.urls(text_page("", "Changed"))
    project.built()
    assert project.out.is_symlink()
    assert (target / "index.html").read_text() == "Changed"
    assert project.left_over == {"real"}


def test_a_link_to_a_file_or_to_nothing(project: Project) -> None:
    project.out.symlink_to(project.base / "nothing")
    project.built()
    assert (project.base / "nothing" / "index.html").exists()
    other = project.base / "other"
    (project.base / "file").touch()
    other.symlink_to(project.base / "file")
    refused(project, other, "is a file")


def test_a_link_out_of_the_old_site_is_not_followed(project: Project) -> None:
    secret = project.base / "secret"
    secret.mkdir()
    (secret / "index.html").write_text("mine")
    project.urls(text_page("p/", "Text"))
    project.built()
    (project.out / "p" / "index.html").unlink()
    (project.out / "p").rmdir()
    (project.out / "p").symlink_to(secret)
    project.built()
    assert (secret / "index.html").read_text() == "mine"
    assert project.text("p/index.html") == "Text"


def test_what_stands_beside_the_output_folder_is_left_alone(project: Project) -> None:
    for name in (".out.old-mine", ".out.new-0123456", ".out.new-0123456789", ".out.old-ABCDEF01", "out.new-01234567"):
        (project.base / name).mkdir()
        (project.base / name / "diary").write_text("mine")
    before = project.left_over
    project.built()
    assert project.left_over == before


def test_a_name_with_signs_of_a_glob_is_a_name(project: Project) -> None:
    for name in ("[ab]*", "a?"):
        (project.base / f".{name}.new-01234567").mkdir()
        project.built(project.base / name)
        assert (project.base / name / "index.html").exists()
    (project.base / ".b.new-01234567").mkdir()
    project.built(project.base / "[ab]")
    assert project.left_over == {"[ab]*", "a?", "[ab]", ".b.new-01234567"}


def test_what_a_killed_build_left_is_cleared_up(project: Project) -> None:
    for kind in ("new", "old"):
        (project.base / f".out.{kind}-01234567" / "p").mkdir(parents=True)
        (project.base / f".out.{kind}-01234567" / "p" / "index.html").write_text("half")
    project.built()
    assert project.left_over == set()


def test_a_folder_that_cannot_be_written_beside_is_refused(project: Project) -> None:
    need_mounts()
    site = project.base / "disk"
    site.mkdir()
    with mounted(site, "1m", read_only=True):
        refused(project, site / "out", r"disk cannot be written \(Read-only file system\)")


@pytest.mark.parametrize("name", [".pagesapi", ".pagesapi/locks"])
def test_a_folder_of_the_builds_own_that_is_a_file_is_named(project: Project, name: str) -> None:
    (project.base / name).parent.mkdir(exist_ok=True)
    (project.base / name).write_text("")
    with pytest.raises(PrerenderError, match=r"\.pagesapi"):
        project.build()
    assert not project.out.exists()


def test_folders_above_are_made(project: Project) -> None:
    project.built(project.base / "a" / "b" / "c")
    assert set(files_in(project.base / "a" / "b" / "c")) >= {"index.html"}


def test_a_system_that_opens_no_folders_has_the_same_site(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "os", SimpleNamespace(name="nt", path=os.path))
    project.built()
    project.built()
    assert project.names == {"index.html"}


# Two at once


def test_two_builds_of_one_folder_at_once_are_refused(project: Project) -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        with pytest.raises(PrerenderError, match=r"Another prerender is writing .*out\. Wait until it has ended"):
            project.build()
        seen.append("refused")
        project.urls(text_page("", "Other"))
        project.built(project.base / "other")
        return HttpResponse("First")

    project.urls(path("", static_page(view)))
    project.built()
    assert seen == ["refused"]
    assert project.text("index.html") == "First"
    assert (project.base / "other" / "index.html").read_text() == "Other"


def test_builds_of_other_folders_at_once_do_not_disturb(project: Project) -> None:
    other = project.base / "other"
    live = [text_page("", "Live")]

    def view(request: HttpRequest) -> HttpResponse:
        project.urls(*live)
        for _ in range(5):
            project.built()
        project.urls(page)
        return HttpResponse("Other")

    page = path("", static_page(view))
    project.urls(page)
    project.built(other)
    project.urls(text_page("", "Other"))
    assert project.built(other, check=True).is_unchanged


def test_another_checkout_that_builds_into_the_same_folder_is_noticed(project: Project) -> None:
    """Each has a `.pagesapi` of its own, so they do not know of one another."""
    shared = project.base / "www" / "site"
    project.configure(OUTPUT_DIR=shared)
    other = project.base / "green"
    other.mkdir()

    def view(request: HttpRequest) -> HttpResponse:
        assert run(other, "prerender", "--workers", "1", "--output", str(shared)).returncode == 0
        return HttpResponse("Blue")

    project.urls(*(text_page(f"{name}/", "Blue") for name in "abc"), path("z/", static_page(view)))
    with pytest.raises(PrerenderError, match="site"):
        project.build()
    assert "posts/1/index.html" in files_in(shared)
    assert not any(name.startswith((".site.new", ".site.old")) for name in names_in(shared.parent))
