"""One store, several builds: what a deploy and a rollback show."""

from __future__ import annotations

import pytest
from django.http import Http404
from pytest_django import Settings

from pagesapi.pages import revalidate
from tests.pages.store.backends import Backend, of_several_processes
from tests.pages.store.story import Story
from tests.pages.store.story import story as the_story
from tests.pages.store.visiting import Crowd, Seen, age, visit

pytestmark = [pytest.mark.urls("tests.pages.store.story"), of_several_processes]

PATHS = ("/single/", "/found/a/", "/closed/a/", "/tagged/a/")


class Site:
    """The site as one release of it; `deploy` starts its processes anew with another one."""

    def __init__(self, settings: Settings, backend: Backend) -> None:
        self._settings = settings
        self._backend = backend

    def deploy(self, build: str) -> None:
        the_story.text = f"of {build}"
        self._settings.PAGESAPI = {
            "SITE_URL": "http://testserver",
            "STORE": self._backend.options(),
            "BUILD_ID": build,
            "REGENERATE": "sync",
        }


@pytest.fixture
def site(bare_site: Settings, backend: Backend) -> Site:
    return Site(bare_site, backend)


def texts() -> set[str]:
    return {visit(path).text for path in PATHS}


def test_a_new_deploy_and_a_rollback_never_show_each_others_pages(site: Site, story: Story) -> None:
    for build in ("one", "two", "one", "three", "two", "one"):
        site.deploy(build)
        for _ in range(2):
            assert texts() == {f"of {build}"}


def test_after_a_rollback_the_pages_are_there_without_being_made(site: Site, story: Story) -> None:
    for build in ("one", "two"):
        site.deploy(build)
        texts()
    made = story.made
    site.deploy("one")
    assert texts() == {"of one"}
    assert story.made == made


def test_404s_of_another_build_are_not_believed(site: Site, story: Story) -> None:
    site.deploy("one")
    story.error = Http404()
    assert visit("/found/a/").status == 404
    story.error = None
    site.deploy("two")
    assert visit("/found/a/") == Seen(200, "of two", "MISS")


def test_what_was_revalidated_in_one_build_is_made_anew_in_the_other(site: Site, story: Story) -> None:
    """The row changed for both."""
    for build in ("one", "two"):
        site.deploy(build)
        texts()
    revalidate("/found/a/")
    site.deploy("one")
    story.text = "new"
    assert visit("/found/a/") == Seen(200, "new", "MISS")
    assert visit("/single/") == Seen(200, "of one", "HIT")


def test_a_page_begun_in_the_old_build_is_not_shown_by_the_new_one(site: Site, story: Story) -> None:
    site.deploy("one")
    story.may_end.clear()
    old = Crowd("/found/a/")
    story.wait_for_beginning()
    site.deploy("two")
    new = Crowd("/found/a/")
    story.wait_for_beginning()  # it waits for nothing of the old one
    story.may_end.set()
    assert [text for _, text, _ in old.seen()] == ["of one"]
    assert [text for _, text, _ in new.seen()] == ["of two"]
    assert visit("/found/a/") == Seen(200, "of two", "HIT")
    site.deploy("one")
    assert visit("/found/a/") == Seen(200, "of one", "HIT")


def test_a_stale_page_of_the_old_build_is_renewed_in_its_own(site: Site, story: Story) -> None:
    for build in ("one", "two"):
        site.deploy(build)
        visit("/found/a/")
    site.deploy("one")
    age("/found/a/", 3600)
    story.text = "of one, renewed"
    assert visit("/found/a/") == Seen(200, "of one", "STALE")
    assert visit("/found/a/") == Seen(200, "of one, renewed", "HIT")
    site.deploy("two")
    assert visit("/found/a/") == Seen(200, "of two", "HIT")
