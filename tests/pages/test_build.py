"""The build as what the live site serves."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from pytest_django import Settings

from pagesapi.pages import render_page, revalidate, revalidate_tag, static_page
from pagesapi.pages.build import forget_build, get_build, read_record
from pagesapi.pages.building import maker
from pagesapi.testing import route_tree
from tests.pages.building.command import run
from tests.pages.building.project import FOLDER, Project, listed_pages, text_page


@pytest.fixture
def project(settings: Settings, tmp_path: Path) -> Iterator[Project]:
    yield Project(settings, tmp_path)
    forget_build()


class Words:
    """What pages say, and how often they were asked."""

    def __init__(self) -> None:
        self.word = "built"
        self.asked = 0

    def __call__(self, request: HttpRequest, key: int = 0) -> HttpResponse:
        self.asked += 1
        return HttpResponse(f"{self.word} {key}", headers={"X-Word": self.word})


@pytest.fixture
def words(project: Project) -> Words:
    """A site of pages that say them, built."""
    words = Words()
    project.urls(
        path("", static_page(revalidate=60, tags=["home"])(words), name="home"),
        listed_pages("p/<int:key>/", [1, 2], words, fallback=True),
        listed_pages("closed/<int:key>/", [1, 2], words, fallback=False),
    )
    project.built()
    words.word, words.asked = "live", 0
    return words


def seen(project: Project, url: str) -> tuple[str, str]:
    """How it was answered, and what was in it."""
    response = project.visit(url)
    return response.headers.get("X-Pagesapi-Cache", str(response.status_code)), response.content.decode()


def test_a_built_page_is_served_as_it_was_built(project: Project, words: Words) -> None:
    response = project.visit("/")
    assert response.content == b"built 0"
    assert response.headers["X-Pagesapi-Cache"] == "HIT"
    assert response.headers["X-Word"] == "built"
    assert response.headers["Cache-Control"] == "s-maxage=60, stale-while-revalidate=31535940"
    assert response.headers["ETag"]
    assert words.asked == 0


def test_without_a_build_a_page_is_made_at_its_first_visit(project: Project) -> None:
    assert seen(project, "/") == ("MISS", "Home")
    assert seen(project, "/") == ("HIT", "Home")


def test_a_built_page_has_the_age_that_it_has_in_the_build(
    project: Project, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maker, "time", SimpleNamespace(time=lambda: time.time() - 61))
    words.word = "an hour ago"
    project.configure(REGENERATE="sync")
    project.built()
    words.word = "now"
    assert seen(project, "/") == ("STALE", "an hour ago 0")
    assert seen(project, "/") == ("HIT", "now 0")
    assert seen(project, "/p/1/") == ("HIT", "an hour ago 1")  # which lives until the next build


def test_what_was_revalidated_after_the_build_is_made_anew(project: Project, words: Words) -> None:
    revalidate("/p/1/")
    assert seen(project, "/p/1/") == ("MISS", "live 1")
    assert seen(project, "/p/1/") == ("HIT", "live 1")
    assert seen(project, "/p/2/") == ("HIT", "built 2")
    revalidate_tag("home")
    assert seen(project, "/") == ("MISS", "live 0")


def test_what_was_revalidated_before_the_build_is_as_it_was_built(project: Project, words: Words) -> None:
    revalidate("/p/1/")
    project.built()
    assert seen(project, "/p/1/") == ("HIT", "live 1")


def test_what_is_revalidated_while_it_is_built_is_made_anew(project: Project) -> None:
    texts = iter(["read too early", "right"])

    def view(request: HttpRequest) -> HttpResponse:
        text = next(texts)
        if text != "right":
            revalidate("/p/")
        return HttpResponse(text)

    project.urls(path("p/", static_page(view)))
    project.built()
    assert seen(project, "/p/") == ("MISS", "right")
    assert seen(project, "/p/") == ("HIT", "right")


def test_a_redirect_and_a_404_are_served_from_the_build(project: Project) -> None:
    asked = []

    def old(request: HttpRequest) -> HttpResponse:
        asked.append("old")
        return HttpResponse("Gone there", status=301, headers={"Location": "/new/"})

    def missing(request: HttpRequest) -> HttpResponse:
        asked.append("missing")
        raise Http404

    project.urls(path("old/", static_page(old)), path("missing/", static_page(missing)))
    project.built()
    asked.clear()
    response = project.visit("/old/")
    assert (response.status_code, response.content) == (301, b"Gone there")
    assert (response.headers["Location"], response.headers["X-Pagesapi-Cache"]) == ("/new/", "HIT")
    response = project.visit("/missing/")
    assert (response.status_code, response.headers["X-Pagesapi-Cache"]) == (404, "HIT")
    assert b"Nothing here" in response.content
    assert asked == []


def test_an_endpoint_is_served_from_the_build(project: Project) -> None:
    source = """
from pagesapi import RouteConfig
config = RouteConfig(static=True)
def GET(request): return {"reason": request.static_context.reason}
"""
    with route_tree({"posts.py": source}):
        project.urls(path("", include("pagesapi.urls")))
        project.built()
        assert seen(project, "/api/posts") == ("HIT", '{"reason":"build"}')


# Unknown paths


def test_without_a_fallback_the_build_says_which_pages_there_are(project: Project, words: Words) -> None:
    assert seen(project, "/closed/1/") == ("HIT", "built 1")
    assert project.visit("/closed/3/").status_code == 404
    assert words.asked == 0


def test_the_list_is_that_of_the_build_and_nobody_is_asked_again(project: Project) -> None:
    listed = [1]
    asked = []

    def keys() -> list[int]:
        asked.append("list")
        return listed

    project.urls(listed_pages("p/<int:key>/", keys, fallback=False))
    project.built()
    listed.append(2)
    asked.clear()
    assert project.visit("/p/2/").status_code == 404
    assert project.visit("/p/1/").status_code == 200
    assert asked == []
    project.built()
    assert project.visit("/p/2/").status_code == 200


def test_with_a_fallback_an_unknown_page_is_made(project: Project, words: Words) -> None:
    assert seen(project, "/p/3/") == ("MISS", "live 3")
    assert seen(project, "/p/3/") == ("HIT", "live 3")


@pytest.mark.parametrize("url", ["/p/%00/", "/%ED%A0%80/", "/p/%FF/", "/p/" + "9" * 3000 + "/"])
def test_a_path_that_can_be_no_page_is_none_of_the_build(project: Project, words: Words, url: str) -> None:
    assert project.visit(url).status_code < 500
    assert not get_build().lists("\ud800")


# Files that are not what they were


def test_a_file_that_somebody_changed_or_removed_is_not_shown(project: Project, words: Words) -> None:
    (project.out / "index.html").write_text("by hand")
    (project.out / "p/1/index.html").unlink()
    assert seen(project, "/") == ("MISS", "live 0")
    assert seen(project, "/p/1/") == ("MISS", "live 1")
    shutil.rmtree(project.out)
    assert seen(project, "/p/2/") == ("MISS", "live 2")
    assert project.visit("/closed/9/").status_code == 404


def endless(file: Path) -> None:
    """A link to itself: not even root can read it."""
    file.unlink()
    file.symlink_to(file)


def test_a_file_that_cannot_be_read_is_not_shown(
    project: Project, words: Words, caplog: pytest.LogCaptureFixture
) -> None:
    endless(project.out / "p/1/index.html")
    assert seen(project, "/p/1/") == ("MISS", "live 1")
    assert "p/1/index.html cannot be read" in caplog.text


def test_a_record_that_cannot_be_read_is_as_none(
    project: Project, words: Words, caplog: pytest.LogCaptureFixture
) -> None:
    forget_build()
    endless(project.work / "build.json")
    assert seen(project, "/p/1/") == ("MISS", "live 1")
    assert "build.json cannot be read" in caplog.text


@pytest.mark.parametrize("content", [b"", b"no database" * 1000, None])
def test_a_list_of_pages_that_is_damaged_is_as_none(project: Project, words: Words, content: bytes | None) -> None:
    forget_build()
    for file in (project.work / "builds").iterdir():
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
    assert seen(project, "/p/1/") == ("MISS", "live 1")
    assert seen(project, "/closed/1/") == ("MISS", "live 1")
    assert project.visit("/closed/9/").status_code == 404


def test_a_list_of_pages_that_is_damaged_while_it_is_read_is_as_none(project: Project, words: Words) -> None:
    build = get_build()
    (file,) = (project.work / "builds").iterdir()
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * 60_000)
    assert build.get("/p/1/") is None
    assert seen(project, "/p/1/") == ("MISS", "live 1")


def test_an_unreadable_record_is_as_none(project: Project, words: Words) -> None:
    forget_build()
    (project.work / "build.json").write_text("{")
    assert read_record(project.work / "build.json") is None
    assert seen(project, "/p/1/") == ("MISS", "live 1")


# Another build


@pytest.fixture
def sample(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project that `manage.py` of another process builds; in this one it says "one"."""
    monkeypatch.setenv("SAMPLE_TEXT", "one")
    project.settings.ROOT_URLCONF = "tests.pages.building.sample.urls"
    project.settings.TEMPLATES = [{**project.settings.TEMPLATES[0], "DIRS": [FOLDER / "sample" / "templates"]}]
    project.configure(API_DIR=FOLDER / "sample" / "tree")
    return project


def prerendered(project: Project, text: str) -> None:
    result = run(project.base, "prerender", "--workers", "1", text=text)
    assert result.returncode == 0, result.stderr


def test_a_process_of_an_older_build_never_shows_a_page_of_a_new_one(sample: Project) -> None:
    prerendered(sample, "one")
    assert "one" in seen(sample, "/")[1]
    prerendered(sample, "two")
    for url in ("/", "/posts/1/", "/feed.xml", "/posts/2/", "/"):
        how, text = seen(sample, url)
        assert (how, "one" in text, "two" in text) in {("MISS", True, False), ("HIT", True, False)}
    assert sample.visit("/posts/").headers["Location"] == "/"
    assert sample.visit("/drafts/").status_code == 404


def test_a_process_that_starts_then_serves_the_new_build(sample: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    prerendered(sample, "one")
    assert seen(sample, "/posts/1/")[0] == "HIT"
    prerendered(sample, "two")
    assert seen(sample, "/posts/1/")[0] == "MISS"
    forget_build()  # as a new process knows nothing
    monkeypatch.setenv("SAMPLE_TEXT", "two")
    how, text = seen(sample, "/posts/1/")
    assert (how, "two" in text) == ("HIT", True)


def test_an_older_process_still_knows_its_pages_when_many_builds_have_come(sample: Project) -> None:
    """In every thread, and pages for which nobody has asked yet."""
    prerendered(sample, "one")
    assert seen(sample, "/")[0] == "HIT"
    for number in range(5):
        prerendered(sample, f"later {number}")
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(sample.visit("/posts/3/").status_code))
    thread.start()
    thread.join()
    assert found == [200]
    assert sample.visit("/posts/4/").status_code == 200
    assert sample.visit("/posts/99/").status_code == 404


def test_a_page_of_an_older_build_whose_file_is_now_a_folder_is_made_anew(project: Project) -> None:
    feed = text_page("feed.xml", "Feed", content_type="application/xml")
    project.urls(feed)
    project.built()
    build = get_build()
    assert build.get("/feed.xml") is not None
    (project.out / "feed.xml").unlink()
    (project.out / "feed.xml").mkdir()
    assert seen(project, "/feed.xml") == ("MISS", "Feed")


def test_after_a_rollback_no_page_of_the_later_build_is_shown(project: Project, words: Words) -> None:
    for build_id in ("v1", "v2"):
        project.configure(BUILD_ID=build_id)
        words.word = build_id
        project.built()
        assert seen(project, "/p/1/") == ("HIT", f"{build_id} 1")
    project.configure(BUILD_ID="v1")  # as the code is now, again; the files in out/ are of v2
    words.word = "v1"
    assert seen(project, "/p/1/") == ("MISS", "v1 1")
    assert seen(project, "/p/1/") == ("HIT", "v1 1")
    assert seen(project, "/closed/1/") == ("MISS", "v1 1")
    assert project.visit("/closed/9/").status_code == 404
    project.configure(BUILD_ID="v2")
    assert seen(project, "/p/1/") == ("HIT", "v2 1")


def test_two_builds_of_one_name_are_told_apart(project: Project, words: Words) -> None:
    project.configure(BUILD_ID="v1")
    project.built()
    revalidate("/p/1/")
    words.word = "stored"
    assert seen(project, "/p/1/") == ("MISS", "stored 1")
    words.word = "built again"
    project.built()
    assert seen(project, "/p/1/") == ("HIT", "built again 1")


def test_the_process_that_builds_serves_what_it_built(project: Project, words: Words) -> None:
    assert seen(project, "/p/1/") == ("HIT", "built 1")
    project.built()
    assert seen(project, "/p/1/") == ("HIT", "live 1")


def test_a_build_into_another_folder_is_not_the_live_site(project: Project, words: Words) -> None:
    project.built(project.base / "other")
    forget_build()
    assert seen(project, "/p/1/") == ("HIT", "built 1")
    assert json.loads((project.work / "build.json").read_text())["manifest"].startswith("build-")


def test_threads_that_ask_first_at_once_have_one_build(project: Project, words: Words) -> None:
    forget_build()
    builds = []
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        builds.append(get_build())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(build) for build in builds}) == 1


def test_a_page_that_was_kept_keeps_its_age(project: Project, words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--only` leaves it as it was, and so does its time go on."""
    project.configure(REGENERATE="sync")
    with monkeypatch.context() as earlier:
        earlier.setattr(maker, "time", SimpleNamespace(time=lambda: time.time() - 61))
        project.built()
    project.built(only=["/p/*"])
    assert seen(project, "/")[0] == "STALE"


def test_a_page_rendered_by_hand_is_neither_the_builds_nor_the_stores(project: Project, words: Words) -> None:
    assert render_page("/p/1/").body == b"live 1"
    assert seen(project, "/p/1/") == ("HIT", "built 1")
