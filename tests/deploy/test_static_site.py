"""How a host reads the folder of `deploy static`."""

from __future__ import annotations

from pathlib import Path

import pytest

from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.static_site import StaticSite

FILES = {
    "index.html": "home",
    "about/index.html": "about",
    "plain.html": "plain",
    "feed": "feed",
    "api/squares/2/index.json": "4",
    "404.html": "nothing here",
    "_redirects": "# first\n/old/ /about/ 302\n/api/* /api/:splat/index.json 200\n/feed.xml /feed 200\n",
    "_headers": "# first\n/feed.xml\n  Content-Type: application/rss+xml\n  X-A: 1\n/about/*\n  X-A: 2\n",
}


@pytest.fixture
def site(tmp_path: Path) -> StaticSite:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return StaticSite(tmp_path)


@pytest.mark.parametrize(
    ("target", "status", "body"),
    [
        ("/", 200, b"home"),
        ("/about/", 200, b"about"),
        ("/plain", 200, b"plain"),
        ("/feed.xml", 200, b"feed"),
        ("/api/squares/2", 200, b"4"),
        ("/old/", 302, b""),
        ("/nothing", 404, b"nothing here"),
    ],
)
def test_a_path_leads_to_its_file(site: StaticSite, target: str, status: int, body: bytes) -> None:
    answer = site.ask(Question("GET", target))
    assert (answer.status, answer.body) == (status, body)


def test_headers_are_those_of_the_rules_and_of_the_name(site: StaticSite) -> None:
    assert site.ask(Question("GET", "/feed.xml")).headers == (("Content-Type", "application/rss+xml"), ("X-A", "1"))
    assert site.ask(Question("HEAD", "/about/")).headers == (
        ("Content-Type", "text/html; charset=utf-8"),
        ("X-A", "2"),
    )
    assert site.ask(Question("GET", "/api/squares/2")).values("content-type") == ["application/json"]
    assert site.ask(Question("GET", "/old/")).values("location") == ["/about/"]


def test_nothing_can_be_changed_there(site: StaticSite) -> None:
    assert site.ask(Question("POST", "/")).status == 405


def test_a_folder_may_lack_all_of_these_files(tmp_path: Path) -> None:
    site = StaticSite(tmp_path)
    assert (site.ask(Question("GET", "/")).status, site.ask(Question("GET", "/")).body) == (404, b"")
    site.close()
