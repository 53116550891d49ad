"""Static files in a built site."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.shortcuts import render
from django.urls import path

from pagesapi.exceptions import PagesapiError, PrerenderError
from pagesapi.pages import static_page
from tests.pages.building.project import Project, text_page

HASHED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}


@pytest.fixture
def assets(project: Project) -> Path:
    folder = project.base / "assets"
    folder.mkdir()
    (folder / "site.css").write_text("body { color: black }")
    project.settings.STATICFILES_DIRS = [folder]
    return folder


def test_static_files_are_where_their_urls_say(project: Project, assets: Path) -> None:
    (assets / "deep" / "er").mkdir(parents=True)
    (assets / "deep" / "er" / "a.js").write_text("1")
    report = project.built()
    assert project.names == {"index.html", "static/site.css", "static/deep/er/a.js"}
    assert report.static_files == 2


def test_the_first_finder_wins_and_a_prefix_counts(project: Project, assets: Path) -> None:
    second, third = project.base / "second", project.base / "third"
    for folder in (second, third):
        folder.mkdir()
        (folder / "site.css").write_text(f"of the {folder.name}")
    project.settings.STATICFILES_DIRS = [assets, second, ("lib", third)]
    project.built()
    assert project.names == {"index.html", "static/site.css", "static/lib/site.css"}
    assert project.text("static/site.css") == "body { color: black }"
    assert project.text("static/lib/site.css") == "of the third"


def test_what_collectstatic_leaves_out_is_left_out(project: Project, assets: Path) -> None:
    for name in (".env", "site.css~", ".git/config", "CVS/Entries"):
        (assets / name).parent.mkdir(exist_ok=True)
        (assets / name).write_text("private")
    project.built()
    assert project.names == {"index.html", "static/site.css"}


def test_static_files_can_be_left_out(project: Project, assets: Path) -> None:
    assert project.built(static=False).static_files == 0
    assert project.names == {"index.html"}


@pytest.mark.parametrize("url", ["https://cdn.example.net/static/", "//cdn.example.net/static/"])
def test_static_files_of_another_host_are_not_in_the_site(project: Project, assets: Path, url: str) -> None:
    project.settings.STATIC_URL = url
    project.built()
    assert project.names == {"index.html"}


def test_without_the_app_there_are_none(project: Project, assets: Path) -> None:
    project.settings.INSTALLED_APPS = ["corsheaders", "pagesapi"]
    project.built()
    assert project.names == {"index.html"}


def test_static_files_may_stand_at_the_root(project: Project, assets: Path) -> None:
    project.settings.STATIC_URL, project.settings.MEDIA_URL = "/", "/media/"
    project.built()
    assert project.names == {"index.html", "site.css"}


def test_a_page_and_a_static_file_cannot_have_one_name(project: Project, assets: Path) -> None:
    project.urls(text_page("static/site.css", "A page", content_type="text/css"))
    with pytest.raises(PagesapiError, match=r"static/site\.css"):
        project.build()
    assert not project.out.exists()
    assert project.left_over == {"assets"}


def test_below_a_script_prefix_its_urls_lose_that(project: Project, assets: Path) -> None:
    project.settings.FORCE_SCRIPT_NAME = "/app"
    project.settings.STATIC_URL = "/app/static/"
    project.built()
    assert project.names == {"index.html", "static/site.css"}


def test_static_files_outside_the_script_prefix_are_not_in_the_site(project: Project, assets: Path) -> None:
    project.settings.FORCE_SCRIPT_NAME = "/app"
    project.settings.STATIC_URL = "/files/"
    project.built()
    assert project.names == {"index.html"}


def test_a_static_file_of_binary_bytes_is_the_same(project: Project, assets: Path) -> None:
    content = bytes(range(256)) * 1000
    (assets / "picture.png").write_bytes(content)
    project.built()
    assert (project.out / "static" / "picture.png").read_bytes() == content


# Names with hashes


@pytest.fixture
def collected(project: Project, assets: Path) -> Path:
    folder = project.base / "collected"
    project.settings.STATIC_ROOT = folder
    project.settings.STORAGES = HASHED
    return folder


def test_names_with_hashes_come_from_collectstatic(project: Project, collected: Path) -> None:
    (project.base / "templates").mkdir()
    (project.base / "templates" / "page.html").write_text('{% load static %}<link href="{% static "site.css" %}">')
    call_command("collectstatic", interactive=False, verbosity=0)
    project.urls(path("", static_page(lambda request: render(request, "page.html"))))
    project.built()
    (hashed,) = (name for name in project.names if name.startswith("static/site.") and name != "static/site.css")
    assert project.text("index.html") == f'<link href="/{hashed}">'
    assert project.text(hashed) == "body { color: black }"


def test_before_collectstatic_a_build_says_what_to_do(project: Project, collected: Path) -> None:
    with pytest.raises(PrerenderError, match=r"manage\.py collectstatic.*--no-static"):
        project.build()
    assert not project.out.exists()
    project.built(static=False)
    assert project.names == {"index.html"}


def test_without_a_folder_to_collect_into_a_build_says_so(project: Project, collected: Path) -> None:
    project.settings.STATIC_ROOT = None
    with pytest.raises(ImproperlyConfigured, match="STATIC_ROOT"):
        project.build()
    assert not project.out.exists()
