"""`--check`: whether the site is up to date, and nothing is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from pagesapi.pages import static_page
from tests.pages.building.project import Project, listed_pages, stamps, text_page


@pytest.fixture
def assets(project: Project) -> Path:
    folder = project.base / "assets"
    folder.mkdir()
    (folder / "site.css").write_text("body {}")
    project.settings.STATICFILES_DIRS = [folder]
    return folder


def is_current(project: Project) -> bool:
    """And the site and all that belongs to it stays as it is."""
    before = stamps(project.base)
    report = project.built(check=True)
    assert {name: stamp for name, stamp in stamps(project.base).items() if not name.endswith(".lock")} == {
        name: stamp for name, stamp in before.items() if not name.endswith(".lock")
    }
    return report.is_unchanged


def test_a_site_that_was_just_built_is_current(project: Project, assets: Path) -> None:
    project.built()
    assert is_current(project)


def test_a_site_that_was_never_built_is_not(project: Project) -> None:
    assert not is_current(project)
    assert not project.out.exists()


def test_a_page_that_changed_came_or_went_is_noticed(project: Project) -> None:
    project.built()
    for patterns in (
        [text_page("", "Changed")],
        [text_page("", "Home"), text_page("new/", "New")],
        [],
    ):
        project.urls(*patterns)
        assert not is_current(project)
    project.urls(text_page("", "Home"))
    assert is_current(project)


def test_a_static_file_that_changed_came_or_went_is_noticed(project: Project, assets: Path) -> None:
    project.built()
    (assets / "site.css").write_text("changed")
    assert not is_current(project)
    (assets / "site.css").unlink()
    assert not is_current(project)
    (assets / "site.css").write_text("body {}")
    assert is_current(project)
    (assets / "new.css").write_text("new")
    assert not is_current(project)


def test_a_redirect_that_leads_elsewhere_is_noticed(project: Project) -> None:
    for location in ("/a/", "/b/"):
        headers = {"Location": location}
        project.urls(path("", static_page(lambda request, headers=headers: HttpResponse(status=301, headers=headers))))
        assert not is_current(project)
        project.built()
        assert is_current(project)


def test_a_page_that_is_now_a_404_is_noticed(project: Project) -> None:
    missing: list[int] = []

    def view(request: HttpRequest, key: int) -> HttpResponse:
        if key in missing:
            raise Http404
        return HttpResponse("There")

    project.urls(listed_pages("p/<int:key>/", [1, 2], view))
    project.built()
    missing.append(2)
    assert not is_current(project)
    project.built()
    assert is_current(project)
    missing.clear()
    assert not is_current(project)


def test_what_the_live_site_says_of_a_page_is_noticed(project: Project) -> None:
    """Its files are the same, but the list of pages has its lifetime and its tags."""
    project.urls(text_page("", "Home", revalidate=60))
    project.built()
    project.urls(text_page("", "Home", revalidate=5))
    assert not is_current(project)
    project.urls(text_page("", "Home", revalidate=60, tags=["posts"]))
    assert not is_current(project)
    project.urls(text_page("", "Home", revalidate=60))
    assert is_current(project)


def test_a_file_that_somebody_removed_or_changed_is_noticed(project: Project) -> None:
    project.built()
    (project.out / "index.html").write_text("by hand")
    assert not is_current(project)
    (project.out / "index.html").unlink()
    assert not is_current(project)


def test_some_pages_can_be_looked_at(project: Project) -> None:
    project.urls(text_page("a/", "A"), text_page("b/", "B"))
    project.built()
    project.urls(text_page("a/", "A"), text_page("b/", "Changed"))
    assert project.built(check=True, only=["/a/"]).is_unchanged
    assert not project.built(check=True, only=["/b/"]).is_unchanged
