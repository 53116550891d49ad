"""`--shard` and `--merge`: one site, built by several machines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from pagesapi.exceptions import PagesapiError, PrerenderError
from pagesapi.pages.building.options import Shard
from tests.pages.building.project import HOST_FILES, Project, files_in, listed_pages, stamps, text_page

SHARD_LIST = "_pagesapi.sqlite3"


def site(project: Project, text: str = "one") -> None:
    def view(request: HttpRequest, key: int) -> HttpResponse:
        if key == 7:
            raise Http404
        if key == 8:
            return HttpResponseRedirect("/p/1/")
        return HttpResponse(f"{text} {key}")

    project.urls(text_page("", "Home"), listed_pages("p/<int:key>/", range(20), view))


def shards(project: Project, count: int = 3) -> list[Path]:
    folders = [project.base / f"part-{number}-of-{count}" for number in range(1, count + 1)]
    for number, folder in enumerate(folders, 1):
        project.built(folder, shard=f"{number}/{count}")
    return folders


def test_the_shards_together_are_the_site(project: Project) -> None:
    site(project)
    whole = project.base / "whole"
    project.built(whole)
    report = project.built(merge=shards(project))
    assert files_in(project.out) == files_in(whole)
    assert (report.pages, report.written, report.redirects, report.missing) == (21, 20, 1, 1)


def test_each_page_is_in_one_shard(project: Project) -> None:
    site(project)
    found = [set(files_in(folder)) - {SHARD_LIST, "_headers"} for folder in shards(project)]
    assert all(found)
    assert sum(map(len, found)) == 20  # one of the 21 pages is a 404
    assert not set.union(*found) & HOST_FILES


def test_a_shard_is_no_site_yet(project: Project) -> None:
    (project.base / "assets").mkdir()
    (project.base / "assets" / "site.css").write_text("body {}")
    project.settings.STATICFILES_DIRS = [project.base / "assets"]
    folders = shards(project, 2)
    assert not any((folder / "static").exists() or (folder / "404.html").exists() for folder in folders)
    project.built(merge=folders)
    assert project.names == {"index.html", "static/site.css"}
    assert SHARD_LIST not in files_in(project.out)


def test_joining_the_same_shards_again_rewrites_nothing(project: Project) -> None:
    site(project)
    first = project.built(merge=shards(project))
    before = stamps(project.out)
    report = project.built(merge=shards(project))
    assert stamps(project.out) == before
    assert (report.written, report.unchanged, report.build_id) == (0, 20, first.build_id)


def test_joining_shards_that_changed_is_another_build(project: Project) -> None:
    site(project, "one")
    first = project.built(merge=shards(project))
    site(project, "two")
    report = project.built(merge=shards(project))
    assert project.text("p/3/index.html") == "two 3"
    assert report.written == 18
    assert report.build_id != first.build_id


def test_the_joined_site_is_served(project: Project) -> None:
    site(project)
    project.built(merge=shards(project))
    assert project.visit("/p/3/").headers["X-Pagesapi-Cache"] == "HIT"


def test_the_shard_of_one_is_the_whole(project: Project) -> None:
    site(project)
    project.built(merge=shards(project, 1))
    assert "p/19/index.html" in project.names


def test_a_part_is_not_put_in_the_place_of_the_live_site(project: Project) -> None:
    project.built()
    before = stamps(project.out)
    with pytest.raises(PrerenderError, match="--output"):
        project.build(shard="1/2")
    assert stamps(project.out) == before


def test_a_shard_is_built_again_over_itself(project: Project) -> None:
    site(project)
    (folder, _) = shards(project, 2)
    before = stamps(folder)
    project.built(folder, shard="1/2")
    assert {name for name, stamp in stamps(folder).items() if before[name] != stamp} <= {SHARD_LIST, "_headers"}


# What cannot be joined


def refused(project: Project, folders: list[Path], message: str) -> None:
    with pytest.raises(PrerenderError, match=message):
        project.build(merge=folders)
    assert not project.out.exists()


def test_a_shard_that_is_missing_is_named(project: Project) -> None:
    first, _, third = shards(project)
    refused(project, [first, third], r"not all the shards.*part-1-of-3 is 1/3.*part-3-of-3 is 3/3")


def test_a_shard_may_not_be_there_twice(project: Project) -> None:
    first, _ = shards(project, 2)
    copy = project.base / "copy"
    shutil.copytree(first, copy)
    refused(project, [first, copy], "not all the shards of one build, each once")
    refused(project, [first, first], "not all the shards of one build, each once")


def test_shards_of_two_counts_do_not_fit(project: Project) -> None:
    refused(project, [shards(project, 2)[0], shards(project, 3)[1]], "not all the shards")


def test_a_folder_that_is_no_shard_is_named(project: Project) -> None:
    (project.base / "empty").mkdir()
    refused(project, [project.base / "empty"], "empty holds no shard")
    refused(project, [project.base / "nowhere"], "nowhere holds no shard")


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_shard_whose_list_is_damaged_is_named(project: Project, content: bytes) -> None:
    first, second = shards(project, 2)
    (second / SHARD_LIST).write_bytes(content)
    refused(project, [first, second], "part-2-of-2")


@pytest.mark.parametrize("whole", [2, 20])
def test_a_shard_whose_list_breaks_off_is_named(project: Project, whole: int) -> None:
    """After so many of SQLite's pages: before what the list says of itself, or in the middle of the rows."""
    project.urls(listed_pages("p/<int:key>/", range(1000)))
    first, second = shards(project, 2)
    content = (second / SHARD_LIST).read_bytes()
    kept = whole * 4096
    assert len(content) > kept
    (second / SHARD_LIST).write_bytes(content[:kept] + b"\xff" * (len(content) - kept))
    refused(project, [first, second], "part-2-of-2")


@pytest.mark.parametrize("is_removed", [True, False])
def test_a_shard_whose_file_is_damaged_is_refused(project: Project, is_removed: bool) -> None:
    site(project)
    folders = shards(project, 2)
    file = next(folder / "p/3/index.html" for folder in folders if (folder / "p/3/index.html").exists())
    if is_removed:
        file.unlink()
    else:
        file.write_text("cut o")
    refused(project, folders, r"p/3/index\.html is not the file that was built there")


def test_pages_of_two_shards_that_have_one_file_are_refused(project: Project) -> None:
    # The paths are chosen so that they fall to different shards.
    project.urls(text_page("a/", "Page"), text_page("a/index.html", "Page"))
    assert {Shard(1, 2).has(path) for path in ("/a/", "/a/index.html")} == {True, False}
    with pytest.raises(PagesapiError, match=r"a/index\.html"):
        project.build(merge=shards(project, 2))
    assert not project.out.exists()


@pytest.mark.parametrize("text", ["1", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2", "1.5/2", "99999/99999"])
def test_a_shard_is_a_number_of_several(project: Project, text: str) -> None:
    with pytest.raises(PrerenderError, match="such as 2/5"):
        project.build(project.base / "part", shard=text)


def test_options_that_do_not_go_together_are_refused(project: Project) -> None:
    for options in ({"only": ["/"]}, {"merge": [project.base]}, {"check": True}):
        with pytest.raises(PagesapiError, match="A shard is a part of a whole build"):
            project.build(project.base / "part", shard="1/2", **options)
    for options in ({"only": ["/"]}, {"check": True}):
        with pytest.raises(PagesapiError, match="--merge joins whole shards"):
            project.build(merge=[project.base], **options)
