"""The demo as a newcomer starts it, by `migrate` and `runserver`: on an empty SQLite file and on PostgreSQL.

PostgreSQL is the server of `PAGESAPI_TEST_POSTGRES_URL=postgres://user:password@host:port/name`, whose user may
create databases.
"""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("PAGESAPI_TEST_POSTGRES_URL", "")


@contextmanager
def fresh_postgres() -> Iterator[str]:
    import psycopg  # noqa: PLC0415 - only this test needs the driver
    from psycopg.sql import SQL, Identifier  # noqa: PLC0415

    name = f"pagesapi_test_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    try:
        yield urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


pytestmark = pytest.mark.server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Site"]:
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        file = folder / "demo.sqlite3"
        with served(f"sqlite:///{file.as_posix()}", folder) as site:
            yield site
        return
    if not POSTGRES:
        reason = "PAGESAPI_TEST_POSTGRES_URL is not set, so there is no PostgreSQL to try"
        if os.environ.get("PAGESAPI_CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with fresh_postgres() as url, served(url, folder) as site:
        yield site


class Site:
    def __init__(self, origin: str) -> None:
        self.origin = origin

    def ask(
        self, method: str, path: str, body: bytes | None = None, type: str = "application/json"
    ) -> tuple[int, Any]:
        asked = Request(self.origin + path, body, {"Content-Type": type} if body else {}, method=method)
        try:
            with urlopen(asked, timeout=60) as answer:
                status, sent = answer.status, answer.read()
        except HTTPError as error:
            status, sent = error.code, error.read()
        return status, json.loads(sent) if sent[:1] in (b"{", b"[") else sent.decode()

    def send(self, method: str, path: str, value: object) -> tuple[int, Any]:
        return self.ask(method, path, json.dumps(value).encode())

    def submit(self, path: str, **fields: str) -> tuple[int, Any]:
        return self.ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[Site]:
    """`migrate`, then `runserver` on a port that the system chooses."""
    environ = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DEBUG": "1",
        "DEMO_TESTS_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.demo.settings",
        "PYTHONUNBUFFERED": "1",
    }
    manage = [sys.executable, "manage.py"]
    done = subprocess.run([*manage, "migrate"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with subprocess.Popen(
        [*manage, "runserver", "--noreload", "127.0.0.1:0"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            yield Site(origin_of(server))
        finally:
            server.terminate()


def origin_of(server: "subprocess.Popen[str]") -> str:
    assert server.stdout is not None
    for line in server.stdout:
        if match := re.search(r"http://127\.0\.0\.1:\d+", line):
            return match[0]
    raise AssertionError(f"runserver ended with {server.wait()} before it listened")


def test_the_demo_has_data_from_the_start(site: Site) -> None:
    pages = [site.ask("GET", path) for path in ("/", "/blog/", "/blog/page/2/")]
    titles = [post["title"] for post in site.ask("GET", "/api/posts")[1]["posts"]]

    assert [status for status, _ in pages] == [200, 200, 200]
    assert "A file is an endpoint" in titles
    lists = pages[1][1] + pages[2][1]
    assert all(title in lists for title in titles)


def test_feedback_is_saved_read_back_and_checked(site: Site) -> None:
    before = site.ask("GET", "/api/feedback")[1]["count"]

    status, answer = site.submit("/api/feedback", email="ada@example.com", message="Größe ✓")
    assert (status, answer["feedback"]["email"]) == (201, "ada@example.com")
    listed = site.ask("GET", "/api/feedback")[1]
    assert listed["count"] == before + 1
    assert listed["feedback"][0]["message"] == "Größe ✓"

    status, problem = site.submit("/api/feedback", email="ada", message="Good work")
    assert (status, list(problem["errors"])) == (400, ["email"])
    assert site.send("POST", "/api/feedback", {"email": "a@b.de", "message": "a\0b"})[0] == 400
    assert site.ask("GET", "/api/feedback")[1]["count"] == before + 1


def test_a_post_is_created_read_changed_and_deleted(site: Site) -> None:
    status, post = site.send("POST", "/api/posts", {"title": f"Post {secrets.token_hex(4)}"})
    assert status == 201
    url = f"/api/posts/{post['id']}"

    assert site.ask("GET", url) == (200, post)
    assert site.send("PATCH", url, {"body": "More"}) == (200, {**post, "body": "More"})
    assert site.send("POST", "/api/posts", {"title": post["title"]})[0] == 400
    assert site.ask("GET", f"/api/v1/posts/{post['id']}/")[1]["body"] == "More"
    assert site.ask("DELETE", url) == (204, "")
    assert site.ask("GET", url)[0] == 404


@pytest.mark.parametrize("id", ["9" * 18, "9" * 30, "-1", "abc"])
def test_numbers_that_no_post_can_have_are_a_404(site: Site, id: str) -> None:
    assert site.ask("GET", f"/api/posts/{id}")[0] == 404
