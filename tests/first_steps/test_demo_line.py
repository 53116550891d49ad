"""README's demo line, but for its installation, in a clean copy of the repository; and all that it says to click."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest

from tests.first_steps.shell import PATIENCE, RunServer, Shell

pytestmark = pytest.mark.server

ROOT = Path(__file__).resolve().parents[2]
INSTALLING = ("python3 -m venv .venv", ".venv/bin/pip install -q -e .")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """What git knows, or would take, of this checkout: no database, no pages, nothing that was built."""
    shell = Shell(tmp_path_factory.mktemp("home"))
    listed = [
        "git",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "api",
        "pagesapi",
        "project",
        "*.*",
    ]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, done.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "benchmarks/")):
            (shell.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, shell.folder / name)
    return shell


@pytest.fixture(scope="module")
def demo(clone: Shell) -> Iterator[RunServer]:
    text = (ROOT / "README.md").read_text("utf-8")
    line = re.search(r"<!-- demo line -->\n```sh\n(.*)\n```", text)
    assert line
    *before, last = line[1].split(" && ")
    assert tuple(before[:2]) == INSTALLING
    for command in before[2:]:
        done = clone.run(command.replace(".venv/bin/", ""))
        assert done.returncode == 0, done.stderr
    server = RunServer(clone, last.replace(".venv/bin/", ""))
    try:
        server.output.wait_for("How it is done: .*\n", PATIENCE)
        yield server
    finally:
        server.stop()


def seen(url: str) -> tuple[str, str]:
    """The content type and the text at a URL; raises for 400 and above."""
    with urlopen(url, timeout=PATIENCE) as answer:
        return answer.headers.get_content_type(), answer.read().decode()


def places(demo: RunServer) -> list[str]:
    return re.findall(r"^  (http://\S+)  ", demo.output.since(0), re.MULTILINE)


def test_what_the_server_says_to_look_at_is_there(demo: RunServer) -> None:
    types = {urlsplit(url).path: seen(url)[0] for url in places(demo)}
    assert types == {
        "/": "text/html",
        "/blog/": "text/html",
        "/api": "application/json",
        "/api/posts": "application/json",
        "/api/posts/1": "application/json",
        "/api/docs/guides/first-steps": "application/json",
        "/admin/": "text/html",
    }


def test_it_names_files_that_are_there(demo: RunServer, clone: Shell) -> None:
    said = demo.output.since(0)
    for name in re.findall(r"(?:README|docs/\S+)\.md|\bapi/\S+\.py", said):
        assert (clone.folder / name).is_file(), name


def test_the_first_page_has_data_in_it_and_each_of_its_links_leads_somewhere(demo: RunServer) -> None:
    first, *_ = places(demo)
    page = seen(first)[1]
    links = {urljoin(first, unescape(href)) for href in re.findall(r'href="([^"]+)"', page)}
    shown = {urlsplit(url).path: seen(url)[1] for url in sorted(links) if url.startswith(first)}
    assert len([path for path in shown if re.match(r"/blog/[a-z-]+/", path)]) >= 3
    assert {"/about/", "/feed.xml", "/sitemap.xml", "/api/hello", "/api/v1/posts/"} <= set(shown)
    assert json.loads(shown["/api/hello"])


def test_each_endpoint_that_the_api_lists_answers(demo: RunServer) -> None:
    first, *_ = places(demo)
    listed = json.loads(seen(f"{first}api")[1])["endpoints"]
    answers = {entry["url"]: seen(urljoin(first, entry["url"]))[0] for entry in listed}
    assert len(answers) >= 12
    assert set(answers.values()) <= {"application/json", "text/plain"}
