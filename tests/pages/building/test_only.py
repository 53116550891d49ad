"""`--only`: some pages are built, all others stay."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path

from pagesapi.exceptions import PagesapiError, PrerenderError
from pagesapi.pages import static_page
from tests.pages.building.project import Project, listed_pages, stamps, text_page


def site(project: Project, text: str, keys: tuple[int, ...] = (1, 2, 3)) -> None:
    def post(request: HttpRequest, key: int) -> HttpResponse:
        return HttpResponse(text)

    def gone(request: HttpRequest) -> HttpResponse:
        raise Http404(text)

    blog: Any = ([listed_pages("posts/<int:key>/", keys, post, name="post")], "blog")
    project.urls(
        text_page("", text, name="home"),
        path("", include(blog)),
        path("old/", static_page(lambda request: HttpResponseRedirect(f"/{text}/"))),
        path("gone/", static_page(gone)),
    )


def texts(project: Project) -> dict[str, str]:
    return {name: project.text(name) for name in project.names if name != "old/index.html"}


def test_pages_are_chosen_by_their_paths(project: Project) -> None:
    site(project, "one")
    project.built()
    before = stamps(project.out)
    site(project, "two")
    report = project.built(only=["/posts/[12]/"])
    assert texts(project) == {
        "index.html": "one",
        "posts/1/index.html": "two",
        "posts/2/index.html": "two",
        "posts/3/index.html": "one",
    }
    assert "url=/one/" in project.text("old/index.html")
    assert "/old/ /one/ 302" in project.text("_redirects")
    assert (report.pages, report.written, report.kept) == (2, 2, 4)
    assert stamps(project.out)["posts/3/index.html"] == before["posts/3/index.html"]


@pytest.mark.parametrize("name", ["blog:post", "blog:*", "/posts/*"])
def test_pages_are_chosen_by_the_name_of_their_pattern(project: Project, name: str) -> None:
    site(project, "one")
    project.built()
    site(project, "two")
    assert project.built(only=[name]).written == 3
    assert project.text("posts/1/index.html") == "two"
    assert project.text("index.html") == "one"


def test_several_globs_choose_together(project: Project) -> None:
    site(project, "one")
    project.built()
    site(project, "two")
    assert project.built(only=["/", "blog:post", "/nothing/"]).written == 4


def test_a_name_with_brackets_means_itself(project: Project) -> None:
    project.urls(listed_pages("p/<int:key>/", [1], name="posts/[id]"))
    assert project.built(only=["posts/[id]"]).pages == 1


def test_the_paths_that_a_page_lists_no_more_vanish_with_their_glob(project: Project) -> None:
    site(project, "one")
    project.built()
    site(project, "two", keys=(1, 4))
    report = project.built(only=["/posts/*"])
    assert project.names == {"index.html", "old/index.html", "posts/1/index.html", "posts/4/index.html"}
    assert report.removed == 2


def test_a_kept_page_is_still_known_at_the_next_build(project: Project) -> None:
    site(project, "one")
    project.built()
    for text in ("two", "three"):
        site(project, text)
        assert project.built(only=["/posts/1/"]).kept == 5
    assert texts(project)["posts/2/index.html"] == "one"


def test_globs_that_match_no_page_are_an_error_and_keep_the_site(project: Project) -> None:
    site(project, "one")
    project.built()
    before = stamps(project.out)
    with pytest.raises(PrerenderError, match="--only /nothing/ matches no page"):
        project.build(only=["/nothing/"])
    assert stamps(project.out) == before


def test_a_first_build_may_be_of_some_pages(project: Project) -> None:
    site(project, "one")
    project.built(only=["/posts/1/"])
    assert project.names == {"posts/1/index.html"}


def test_where_it_is_not_known_what_the_site_has_nothing_is_changed(project: Project) -> None:
    site(project, "one")
    project.built()
    before = stamps(project.out)
    shutil.rmtree(project.work)
    with pytest.raises(PrerenderError, match="without --only"):
        project.build(only=["/posts/1/"])
    assert stamps(project.out) == before
    assert project.left_over == set()


@pytest.mark.parametrize("is_removed", [True, False])
def test_a_file_that_somebody_changed_is_not_taken_for_a_page(project: Project, is_removed: bool) -> None:
    site(project, "one")
    project.built()
    file = project.out / "posts/3/index.html"
    if is_removed:
        file.unlink()
    else:
        file.write_text("changed by hand")
    with pytest.raises(PrerenderError, match=r"posts/3/index\.html is not the file that was built there"):
        project.build(only=["/posts/1/"])
    assert project.text("posts/1/index.html") == "one"


def test_a_new_page_in_the_place_of_a_kept_one_is_refused(project: Project) -> None:
    project.urls(text_page("a/", "Page"), text_page("b/", "Page"))
    project.built()
    project.urls(text_page("a/", "Page"), text_page("b/index.html", "Page"))
    with pytest.raises(PagesapiError, match=r"b/index\.html"):
        project.build(only=["/b/index.html"])
    assert project.names == {"a/index.html", "b/index.html"}


def test_an_output_folder_of_its_own_keeps_its_own_pages(project: Project) -> None:
    other = project.base / "other"
    site(project, "one")
    project.built(other)
    for text in ("two", "three", "four", "five"):
        site(project, text)
        project.built()
    project.built(other, only=["/posts/1/"])
    assert (other / "posts/1/index.html").read_text() == "five"
    assert (other / "posts/2/index.html").read_text() == "one"


@pytest.mark.parametrize("options", [{"only": "/posts/*"}, {"merge": "part"}, {"merge": Path("part")}])
def test_a_text_is_no_list_of_texts(project: Project, options: dict[str, Any]) -> None:
    with pytest.raises(PrerenderError, match="take lists"):
        project.build(**options)
    assert not project.out.exists()
