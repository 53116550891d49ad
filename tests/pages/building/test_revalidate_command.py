"""`manage.py revalidate`."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.pages.building.command import run
from tests.pages.building.project import Project, listed_pages, text_page


@pytest.fixture(autouse=True)
def _built(project: Project) -> None:
    project.urls(
        text_page("", "Home", tags=["home", "all-pages"]), listed_pages("p/<int:key>/", [1, 2], tags=["all-pages"])
    )
    project.built()


def called(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command("revalidate", *arguments, stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, out.getvalue(), err.getvalue()


def made_anew(project: Project) -> set[str]:
    return {url for url in ("/", "/p/1/", "/p/2/") if is_made(project, url)}


def is_made(project: Project, url: str) -> bool:
    return bool(project.visit(url).headers["X-Pagesapi-Cache"] == "MISS")


def test_pages_are_made_anew_by_their_paths(project: Project) -> None:
    assert called("/p/1/", "/") == (0, "Revalidated /p/1/.\nRevalidated /.\n", "")
    assert made_anew(project) == {"/", "/p/1/"}


def test_pages_are_made_anew_by_tags(project: Project) -> None:
    assert called("--tag", "home") == (0, "Revalidated tag home.\n", "")
    assert made_anew(project) == {"/"}
    assert called("--tag", "all-pages", "nothing")[0] == 0
    assert made_anew(project) == {"/", "/p/1/", "/p/2/"}


def test_all_pages_are_made_anew(project: Project) -> None:
    assert called("--all") == (0, "Revalidated all pages.\n", "")
    assert made_anew(project) == {"/", "/p/1/", "/p/2/"}


def test_paths_and_tags_go_together(project: Project) -> None:
    assert called("/p/2/", "--tag", "home")[0] == 0
    assert made_anew(project) == {"/", "/p/2/"}


def test_a_path_among_the_tags_is_told(project: Project) -> None:
    with pytest.raises(CommandError, match="/p/1/ is a path, and stands after --tag"):
        called("--tag", "home", "/p/1/")
    assert made_anew(project) == set()


def test_what_is_no_page_is_told_and_the_rest_is_done(project: Project) -> None:
    status, out, err = called("/nowhere/", "/p/1/", "relative")
    assert (status, out) == (1, "Revalidated /p/1/.\n")
    assert "No static page has the path '/nowhere/'" in err
    assert "'relative' is no path" in err
    assert made_anew(project) == {"/p/1/"}


def test_something_has_to_be_named(project: Project) -> None:
    with pytest.raises(CommandError, match="Name a path"):
        called()
    assert made_anew(project) == set()


def test_another_process_sees_it(project: Project, tmp_path: Path) -> None:
    base = tmp_path / "sample"
    base.mkdir()
    assert run(base, "prerender").returncode == 0
    result = run(base, "revalidate", "/posts/1/", "--tag", "posts")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "Revalidated /posts/1/.\nRevalidated tag posts.\n"
    project.move(base)
    project.urls(listed_pages("posts/<int:key>/", [1, 2]), text_page("", "Home", tags=["posts"]))
    assert {url for url in ("/", "/posts/1/", "/posts/2/") if is_made(project, url)} == {"/", "/posts/1/"}


def test_a_store_that_cannot_be_written_is_told(project: Project) -> None:
    project.configure(STORE={"BACKEND": "tests.pages.building.project.NoStore"})
    with pytest.raises(CommandError, match="store"):
        called("/p/1/")
    with pytest.raises(CommandError, match="store"):
        called("--all")


def test_it_may_be_silent(project: Project) -> None:
    assert called("/p/1/", "--verbosity", "0") == (0, "", "")
    assert made_anew(project) == {"/p/1/"}
