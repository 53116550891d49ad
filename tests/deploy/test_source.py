"""What of a project is put into a function's folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from pagesapi.deploy.writing.source import copy_project
from pagesapi.exceptions import DeployError

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"
TEST = "from django.test import TestCase\n\n\nclass HomeTest(TestCase): ...\n"
HASHED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}


class Sources:
    """A project's folder, and where it is copied to."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.settings = settings
        self.move(folder / "shop")
        self.target = folder / "function"

    def move(self, base: Path) -> None:
        base.mkdir(parents=True)
        self.base = self.settings.BASE_DIR = base
        self.write("api/index.py", "manage.py")

    def write(self, *names: str, text: str = "") -> None:
        for name in names:
            (self.base / name).parent.mkdir(parents=True, exist_ok=True)
            (self.base / name).write_text(text, "utf-8")

    def copied(self, exclude: Sequence[str] = ()) -> set[str]:
        """Besides the two that every project has."""
        names = copy_project(self.base, self.target, exclude=exclude)
        found = [file.relative_to(self.target).as_posix() for file in self.target.rglob("*") if file.is_file()]
        assert names == sorted(found)
        return set(names) - {"api/index.py", "manage.py"}


@pytest.fixture
def sources(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Sources:
    settings.PAGESAPI = {}
    settings.STATICFILES_DIRS = []
    settings.TEMPLATES = []
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", tmp_path / "elsewhere.sqlite3")
    return Sources(tmp_path, settings)


NEEDED = [
    "shop/__init__.py",
    "shop/settings.py",
    "shop/templates/shop/home.html",
    "shop/templates/tests/list.html",  # of an app called tests
    "shop/locale/de/LC_MESSAGES/django.mo",
    "shop/fixtures/first.json",
    "shop/models/test_result.py",  # a laboratory's
    "data/cities.csv",
    "docs/guide.md",  # a site may be made of it
    "frontend/dist/index.html",
    "static/.well-known/security.txt",
    "static/.vite/manifest.json",
    "certificates/database.pem",
    "requirements.txt",
    "api/[id].py",
    "api/docs/[...slug].py",
    "api/build/index.py",
    "api/tests.py",
    "api/tests/index.py",
    "api/_lib/größe.py",
    "api/_middleware.py",
]


@pytest.mark.parametrize("name", NEEDED)
def test_what_a_server_reads_goes_along(sources: Sources, name: str) -> None:
    sources.write(name)
    assert sources.copied() == {name}


LEFT_OUT = [
    ".env",
    ".git/config",
    ".github/workflows/ci.yml",
    "shop/.hidden/a.py",
    "env/pyvenv.cfg",
    "conda/conda-meta/history",
    "node_modules/left-pad/index.js",
    "frontend/node_modules/left-pad/index.js",
    "shop/__pycache__/settings.cpython-312.pyc",
    "shop/old.pyc",
    "db.sqlite3",
    "shop/data.db",
    "shop/data.sqlite3-wal",
    "certificates/private.key",
    "certificates/id_rsa",
    "production.env",
    "dist/aws/template.yaml",
    "build/lib/shop/settings.py",
    "shop.egg-info/PKG-INFO",
    "out/index.html",
    "server.log",
    "shop/settings.py~",
    "api/__pycache__/index.cpython-312.pyc",
    "conftest.py",
]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_no_server_needs_or_nobody_may_read_stays_here(sources: Sources, name: str) -> None:
    sources.write(name)
    assert sources.copied() == set()


@pytest.mark.parametrize("name", ["shop/tests.py", "shop/test_views.py", "shop/views_test.py", "api/test_index.py"])
def test_files_of_tests_stay_here(sources: Sources, name: str) -> None:
    sources.write(name, text=TEST)
    assert sources.copied() == set()


def test_folders_of_tests_stay_here(sources: Sources) -> None:
    sources.write("tests/__init__.py", "tests/factories.py", "tests/data/answers.json", "shop/tests/factories.py")
    assert sources.copied() == set()


def test_a_private_key_stays_here_and_a_certificate_goes_along(sources: Sources) -> None:
    sources.write("tls/private.pem", text=KEY)
    sources.write("tls/authority.pem", text="-----BEGIN CERTIFICATE-----\n")
    assert sources.copied() == {"tls/authority.pem"}


def test_a_whole_virtual_environment_stays_here_whatever_its_name(sources: Sources) -> None:
    sources.write("python/pyvenv.cfg", "python/lib/python3.12/site-packages/django/__init__.py", "python/bin/python")
    assert sources.copied() == set()


def test_the_project_itself_may_be_a_virtual_environment(sources: Sources) -> None:
    sources.write("pyvenv.cfg", "bin/python", "lib/python3.12/site-packages/django/__init__.py", "shop/models.py")
    assert sources.copied() == {"shop/models.py"}


def test_what_the_settings_say_is_written_at_run_time_stays_here(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, base = sources.settings, sources.base
    settings.STATIC_ROOT, settings.MEDIA_ROOT = base / "collected", str(base / "uploads")
    settings.PAGESAPI = {"OUTPUT_DIR": "site"}
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", base / "data" / "shop.dat")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(base / "cached"),
        },
        "other": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "data"},
    }
    sources.write("collected/a.css", "uploads/cat.jpg", "site/index.html", "data/shop.dat", "data/shop.dat-wal")
    sources.write("cached/a.djcache", "data/cities.csv")
    assert sources.copied() == {"data/cities.csv"}


def test_an_in_memory_database_is_no_file(sources: Sources) -> None:
    sources.settings.DATABASES["default"]["NAME"] = ":memory:"
    sources.write("shop/models.py")
    assert sources.copied() == {"shop/models.py"}


def test_uploads_beside_the_code_hide_no_code(sources: Sources) -> None:
    sources.settings.MEDIA_ROOT = sources.base
    sources.write("shop/models.py")
    assert sources.copied() == {"shop/models.py"}


@pytest.mark.parametrize("setting", ["TEMPLATES", "STATICFILES_DIRS"])
def test_folders_that_the_settings_name_go_along_whatever_their_names(sources: Sources, setting: str) -> None:
    folder = sources.base / "dist"
    backend = "django.template.backends.django.DjangoTemplates"
    values = {"TEMPLATES": [{"BACKEND": backend, "DIRS": [folder]}], "STATICFILES_DIRS": [("app", folder)]}
    setattr(sources.settings, setting, values[setting])
    sources.write("dist/index.html", "build/index.html")
    assert sources.copied() == {"dist/index.html"}


def test_the_names_of_hashed_files_go_along_without_the_files(sources: Sources) -> None:
    sources.settings.STATIC_ROOT = sources.base / "collected"
    sources.settings.STORAGES = HASHED
    assert sources.copied() == set()
    sources.settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    sources.settings.STATICFILES_DIRS = [sources.base / "assets"]
    sources.write("assets/site.css", text="body { color: black }")
    call_command("collectstatic", verbosity=0)
    assert sources.copied() == {"assets/site.css", "collected/staticfiles.json"}


def test_hashed_names_that_are_kept_outside_the_project_stay_there(sources: Sources, tmp_path: Path) -> None:
    sources.settings.STATIC_ROOT = tmp_path / "collected"
    sources.settings.STORAGES = HASHED
    (tmp_path / "collected").mkdir()
    (tmp_path / "collected" / "staticfiles.json").write_text('{"version": "1.1", "paths": {}}')
    assert sources.copied() == set()


class KeptElsewhere:
    """A storage of manifests that is no folder."""

    def exists(self, name: str) -> bool:
        return True

    def path(self, name: str) -> str:
        raise NotImplementedError

    def open(self, name: str) -> BytesIO:
        return BytesIO(b'{"version": "1.1", "paths": {}}')


def test_hashed_names_may_be_kept_in_no_folder_at_all(sources: Sources) -> None:
    options = {"location": str(sources.base), "manifest_storage": KeptElsewhere()}
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    sources.settings.STORAGES = {**HASHED, "staticfiles": {"BACKEND": backend, "OPTIONS": options}}
    assert sources.copied() == set()


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        ("*.csv", {"data/raw/b.json", "a.txt", "data/[x].txt"}),
        ("data", {"a.txt"}),
        ("data/", {"a.txt"}),
        ("data/raw", {"data/a.csv", "a.txt", "data/[x].txt"}),
        ("data/*.csv", {"data/raw/b.json", "a.txt", "data/[x].txt"}),
        ("a.txt", {"data/a.csv", "data/raw/a.csv", "data/raw/b.json", "data/[x].txt"}),
        ("data/[x].txt", {"data/a.csv", "data/raw/a.csv", "data/raw/b.json", "a.txt"}),
    ],
)
def test_exclude_names_files_or_folders(sources: Sources, exclude: str, left: set[str]) -> None:
    sources.write("data/a.csv", "data/raw/a.csv", "data/raw/b.json", "data/[x].txt", "a.txt")
    assert sources.copied([exclude]) == left


def test_what_a_command_wrote_is_never_copied_again(sources: Sources) -> None:
    first = "# Written by manage.py deploy (pagesapi); changes are lost.\n"
    sources.write("mine/template.yaml", "site/_headers", text=first)
    sources.write("infrastructure/template.yaml", text="AWSTemplateFormatVersion: 2010-09-09\n")
    (sources.base / "infrastructure" / "config.json").mkdir()
    sources.target = sources.base / "code" / "function"
    assert sources.copied() == {"infrastructure/template.yaml"}
    assert sources.copied() == {"infrastructure/template.yaml"}


def test_a_link_within_the_project_becomes_what_it_leads_to(sources: Sources) -> None:
    sources.write("data/a.csv", text="1,2")
    (sources.base / "shop").mkdir()
    (sources.base / "shop" / "data").symlink_to("../data")
    (sources.base / "copy.csv").symlink_to("data/a.csv")
    assert sources.copied() == {"data/a.csv", "shop/data/a.csv", "copy.csv"}
    copy = sources.target / "shop" / "data" / "a.csv"
    assert (copy.read_text(), copy.parent.is_symlink()) == ("1,2", False)


def test_links_in_a_circle_end(sources: Sources) -> None:
    sources.write("data/a.csv")
    (sources.base / "data" / "again").symlink_to("../data")
    (sources.base / "data" / "project").symlink_to("..")
    (sources.base / "data" / "above").symlink_to("../..")
    assert sources.copied() == {"data/a.csv"}


@pytest.mark.parametrize("name", [".env", ".secrets/token.txt", "production.key", "uploads/cat.jpg"])
def test_a_link_is_no_way_around_what_is_left_out(sources: Sources, name: str) -> None:
    sources.settings.MEDIA_ROOT = sources.base / "uploads"
    sources.write(name)
    (sources.base / "link.txt").symlink_to(name)
    assert sources.copied() == set()


@pytest.mark.parametrize("name", [".cache", "node_modules", "uploads"])
def test_a_link_that_is_left_out_may_lead_anywhere(sources: Sources, tmp_path: Path, name: str) -> None:
    sources.settings.MEDIA_ROOT = sources.base / "uploads"
    (sources.base / name).symlink_to(tmp_path)
    assert sources.copied() == set()


def test_a_broken_link_is_nothing(sources: Sources) -> None:
    (sources.base / "nothing.txt").symlink_to("nowhere.txt")
    assert sources.copied() == set()


def test_a_link_out_of_the_project_is_refused_by_name(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (sources.base / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DeployError, match=r"^data is a link that leads out of the project, .*--exclude data$"):
        sources.copied()
    assert sources.copied(["data"]) == set()


def test_the_project_may_be_reached_by_a_link(sources: Sources, tmp_path: Path) -> None:
    sources.write("uploads/cat.jpg", "shop/models.py")
    (tmp_path / "current").symlink_to(sources.base)
    sources.base = sources.settings.BASE_DIR = tmp_path / "current"
    sources.settings.MEDIA_ROOT = sources.base / "uploads"
    assert sources.copied() == {"shop/models.py"}


def test_files_keep_their_time_and_have_plain_modes(sources: Sources) -> None:
    """The time is the Last-Modified of a static file: one for all would make browsers keep the old one."""
    sources.write("site.css", "run.sh", "old.py")
    (sources.base / "run.sh").chmod(0o700)
    (sources.base / "site.css").chmod(0o600)
    os.utime(sources.base / "site.css", (1_500_000_000, 1_500_000_000))
    os.utime(sources.base / "old.py", (1, 1))
    sources.copied()
    found = {file.name: file.stat() for file in sources.target.iterdir()}
    assert found["site.css"].st_mtime == 1_500_000_000
    assert found["old.py"].st_mtime > 315_532_800  # which a zip file can say
    assert [found[name].st_mode & 0o777 for name in ("run.sh", "site.css")] == [0o755, 0o644]


def test_a_file_whose_name_no_archive_can_hold_is_refused(sources: Sources) -> None:
    try:
        Path(os.fsdecode(bytes(sources.base) + b"/\xff.txt")).write_text("")
    except OSError:
        pytest.skip("this file system takes no such name")
    with pytest.raises(DeployError, match=r"The file name b'\\xff.txt' is no UTF-8"):
        sources.copied()


def test_a_file_where_the_folder_is_to_be_is_an_error_that_names_it(sources: Sources) -> None:
    sources.target.write_text("")
    with pytest.raises(DeployError, match=r"function.* cannot be copied"):
        copy_project(sources.base, sources.target)


def test_pipes_and_sockets_are_no_files(sources: Sources) -> None:
    os.mkfifo(sources.base / "pipe")
    assert sources.copied() == set()


def test_the_api_may_be_the_whole_project(sources: Sources) -> None:
    sources.settings.PAGESAPI = {"API_DIR": sources.base}
    sources.write("docs/tests.py")
    assert sources.copied() == {"docs/tests.py"}


def test_a_repository_may_hold_more_than_the_project(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "notes.txt").write_text("")
    sources.move(tmp_path / "repository" / "backend")
    sources.write("shop/models.py")
    assert sources.copied() == {"shop/models.py"}
