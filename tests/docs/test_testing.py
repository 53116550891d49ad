"""Tests of a user's own: those of `docs/testing.md` pass in a project, under pytest and under Django's runner."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from pagesapi import pytest_plugin, testing
from pagesapi.pages import prerender
from pagesapi.testing import ApiClient, route_tree
from pagesapi.testing.client import RouteClient
from project.blog.models import Post
from tests.docs.page import Block, Page
from tests.docs.served import served
from tests.servers.running import ROOT

PAGE = Page("testing")
TESTS: list[Block] = [block for block in PAGE.blocks if (block.file or "").startswith("blog/tests/")]
SETTINGS = """
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
SECRET_KEY = "of a test"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
INSTALLED_APPS += ["corsheaders", "pagesapi", "project.blog"]
MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware", "django.contrib.sessions.middleware.SessionMiddleware"]
MIDDLEWARE += ["django.contrib.auth.middleware.AuthenticationMiddleware"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROOT_URLCONF = "mysite.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
FORGETFUL = """
from django.test import TestCase
from project.blog.models import Post

class ForgetfulTest(TestCase):
    def test_pages_are_made_on_each_request(self):
        Post.objects.create(title="Hello", slug="hello")
        for _ in range(2):
            self.assertEqual(self.client.get("/blog/hello/")["X-Pagesapi-Cache"], "MISS")
"""


@pytest.fixture
def project(tmp_path: Path, db: None) -> Path:
    """What the page shows, in a folder, and a build of it that its tests must not see."""
    files = {**PAGE.project_files, **{f"api/{name}": text for name, text in PAGE.routes.items()}}
    packages = ("blog/__init__.py", "blog/tests/__init__.py")
    more = {
        "mysite/settings.py": SETTINGS,
        "blog/tests/forgetful_of_django.py": FORGETFUL,
        **dict.fromkeys(packages, ""),
    }
    for name, text in {**files, **more}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    with served(PAGE):
        call_command("routes", policy=True, json=True, stdout=(stdout := StringIO()))
    (tmp_path / "blog/tests/policy.json").write_text(stdout.getvalue())
    return tmp_path


def ran(project: Path, *words: str) -> str:
    """What a test run says that has to pass, and to write nothing where pages are kept."""
    path = os.pathsep.join([str(project), str(ROOT)])
    environ = {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "mysite.settings"}
    environ.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-W", "error", "-m", *words]
    before = kept(project)
    done = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert kept(project) == before
    return done.stdout + done.stderr


def kept(project: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in (project / ".pagesapi").rglob("*") if file.is_file()}


def methods_of_cases() -> int:
    return sum(len(re.findall(r"^    def test_", block.text, re.MULTILINE)) for block in TESTS)


def test_the_tests_of_the_page_pass_under_pytest(project: Path) -> None:
    functions = sum(len(re.findall(r"^def test_", block.text, re.MULTILINE)) for block in TESTS)
    others = {point.name for point in entry_points(group="pytest11")} - {"pagesapi", "django"}  # they take their time
    without = [word for name in sorted(others | {"cacheprovider"}) for word in ("-p", f"no:{name}")]
    said = ran(project, "pytest", "-q", *without, "blog/tests")
    assert f"{functions + methods_of_cases()} passed" in said
    assert kept(project) == {}


def test_the_tests_of_the_page_pass_under_djangos_runner(project: Path, settings: Settings) -> None:
    """And see nothing of a build that stands there: a page that was built would be found at the first visit."""
    settings.BASE_DIR, settings.ALLOWED_HOSTS = project, ["localhost"]
    Post.objects.bulk_create([Post(title="Of the build", slug="hello")])
    with served(PAGE, SITE_URL="http://localhost"):
        assert prerender(workers=1, static=False).ok
    assert kept(project) != {}
    said = ran(project, "django", "test", "--pattern=*_of_django.py", "--noinput")
    assert f"Ran {methods_of_cases() + 1} test" in said


def test_every_public_name_is_told() -> None:
    types = {"PageClock", "RouteClient"}
    assert [name for name in testing.__all__ if f"`{name}" not in PAGE.source and name not in types] == []
    fixtures = {name for name in vars(pytest_plugin) if _is_fixture(name)}
    assert fixtures == {row[0].strip("`") for row in _rows("| pytest's fixture |")}


def _is_fixture(name: str) -> bool:
    return not name.startswith("_") and "ixture" in type(vars(pytest_plugin)[name]).__name__


def _rows(head: str) -> list[list[str]]:
    lines = PAGE.source.split(head)[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_keyword_of_a_request_is_told() -> None:
    told = {row[0].strip("`") for row in PAGE.rows_below("Ask an endpoint by its name")}
    parameters = inspect.signature(RouteClient.request).parameters
    keywords = {name for name, each in parameters.items() if each.kind is each.KEYWORD_ONLY}
    assert told == keywords | {"any other"}


def test_a_stream_is_read_by_joining_it() -> None:
    events = "async def ticks():\n    yield {'data': 1}\ndef handler(req, res): res.sse(ticks())"
    with route_tree({"rows.py": "def GET(request):\n    yield 'a'\n    yield 'b'", "ticks.py": events}):
        assert b"".join(ApiClient()("rows").get()) == b"ab"
        assert b"".join(ApiClient()("ticks").get()) == b"data: 1\n\n"
