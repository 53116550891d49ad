"""A store that is out of order: visitors get their pages all the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.http import Http404
from django.test import Client
from pytest_django import Settings

from pagesapi.pages import revalidate
from pagesapi.pages.shelf import get_shelf
from tests.pages.store.backends import Backend, Files, InRedis
from tests.pages.store.story import Story
from tests.pages.store.visiting import Crowd, Seen, age, answer_of, eventually, use, visit
from tests.servers.redis import Redis, started_redis

pytestmark = pytest.mark.urls("tests.pages.store.story")

HOUR = 3600
Break = Callable[[], None]


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    """One that a test may stop."""
    redis = started_redis()
    yield redis
    redis.stop()


@pytest.fixture(params=["files", "redis"])
def break_it(request: pytest.FixtureRequest, bare_site: Settings, tmp_path: Path) -> Break:
    """A store in the settings, and how it breaks for good."""
    backend: Backend
    if request.param == "files":
        backend, break_it = Files(tmp_path / "pages"), lambda: _no_folder(tmp_path / "pages")
    else:
        redis: Redis = request.getfixturevalue("own_redis")
        backend, break_it = InRedis(redis), redis.stop
    bare_site.CACHES = {**bare_site.CACHES, **backend.caches}
    bare_site.PAGESAPI = {"SITE_URL": "http://testserver", "STORE": backend.options()}
    return break_it


def _no_folder(folder: Path) -> None:
    """Nobody can write there any more, root neither."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("not a folder")


def test_pages_are_answered_by_a_store_that_never_worked(break_it: Break, story: Story) -> None:
    break_it()
    for path in ("/single/", "/found/a/", "/closed/a/", "/tagged/a/"):
        status, text, _ = visit(path)
        assert (status, text) == (200, "first")
    story.text = "second"
    assert visit("/found/a/").text == "second"


def test_pages_are_answered_when_it_breaks(break_it: Break, story: Story) -> None:
    assert visit("/found/a/") == Seen(200, "first", "MISS")
    assert visit("/found/a/") == Seen(200, "first", "HIT")
    break_it()
    story.text = "second"
    for path in ("/found/a/", "/found/b/", "/single/"):
        status, text, _ = visit(path)
        assert (status, text) == (200, "second")


def test_what_is_made_without_it_is_not_for_caches_to_keep_longer_than_the_page_lives(
    break_it: Break, story: Story
) -> None:
    break_it()
    said = Client().get("/found/a/").headers["Cache-Control"]
    assert said == "no-store" or said.startswith("s-maxage=60,")


def test_a_page_under_way_when_it_breaks_is_answered_to_all_who_wait(break_it: Break, story: Story) -> None:
    story.may_end.clear()
    crowd = Crowd("/tagged/a/", 20)
    story.wait_for_beginning()
    break_it()
    story.may_end.set()
    assert {(status, text) for status, text, _ in crowd.seen()} == {(200, "first")}


@pytest.mark.parametrize("way", ["thread", "sync"])
def test_a_renewal_under_way_when_it_breaks_harms_nobody(
    break_it: Break, story: Story, settings: Settings, way: str
) -> None:
    use(settings, REGENERATE=way)
    visit("/found/a/")
    story.wait_for_beginning()
    age("/found/a/", HOUR)
    story.may_end.clear()
    crowd = Crowd("/found/a/")
    story.wait_for_beginning()
    break_it()
    story.may_end.set()
    assert crowd.seen() == [Seen(200, "first", "STALE")]
    eventually(lambda: visit("/found/a/").status == 200)


def test_a_store_that_breaks_before_the_renewal_harms_nobody(
    break_it: Break, story: Story, bare_site: Settings
) -> None:
    use(bare_site, REGENERATE="sync")
    visit("/found/a/")
    age("/found/a/", HOUR)
    answer = answer_of("/found/a/")
    break_it()
    assert b"".join(answer) == b"first"
    answer.close()
    assert visit("/found/a/").status == 200


def test_a_page_that_fails_is_a_500_and_one_that_is_not_there_a_404(break_it: Break, story: Story) -> None:
    break_it()
    story.error = RuntimeError("no")
    assert visit("/found/a/").status == 500
    story.error = Http404()
    assert visit("/found/a/").status == 404
    story.error = None
    assert visit("/closed/unknown/").status == 404
    assert visit("/closed/a/").status == 200


def test_who_revalidates_is_told_that_it_did_not_happen(break_it: Break) -> None:
    break_it()
    with pytest.raises(Exception, match=r"Not a directory|[Cc]onnect"):
        revalidate("/found/a/")


def test_pages_are_kept_again_when_it_is_back(bare_site: Settings, tmp_path: Path, story: Story) -> None:
    folder = tmp_path / "pages"
    bare_site.PAGESAPI = {"SITE_URL": "http://testserver", "STORE": Files(folder).options()}
    _no_folder(folder)
    visit("/found/a/")
    folder.unlink()
    visit("/found/a/")
    assert visit("/found/a/") == Seen(200, "first", "HIT")


def test_a_disk_without_room_keeps_the_good_page(bare_site: Settings, tmp_path: Path, story: Story) -> None:
    """What is there can be read, what is new cannot be written."""
    folder = tmp_path / "pages"
    bare_site.PAGESAPI = {"SITE_URL": "http://testserver", "STORE": Files(folder).options(), "REGENERATE": "sync"}
    visit("/found/a/")
    age("/found/a/", HOUR)
    for below in ("missing", "listed", "locks"):
        shutil.rmtree(folder / "store" / below)
        (folder / "store" / below).write_text("not a folder")
    assert visit("/found/a/") == Seen(200, "first", "STALE")
    story.error = RuntimeError("no")
    assert visit("/found/a/") == Seen(200, "first", "STALE")
    assert get_shelf().find("/found/a/") is not None
