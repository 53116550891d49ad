"""The site is built once, and then looked at as a reader's browser would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.docs.page import DOCS, pages

pytestmark = pytest.mark.xdist_group("docs-site")
HERE = "https://docs.invalid/"
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}


class Reader(HTMLParser):
    """What an HTML page links to, loads, and can be linked to by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors = {""}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.anchors.update(named[name] for name in ("id", "name") if name in named)
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        if tag == "link" and named.get("rel", "") not in ("canonical", "prev", "next", "alternate"):
            self.loaded.append(named["href"])
        if LOADED.get(tag) in named:
            self.loaded.append(named[LOADED[tag]])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    # The message is of MkDocs 2, which another line of the requirements keeps away.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=DOCS.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def read(built: Path) -> dict[str, Reader]:
    """Each HTML page by its URL's path."""
    return {
        path.relative_to(built).as_posix().removesuffix("index.html"): Reader(path.read_text("utf-8"))
        for path in built.rglob("*.html")
    }


def test_each_page_is_built(read: dict[str, Reader]) -> None:
    assert {f"{page.name}/" for page in pages()} - {"index/"} | {"", "404.html"} == set(read)


def inside(url: str, reader: Reader) -> Iterator[tuple[str, str]]:
    """The links of a page that stay on the site: a path and an anchor."""
    for link in reader.links:
        target = urlsplit(urljoin(HERE + url, link))
        if f"{target.scheme}://{target.netloc}/" == HERE:
            yield unquote(target.path.removeprefix("/")), unquote(target.fragment)


def test_each_link_leads_somewhere(built: Path, read: dict[str, Reader]) -> None:
    wrong = []
    for url, reader in read.items():
        for path, anchor in inside(url, reader):
            if path in read and anchor not in read[path].anchors and not anchor.startswith("__"):
                wrong.append(f"{url} → {path}#{anchor}")
            if path not in read and not (built / path).is_file():
                wrong.append(f"{url} → {path}")
    assert wrong == []


def test_nothing_is_loaded_from_another_host(built: Path, read: dict[str, Reader]) -> None:
    for url, reader in read.items():
        hosts = {urlsplit(urljoin(HERE + url, link)).netloc for link in reader.loaded} - {""}
        assert hosts <= {urlsplit(HERE).netloc}, url
    for sheet in built.rglob("*.css"):
        found = re.findall(r"(?:url\(|@import)\s*[\"']?(\w+:)?//", sheet.read_text("utf-8"))
        assert found == [], sheet


def test_what_is_loaded_is_there(built: Path, read: dict[str, Reader]) -> None:
    for url, reader in read.items():
        for link in reader.loaded:
            if not link.startswith("data:"):
                path = urlsplit(urljoin(HERE + url, link)).path
                assert (built / path.removeprefix("/")).is_file(), f"{url} loads {link}"
