"""A URLconf that registers converters of the tree, and asks for the tree while it is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.test_projects import PATIENCE, project, run

URLS = """
from django.urls import include, path, register_converter
from pagesapi import load_route

class Year:
    regex = "[0-9]{4}"
    def to_python(self, value): return int(value)
    def to_url(self, value): return str(value)

hello = load_route("hello").GET  # before the converter is known
register_converter(Year, "yyyy")
urlpatterns = [path("", include("pagesapi.urls"))]
"""
# The first request of a process: one with a final slash asks for the tree before the URLconf.
ASK = """
import sys, threading
from wsgiref.util import setup_testing_defaults
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
found = []

def status_of(path):
    environ, statuses = {"HTTP_HOST": "testserver", "PATH_INFO": path}, []
    setup_testing_defaults(environ)
    application(environ, lambda status, headers: statuses.append(status[:3])).close()
    return statuses[0]

def ask():
    found.append([status_of(path) for path in sys.argv[1:]])

threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(*found[0], len(found), all(each == found[0] for each in found))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = project(tmp_path, "{}")
    (folder / "urls.py").write_text(URLS, "utf-8")
    (folder / "api" / "archive").mkdir()
    (folder / "api" / "archive" / "[year=yyyy].py").write_text("def GET(request, year): return year", "utf-8")
    return folder


def test_commands_know_the_tree(folder: Path) -> None:
    assert "/api/archive/[year=yyyy]" in run(folder, "django", "routes")
    run(folder, "django", "check")


def test_a_route_may_be_started_with_that_converter(folder: Path) -> None:
    assert "/api/issues/[year=yyyy]" in run(folder, "django", "startroute", "issues/[year=yyyy]")


def test_the_first_requests_of_a_process_are_answered(folder: Path) -> None:
    (folder / "ask.py").write_text(ASK, "utf-8")
    paths = ["/api/hello/", "/api/archive/2024/", "/api/archive/2024", "/api/archive/24"]

    assert run(folder, "ask", *paths).splitlines()[-1] == "308 308 200 404 8 True"


def test_what_is_being_imported_when_the_tree_is_asked_for_is_imported_once(folder: Path) -> None:
    (folder / "urls.py").write_text("print('imported')\n" + URLS, "utf-8")
    command = [sys.executable, "-m", "django", "routes", "--settings=settings", "--pythonpath=."]

    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=True)

    assert done.stdout.count("imported") == 1
