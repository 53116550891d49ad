"""`deploy static`: the folder, as hosts of static files read it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from pytest_django import Settings

from pagesapi.deploy.writing import cache_rules, host_limits
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.plan import make_plan
from pagesapi.deploy.writing.static import write_static
from pagesapi.deploy.writing.written import Written
from pagesapi.exceptions import DeployError
from pagesapi.pages import static_page
from pagesapi.pages.building.options import Progress
from pagesapi.testing import route_tree
from tests.deploy.host import Host
from tests.pages.building.project import Project, files_in, listed_pages, text_page
from tests.servers.nginx import Nginx, require_nginx

PAGE = "public, max-age=0, must-revalidate"
HASHED = "public, max-age=31536000, immutable"
SHORT = "public, max-age=3600"
TEXT = "It is said again and again. " * 100
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
FINDER = "django.contrib.staticfiles.finders.{}Finder"


class Site(Project):
    """A project, and the folder that it is deployed to."""

    @property
    def target(self) -> Path:
        return self.base / "dist" / "static"

    def deploy(self, **options: Any) -> Written:
        compressed = options.pop("compressed", False)
        order = Order(target=self.target, base=self.base, **options)
        return write_static(order, make_plan(per_route=False, interface="wsgi", python="3.12"), compressed=compressed)

    def deployed(self, **options: Any) -> Host:
        self.deploy(**options)
        return Host(self.target)

    def add_static(self, name: str, text: str) -> None:
        file = self.base / "assets" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.settings.STATICFILES_DIRS = [self.base / "assets"]

    def hash_static_files(self) -> None:
        self.settings.STATIC_ROOT = self.base / "collected"
        self.settings.STORAGES = STORAGES
        call_command("collectstatic", verbosity=0)


@pytest.fixture
def site(settings: Settings, tmp_path: Path) -> Site:
    return Site(settings, tmp_path)


def test_the_folder_holds_what_hosts_read_and_the_site(site: Site) -> None:
    site.add_static("site.css", "body { color: black }")
    site.urls(text_page("", "Home"), text_page("about/", "About"))
    written = site.deploy()
    expected = {"index.html", "about/index.html", "404.html", "_headers", "_redirects", "nginx.conf.example"}
    assert set(files_in(site.target)) == {*expected, "static/site.css"}
    assert written.paths == ("/", "/about/")
    assert not site.left_over - {"assets", "dist"}
    assert [entry.name for entry in site.target.parent.iterdir()] == ["static"]


def test_what_prerender_says_of_headers_stays_and_rules_for_caches_are_added(site: Site) -> None:
    site.urls(text_page("", "Home"), text_page("feed.xml", "<rss/>", content_type="application/rss+xml"))
    host = site.deployed()
    assert host.headers("/feed.xml") == {"Content-Type": "application/rss+xml", "Cache-Control": PAGE}
    assert host.headers("/") == {"Cache-Control": PAGE}
    first = (site.target / "_headers").read_text().splitlines()[0]
    assert first == "# Written by manage.py deploy (pagesapi); changes are lost."


def test_every_page_is_asked_for_anew_and_static_files_are_kept_for_a_while(site: Site) -> None:
    site.add_static("deep/site.css", "body { color: black }")
    site.urls(
        text_page("", "Home"),
        text_page("blog", "Blog"),
        text_page("blog/", "Blog too"),
        listed_pages("blog/<str:key>/", ["größe", "a b", "*"]),
        text_page("über/uns", "Us"),
    )
    host = site.deployed()
    for page in ("/", "/blog", "/blog/", "/blog/größe/", "/blog/a b/", "/blog/*/", "/über/uns"):
        assert host.cache(page) == PAGE
    assert host.cache("/static/deep/site.css") == SHORT
    assert [rule for rule, _ in host.rules] == ["/", "/blog", "/blog/*", "/%C3%BCber/*", "/static/*"]


def test_a_page_that_says_how_long_it_is_kept_is_believed(site: Site) -> None:
    @static_page()
    def own(request: HttpRequest) -> HttpResponse:
        return HttpResponse("Own", headers={"Cache-Control": "public, max-age=60"})

    site.urls(text_page("", "Home"), path("blog/own/", own), text_page("blog/other/", "Other"), path("own", own))
    host = site.deployed()
    assert host.cache("/blog/own/") == host.cache("/own") == "public, max-age=60"
    assert host.cache("/blog/other/") == PAGE


def test_no_rule_for_static_files_meets_one_for_pages(site: Site) -> None:
    site.settings.STATIC_URL = "/blog/files/"
    site.add_static("site.css", "body { color: black }")
    site.urls(text_page("blog/", "Blog"), text_page("blog/first/", "First"))
    host = site.deployed()
    assert (host.cache("/blog/"), host.cache("/blog/first/"), host.cache("/blog/files/site.css")) == (
        PAGE,
        PAGE,
        SHORT,
    )


@pytest.mark.parametrize("count", [60, 51, 50])
def test_too_many_pages_at_the_top_are_left_to_the_hosts_own_rule(site: Site, count: int) -> None:
    names = [f"page{number}" for number in range(count - 1)]
    site.urls(text_page("", "Home"), listed_pages("<str:key>/", names))
    site.settings.STATIC_URL = "https://files.example/"
    host = site.deployed()
    assert host.cache("/page1/") == (PAGE if count <= cache_rules.MOST else None)


def test_too_many_pages_beside_one_with_its_own_rule_are_left_to_the_host(site: Site) -> None:
    @static_page()
    def own(request: HttpRequest) -> HttpResponse:
        return HttpResponse("Own", headers={"Cache-Control": "no-cache"})

    keys = [f"page{number}" for number in range(60)]
    site.urls(listed_pages("blog/<str:key>/", keys), path("blog/", own))
    host = site.deployed()
    assert (host.cache("/blog/page1/"), host.cache("/blog/")) == (None, "no-cache")


def test_files_with_a_hash_in_their_names_are_kept_for_ever_and_only_they(site: Site) -> None:
    site.add_static("site.css", "body { background: url(icon.svg) }")
    site.add_static("icon.svg", "<svg/>")
    site.add_static("looks.0123456789ab.css", "a {}")
    site.hash_static_files()
    host = site.deployed()
    manifest = cache_rules.hashed_names()
    assert set(manifest) == {"site.css", "icon.svg", "looks.0123456789ab.css"}
    for name, made in manifest.items():
        assert host.cache(f"/static/{made}") == HASHED
        assert host.cache(f"/static/{name}") is None
    assert host.cache("/") == PAGE


def test_files_of_the_project_have_the_first_rules(site: Site) -> None:
    """Cloudflare reads a hundred, and the admin has more files."""
    site.settings.STATICFILES_FINDERS = [FINDER.format("FileSystem"), FINDER.format("AppDirectories")]
    site.add_static("zoo/site.css", "a {}")
    site.hash_static_files()
    written = site.deploy()
    rules = [rule for rule, fields in Host(site.target).rules if ("Cache-Control", HASHED) in fields]
    assert rules[0].startswith("/static/zoo/site.")
    assert rules[1].startswith("/static/admin/")
    assert any(note.startswith(f"_headers has {len(rules) + 1} rules; Cloudflare") for note in written.notes)


def test_static_files_below_a_script_prefix_or_at_the_root(site: Site) -> None:
    site.settings.FORCE_SCRIPT_NAME = "/app"
    site.settings.STATIC_URL = "/app/static/"
    site.add_static("site.css", "a {}")
    host = site.deployed()
    assert (host.cache("/app/"), host.cache("/app/static/site.css")) == (PAGE, SHORT)


def test_a_project_without_static_files_has_no_rule_for_them(site: Site) -> None:
    assert [rule for rule, _ in site.deployed().rules] == ["/"]
    site.settings.STATIC_URL, site.settings.MEDIA_URL = "/", "/media/"
    assert [rule for rule, _ in site.deployed().rules] == ["/"]


# What goes wrong


def test_a_page_that_fails_leaves_the_old_folder(site: Site) -> None:
    site.deploy()
    before = files_in(site.target)

    @static_page()
    def broken(request: HttpRequest) -> HttpResponse:
        raise LookupError("no such post")

    site.urls(path("", broken))
    with pytest.raises(DeployError, match="no such post"):
        site.deploy()
    assert files_in(site.target) == before
    assert [entry.name for entry in site.target.parent.iterdir()] == ["static"]


def test_a_project_without_pages_is_refused(site: Site) -> None:
    site.urls()
    with pytest.raises(DeployError, match=r"no static page, so there is nothing"):
        site.deploy()
    assert not site.target.exists()


def test_a_folder_of_somebody_else_is_refused(site: Site) -> None:
    site.target.mkdir(parents=True)
    (site.target / "diary.txt").write_text("")
    with pytest.raises(DeployError, match=r"is not empty"):
        site.deploy()


def test_a_page_that_shows_a_secret_is_refused(site: Site) -> None:
    site.settings.PAYMENT_SECRET = "9f8d7c6b5a4e3d2c1b0a"
    site.urls(text_page("about/", "key=9f8d7c6b5a4e3d2c1b0a"))
    with pytest.raises(DeployError, match=r"about/index\.html:1: PAYMENT_SECRET"):
        site.deploy()
    site.deploy(public=frozenset({"PAYMENT_SECRET"}))


# What a static host cannot do


@pytest.fixture
def tree() -> Iterator[None]:
    files = {
        "hello.py": "def GET(request): return {}",
        "items.py": "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\n"
        "def GET(request): return []\ndef POST(request): return {}",
        "made.py": "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\ndef GET(request): return []",
        "posts/[id].py": "def handler(req, res): res.json({})",
    }
    with route_tree(files, SITE_URL="https://example.com"):
        yield


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_what_only_the_application_answers_is_noted(site: Site, tree: None) -> None:
    site.urls(
        text_page("", "Home"),
        text_page("fresh/", "Fresh", revalidate=60),
        listed_pages("blog/<slug:key>/", ["a"], fallback=True),
        listed_pages("closed/<slug:key>/", ["a"], fallback=False),
        path("login/", view),
        path("shop/", include([path("cart/", view)])),
        path("pages/", include([text_page("one/", "One")])),
        path("", include("pagesapi.urls")),
    )
    notes = [note.removeprefix("A static host cannot do it: these ") for note in site.deploy().notes]
    assert notes == [
        "endpoints run on every request: /api/hello, /api/items (POST), /api/posts/[id].",
        "pages are made at the first visit of a path that is not listed (fallback): /blog/<slug:key>/.",
        "pages are renewed (revalidate); here the next deployment does it: /fresh/.",
        "URLs belong to views that are no static pages: /login/, /shop/….",
    ]


def test_of_many_the_first_ten_are_named(site: Site) -> None:
    site.urls(text_page("", "Home"), *(path(f"view{number}/", view) for number in range(12)))
    [note] = site.deploy().notes
    assert note.endswith("/view8/, /view9/ and 2 more.")


def test_a_site_that_a_static_host_can_serve_has_no_notes(site: Site) -> None:
    assert site.deploy().notes == ()


def test_more_than_a_host_reads_is_noted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * 90

    @static_page()
    def moved(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=301, headers={"Location": f"/{long}"})

    @static_page()
    def said(request: HttpRequest) -> HttpResponse:
        return HttpResponse("Said", headers={"X-Said": long})

    site.urls(path("", said), path("old/", moved), path("older/", moved))
    limits = {"RULES": 1, "LINE": 90, "REDIRECTS": 1, "REDIRECT_LINE": 90, "FILES": 5, "FILE": 100}
    for name, value in limits.items():
        monkeypatch.setattr(host_limits, name, value)
    notes = site.deploy().notes
    assert [note.partition(";")[0].partition(":")[0] for note in notes] == [
        "_headers has 2 rules",
        f"_headers has a line of {len('  X-Said: ' + long)} characters",
        "_redirects has 2 lines",
        f"_redirects has a line of {len('/older/ / 301' + long)} characters",
        "There are 7 files",
        "Cloudflare Pages takes files of 0 MB at most",
    ]


# Compressed copies


def test_nginx_sends_the_compressed_copies(site: Site, tmp_path: Path) -> None:
    require_nginx()
    site.add_static("site.css", "body { color: black }\n" * 100)
    site.urls(text_page("about/", TEXT), text_page("small/", "Small"))
    shown: list[Progress] = []
    site.deploy(compressed=True, progress=shown.append)
    assert shown[-1] == Progress(2, 2, 0)
    conf = (
        (site.target / "nginx.conf.example").read_text().replace("charset off;", "charset off;\n    gzip_static on;")
    )
    (tmp_path / "nginx").mkdir()
    with Nginx(tmp_path / "nginx", conf, site.target) as nginx, nginx.connect() as connection:
        for url, text in (("/about/", TEXT), ("/static/site.css", "body { color: black }\n" * 100)):
            plain = connection.request("GET", url)
            packed = connection.request("GET", url, {"Accept-Encoding": "gzip"})
            assert (plain.head.get("content-encoding"), plain.body) == (None, text.encode())
            assert packed.head.get("content-encoding") == "gzip"
            assert packed.body == text.encode()  # unpacked by the client
            assert packed.head.get("content-type") == plain.head.get("content-type")
        assert connection.request("GET", "/small/", {"Accept-Encoding": "gzip"}).body == b"Small"
        assert nginx.complaints() == []


def test_a_second_deployment_writes_the_same_bytes(site: Site) -> None:
    site.urls(text_page("", TEXT), text_page("about/", "About"))
    site.deploy(compressed=True)
    first = files_in(site.target)
    assert {"index.html.br", "index.html.gz"} <= set(first)
    os.utime(site.target / "index.html", (1, 1))
    site.deploy(compressed=True)
    assert files_in(site.target) == first
