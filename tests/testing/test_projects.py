"""Projects whose tests know nothing of stores: nothing is written, and nothing that was built is seen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).parent
SECRET_KEY = "of a test"
ALLOWED_HOSTS = ["testserver"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "corsheaders", "pagesapi"]
MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware"]
ROOT_URLCONF = "urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
PAGESAPI = {"SITE_URL": "http://testserver", **%s}
"""
URLS = """
from django.http import HttpResponse
from django.urls import include, path
from pagesapi.pages import StaticPage, static_page

count = []

@static_page(revalidate=60)
def about(request):
    count.append(1)
    return HttpResponse(f"made {len(count)} times")

urlpatterns = [path("about/", about), path("", include("pagesapi.urls"))]
"""
API = "def GET(request): return {'message': 'Hello'}"
PLAIN = """
from django.test import SimpleTestCase, TestCase
from pagesapi.pages import revalidate

class ForgetfulTest(%s):
    def test_one(self):
        first, second = (self.client.get("/about/") for _ in range(2))
        self.assertNotEqual(first.content, second.content)
        revalidate("/about/")

    def test_two(self):
        self.assertEqual(self.client.get("/about/")["X-Pagesapi-Cache"], "MISS")
        self.assertEqual(self.client.get("/api/hello").json(), {"message": "Hello"})
"""
WITH_PYTEST = """
import pytest
from pagesapi.pages import revalidate

@pytest.mark.parametrize("turn", [1, 2])
def test_a_page_is_kept_for_one_test(client, turn):
    assert [client.get("/about/")["X-Pagesapi-Cache"] for _ in range(2)] == ["MISS", "HIT"]
    revalidate("/about/")
    assert client.get("/about/")["X-Pagesapi-Cache"] == "MISS"

def test_with_a_database(client, db):
    assert [client.get("/about/")["X-Pagesapi-Cache"] for _ in range(2)] == ["MISS", "HIT"]

def test_fixtures(api, page_store, page_clock):
    assert api("hello").get().json() == {"message": "Hello"}
"""
PATIENCE = 120  # seconds; reached only where something hangs
STORES = {
    "none": "{}",
    "a file store": '{"STORE": {"BACKEND": "pagesapi.pages.store.FileStore", "OPTIONS": {"MAX_ENTRIES": 5}}}',
    "a folder of its own": '{"STORE": {"BACKEND": "pagesapi.pages.store.FileStore",'
    ' "OPTIONS": {"LOCATION": BASE_DIR / "pages"}}}',
    "threads": '{"REGENERATE": "thread", "BUILD_ID": "a"}',
}


def project(folder: Path, store: str) -> Path:
    (folder / "api").mkdir()
    (folder / "api" / "hello.py").write_text(API, "utf-8")
    (folder / "settings.py").write_text(SETTINGS % store, "utf-8")
    (folder / "urls.py").write_text(URLS, "utf-8")
    return folder


def run(folder: Path, *words: str, settings: str | None = "settings") -> str:
    """What a command in the project's folder prints; as in a shell of its own, so nothing of this run's is known."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "DJANGO_", "PYTEST_"))}
    environment = {**known, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    if settings is not None:
        environment["DJANGO_SETTINGS_MODULE"] = settings
    command = [sys.executable, "-m", *words]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("store", STORES.values(), ids=STORES)
@pytest.mark.parametrize("case", ["SimpleTestCase", "TestCase"])
def test_a_test_of_djangos_own_runner_that_forgets_all_writes_nothing(tmp_path: Path, store: str, case: str) -> None:
    folder = project(tmp_path, store)
    (folder / "tests.py").write_text(PLAIN % case, "utf-8")
    before = files(folder)

    assert "Ran 2 tests" in run(folder, "django", "test")

    assert files(folder) == before


@pytest.mark.parametrize("store", STORES.values(), ids=STORES)
def test_a_test_of_pytest_that_forgets_all_writes_nothing(tmp_path: Path, store: str) -> None:
    folder = project(tmp_path, store)
    (folder / "test_site.py").write_text(WITH_PYTEST, "utf-8")
    before = files(folder)

    assert "4 passed" in run(folder, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--rootdir=.")

    assert files(folder) == before


def test_tests_do_not_see_what_was_built_here(tmp_path: Path) -> None:
    folder = project(tmp_path, '{"OUTPUT_DIR": BASE_DIR / "out"}')
    (folder / "tests.py").write_text(PLAIN % "SimpleTestCase", "utf-8")
    run(folder, "django", "prerender", "--no-static", "--verbosity=0")
    (folder / "out" / "about" / "index.html").write_text("built long ago", "utf-8")
    before = files(folder)

    run(folder, "django", "test")

    assert files(folder) == before


def test_a_project_without_django_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "test_sum.py").write_text("def test_sum():\n    assert 1 + 1 == 2\n", "utf-8")
    words = ("pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", "--rootdir=.")
    assert "1 passed" in run(tmp_path, *words, settings=None)


def test_django_set_up_by_a_conftest_is_enough_for_pytest(tmp_path: Path) -> None:
    folder = project(tmp_path, "{}")
    (folder / "conftest.py").write_text("import django\ndjango.setup()\n", "utf-8")
    (folder / "test_site.py").write_text(
        "import pytest\n"
        "from django.test import Client\n"
        "client = Client(headers={'Host': 'testserver'})\n"
        "@pytest.fixture(scope='module', autouse=True)\n"
        "def about(): return client.get('/about/')\n"
        "def test_a_page_is_kept():\n"
        "    assert [client.get('/about/')['X-Pagesapi-Cache'] for _ in range(2)] == ['MISS', 'HIT']\n",
        "utf-8",
    )
    before = files(folder)

    words = ("pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:randomly", "--rootdir=.")
    assert "1 passed" in run(folder, *words)

    assert files(folder) == before


OWN_FIXTURE = """
import pytest
from pagesapi.testing import assert_static

@pytest.fixture(params=[1, 2])
def page_store(request):
    return "the project's own"

def test_a_page_is_kept(client):
    assert_static("/about/")

def test_a_fixture(page_store):
    assert page_store == "the project's own"
"""


def test_a_project_may_have_a_fixture_of_the_same_name(tmp_path: Path) -> None:
    folder = project(tmp_path, "{}")
    (folder / "test_site.py").write_text(OWN_FIXTURE, "utf-8")

    assert "3 passed" in run(folder, "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.")


def test_page_store_says_why_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "test_store.py").write_text("def test_store(page_store):\n    pass\n", "utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", "--rootdir=."]

    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert 'page_store: "pagesapi" is not in INSTALLED_APPS, or Django is not set up.' in done.stdout
