"""`out/` on a host of static files answers as the live site does: the demo, and an odder site."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from pagesapi.pages import static_page
from pagesapi.testing import route_tree
from tests.browser.site import PATIENCE, Site
from tests.pages.building.project import Project, listed_pages
from tests.servers.nginx import Nginx, require_nginx
from tests.servers.running import ROOT, Output
from tests.servers.wire import Answer, Connection

# In one process under `pytest --dist loadgroup`, so that the demo is started once.
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("static host")]


@dataclass(frozen=True)
class Shown:
    """What has to be the same."""

    status: int
    content_type: str | None
    location: str | None
    body: bytes

    @classmethod
    def of(cls, answer: Answer) -> Shown:
        return cls(answer.status, answer.head.get("Content-Type"), answer.head.get("Location"), answer.body)


# The demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("demo"))
    yield site
    site.stop()


@pytest.fixture(scope="module")
def live(demo: Site) -> int:
    """The port of gunicorn."""
    return int(demo.origin.rpartition(":")[2])


@pytest.fixture(scope="module")
def nginx(demo: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of nginx."""
    require_nginx()
    with started_nginx(demo.folder / "out", tmp_path_factory.mktemp("nginx")) as nginx:
        yield nginx.port


def ask(port: int, target: str, method: str = "GET") -> Shown:
    with Connection(port) as connection:  # of its own: a server closes one that was idle for a moment
        return Shown.of(connection.request(method, target))


@contextmanager
def started_nginx(out: Path, folder: Path) -> Iterator[Nginx]:
    with Nginx(folder, (out / "nginx.conf.example").read_text("utf-8"), out) as nginx:
        yield nginx
        assert nginx.complaints() == []


@pytest.fixture(scope="module")
def urls(demo: Site) -> list[str]:
    """All that `prerender` makes files of."""
    words = [sys.executable, "manage.py", "prerender", "--dry-run"]
    done = subprocess.run(words, cwd=ROOT, env=demo._environ(), capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if line.startswith("/")]


def test_every_url_of_the_demo_is_the_same_on_nginx(urls: list[str], live: int, nginx: int) -> None:
    kinds = set()
    for url in urls:
        for target in (url, f"{url}?utm_source=x&next=//evil.example/"):
            there = ask(live, target)
            assert ask(nginx, target) == there, target
            kinds.add((there.status, there.content_type))
    assert kinds == {
        (200, "text/html; charset=utf-8"),
        (200, "application/rss+xml; charset=utf-8"),
        (200, "application/xml"),
        (200, "application/json"),
        (301, "text/html; charset=utf-8"),
    }


def test_every_other_spelling_of_an_url_is_the_same_on_nginx(urls: list[str], live: int, nginx: int) -> None:
    statuses = set()
    for target in filter(is_for_the_pages_alone, spellings(urls)):
        there = ask(live, target)
        assert ask(nginx, target) == there, target
        statuses.add(there.status)
    assert statuses == {200, 301, 308, 404}


def spellings(urls: list[str]) -> list[str]:
    found = set()
    for url in urls:
        found |= {url.rstrip("/"), f"{url}/", f"{url}?a=1", f"{url.rstrip('/')}?a=%2F&b=ü%20".replace("ü", "%C3%BC")}
        found |= {url + name for name in ("index.html", "/index.html", "/index.json", ".html", "x/y", "%0A", "x/..")}
        found |= {
            url.replace("/", "//", 1),
            re.sub("/([^/]+/?)$", r"//\1", url),
            f"/x/..{url}",
            f"/.{url}",
            url.upper(),
        }
    return sorted(target for target in found if target.startswith("/"))


def is_for_the_pages_alone(target: str) -> bool:
    """Whether no view answers that runs on every request, and no pattern takes it for a post that nobody wrote."""
    path = target.partition("?")[0]
    names = path.replace("//", "/").strip("/").split("/")
    if names[0] == "api":
        # A line end is one of the few characters that nginx cannot name in JSON.
        return (len(names) > 2 or names == ["api", "archive"]) and "%0A" not in path
    is_post_without_slash = names[0] == "blog" and len(names) == 2 and re.fullmatch(r"/blog/[\w-]+", path)
    return not is_post_without_slash


@pytest.mark.parametrize(
    "target",
    [
        "/nope",
        "/nope/",
        "/blog/no-such-post/",
        "/blog/page/999/",
        "/%C3%BC/",
        "/about.html",
        "/404",
        "/404.html",
        "/_headers",
        "/_redirects",
        "/nginx.conf.example",
        "/index.html",
        "/static/",
        "/static/nope.css",
        "/api/archive/2024/nope",
        "/api/archive/%C3%BC",
        "/api/archive/a%20b?x=1",
        "/api/archive/%7Bx%7D/",
        "//evil.example/",
        "//evil.example/..",
        "/api/archive//",
        "/api//archive?a=1",
        "/api//archive//nope",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_demo_has_not_got_is_the_same_on_nginx(live: int, nginx: int, target: str, method: str) -> None:
    assert ask(nginx, target, method) == ask(live, target, method)


def test_the_style_sheet_is_the_same_on_nginx(live: int, nginx: int) -> None:
    there = ask(live, "/static/blog/blog.css")
    assert there.status == 200
    assert ask(nginx, "/static/blog/blog.css") == there


@pytest.fixture(scope="module")
def http_server(demo: Site) -> Iterator[int]:
    """The port of python -m http.server."""
    words = ["http.server", "0", "--bind", "127.0.0.1", "--directory", str(demo.folder / "out")]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    output = Output(process.stdout)
    try:
        yield int(output.wait_for(r"port (?P<port>\d+)")["port"])
    finally:
        process.terminate()
        process.wait(PATIENCE)
        output.close()


def test_pages_are_the_same_on_python_s_own_server(urls: list[str], live: int, http_server: int) -> None:
    """Those whose URL ends with a slash or has a dot: it knows nothing of the others, nor of redirects."""
    compared = 0
    for url in urls:
        there = ask(live, url)
        if there.status == 200 and (url.endswith("/") or "." in url):
            here = ask(http_server, url)
            assert (here.status, here.body) == (200, there.body), url
            compared += 1
    assert compared > 5


def test_a_redirect_is_a_page_that_refreshes_on_python_s_own_server(http_server: int) -> None:
    answer = ask(http_server, "/blog/page/1/")
    assert answer.status == 200
    assert b'<meta http-equiv="refresh" content="0; url=/blog/">' in answer.body


# An odder site, whose live answers come from Django's test client


def html(request: HttpRequest, **params: Any) -> HttpResponse:
    return HttpResponse(f"<p>{request.path}")


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *", content_type="text/plain")


def rss(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<rss/>", content_type="application/rss+xml; charset=utf-8")


def data(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"path": request.path})


def with_headers(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        "latin \xe9".encode("latin-1"), "text/html; charset=iso-8859-1", headers={"X-Price": '$5 "{};'}
    )


def moved(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect("/ü/?a=$b&c={};#d")


def found(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("https://example.org/x y", headers={"Cache-Control": "max-age=3600"})


NAMES = [
    "ü",
    "日本語",
    "a b",
    "a%2Fb",
    "100%",
    "q?#",
    "$uri",
    '"{};',
    "'",
    "~",
    "A",
    "a",
    "index",
    "v1.2",
]
PATTERNS = [
    path("", static_page(html)),
    path("flat", static_page(html)),
    path("v1.2", static_page(html)),
    path("old.html", static_page(html)),
    path("docs/index", static_page(html)),
    path("404/", static_page(html)),
    path("robots.txt", static_page(plain)),
    path("robots", static_page(plain)),
    path("feed.xml", static_page(rss)),
    path("feed/", static_page(rss)),
    path("data", static_page(data)),
    path("data/of/", static_page(data)),
    path("latin/", static_page(with_headers)),
    path("old/", static_page(moved)),
    path("found", static_page(found)),
    listed_pages("names/<str:key>/", NAMES, html, fallback=False),
    listed_pages("flat/<str:key>", NAMES, html, fallback=False),
]
STATIC = "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\n"
PEOPLE = ("ada", "ü", "example.com", "a b")
TREE = {
    "index.py": f"{STATIC}def GET(request): return {{}}",
    "items.json.py": f"{STATIC}def GET(request): return []",
    "text.py": f"{STATIC}def GET(request): return 'text'",
    "moved.py": f"{STATIC}def handler(req, res): res.redirect(308, '/api/text?a=$b')",
    "people/[name].py": f"""
{STATIC}
def get_static_paths(): return [{{'name': name}} for name in {PEOPLE}]
def GET(request, name): return {{'name': name}}
""",
}
ENDPOINTS = ["/api", "/api/items.json", "/api/text", "/api/moved"]
ENDPOINTS += [f"/api/people/{quote(name)}" for name in PEOPLE]
PAGES = ["/", "/flat", "/v1.2", "/old.html", "/docs/index", "/404/", "/robots.txt", "/robots", "/feed.xml", "/feed/"]
PAGES += ["/data", "/data/of/", "/latin/", "/old/", "/found"]
SPELT = [quote(name, safe="~$'()") for name in NAMES]  # as Django spells them in a redirect
PAGES += [f"/names/{name}/" for name in SPELT] + [f"/flat/{name}" for name in SPELT]


@pytest.mark.parametrize("append_slash", [True, False])
@pytest.mark.parametrize("trailing_slash", ["redirect", "accept"])
def test_odd_urls_are_the_same_on_nginx(
    settings: Settings, tmp_path: Path, append_slash: bool, trailing_slash: str
) -> None:
    require_nginx()
    project = Project(settings, tmp_path)
    settings.DEBUG = False
    settings.APPEND_SLASH = append_slash
    project.urls(*PATTERNS, path("", include("pagesapi.urls")))
    (tmp_path / "nginx").mkdir()
    with route_tree(TREE, TRAILING_SLASH=trailing_slash):
        report = project.build()
        assert report.failures == []
        assert report.pages == len(PAGES) + len(ENDPOINTS)
        with started_nginx(project.out, tmp_path / "nginx") as nginx:
            for target in odd_targets():
                assert ask(nginx.port, target) == shown_by_django(target), target


def odd_targets() -> list[str]:
    found = {"/api/", "/api//text", "/api//people/ada/", "/api/nope", "/api/people/ada/x/", "/nope", "/nope/"}
    for url in [*PAGES, *ENDPOINTS]:
        found |= {url, f"{url}?a=1&b=%2F", f"{url}/", url.rstrip("/"), f"{url}/x", f"{url}.html", f"{url}index.html"}
        found |= {f"{url}/index.html", f"{url}/index.json"}
    unlisted = re.compile(r"/api/people/[^/?]+(?<!/ada)(?<!%BC)(?<!e.com)(?<!%20b)/?")  # made when they are asked for
    # Django's client takes what follows two slashes for a host.
    return sorted(url for url in found if re.match("/(?!/)", url) and not unlisted.fullmatch(url))


def shown_by_django(target: str) -> Shown:
    response = Client(headers={"host": "example.com"}).get(target)
    headers = response.headers
    return Shown(response.status_code, headers.get("Content-Type"), headers.get("Location"), response.content)
