"""What hosts are told: nginx, really started, answers from the files as the application would; and the other files."""

import dataclasses
import itertools
import json
import random
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.hosting import SIGNATURE, Site, hosting_files, refresh_page
from tests.pages.building.model import (
    HTML,
    NOT_FOUND,
    SITE,
    TEXT,
    Application,
    content_of,
    no_endpoint,
    page,
    redirect,
    without_collisions,
    write,
)
from tests.pages.building.sites import pages_at_random, site_at_random, targets_around
from tests.servers.nginx import Nginx, require_nginx
from tests.servers.wire import Answer, Connection

JSON = "application/json"
RSS = "application/rss+xml; charset=utf-8"
PROBLEM = "application/problem+json"
HOSTILE = "/x/$uri;{}\"'\\"

Serve = Callable[..., AbstractContextManager[Connection]]


def files_of(pages: Iterable[BuiltPage], site: Site = SITE) -> dict[str, str]:
    ordered = sorted(pages, key=lambda built: built.path)
    return {name: "".join(parts) for name, parts in hosting_files(lambda: ordered, site).items()}


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """with serve(page(…), …, site=…) as connection: the pages as files, behind nginx with its own configuration."""
    require_nginx()
    numbers = itertools.count()

    @contextmanager
    def serve(*pages: BuiltPage, site: Site = SITE) -> Iterator[Connection]:
        base = tmp_path / str(next(numbers))
        (base / "nginx").mkdir(parents=True)
        write(base / "out", pages)
        (base / "out" / "static").mkdir(exist_ok=True)
        (base / "out" / "static" / "style.css").write_text("body {}")
        conf = files_of(pages, site)["nginx.conf.example"]
        with Nginx(base / "nginx", conf, base / "out") as nginx:
            with nginx.connect() as connection:
                yield connection
            assert nginx.complaints() == []

    return serve


def shown(answer: Answer) -> tuple[int, str | None, bytes, str | None]:
    return answer.status, answer.head.get("Content-Type"), answer.body, answer.head.get("Location")


def assert_same(connection: Connection, application: Application, target: str) -> None:
    answer, expected = connection.request("GET", target), application.answer(target)
    wanted = (expected.status, expected.content_type, expected.body, expected.location)
    assert shown(answer) == wanted, target
    for name, value in expected.headers:
        assert answer.head.get(name) == value, target


PAGES = [
    page("/"),
    page("/about/"),
    page("/flat"),
    page("/both"),
    page("/both/"),
    page("/v1.2"),
    page("/blog/ü/"),
    page("/blog/日本語"),
    page("/a b/c d"),
    page("/a%2Fb/"),
    page("/100%/"),
    page("/a+b;c=d&e/"),
    page("/what?#/"),
    page("/~me/'quoted'/"),
    page("/feed.xml", RSS),
    page("/feed/", RSS),
    page("/sitemap.xml", "application/xml", 200, ("X-Robots-Tag", "noindex, noodp, noarchive")),
    page("/robots.txt", "text/plain"),
    page("/robots", "text/plain"),
    page("/latin/", "text/html; charset=iso-8859-1"),
    page("/typeless/", "text/html"),
    page("/data", JSON),
    page("/data/of/", JSON),
    page("/docs/index"),
    page("/more/index.html"),
    page("/lists/index.json", JSON),
    page("/2024/old.html"),
    page("/html.html/"),
    page("/404/"),
    page("/blog/404"),
    page("/headers/", HTML, 200, ("Link", "</style.css>; rel=preload"), ("X-Price", '$5 "or" {more};\\')),
    page("/api", JSON),
    page("/api/posts", JSON),
    page("/api/posts/7", JSON),
    page("/api/posts/ü", JSON),
    page("/api/items.json", JSON),
    page("/api/hosts/example.com", JSON),
    page("/api/text", TEXT),
    page("/api/html"),
    page("/api/headers", JSON, 200, ("Access-Control-Allow-Origin", "https://a.example")),
    page("/api/v1/", JSON),
    page("/api/docs/"),
    page("/api/gone", PROBLEM, 404, body=b'{"title":"Gone \xc3\xbc $x \\" {}","instance":"/api/gone"}'),
    redirect("/old/", "/new/"),
    redirect("/old", "/other/", 302),
    redirect("/elsewhere", "https://example.org/?q=$1&x={}#f;", 303),
    redirect("/old.html", "/new/", 307),
    redirect("/old.pdf", "/new/", 308),
    page("/kept/", HTML, 301, ("location", "/new/"), ("Cache-Control", "max-age=60"), body=b""),
    page("/api/moved", TEXT, 307, ("Location", "/api/posts"), body=b"/api/posts"),
    page("/never/", HTML, 404, body=NOT_FOUND),
]
SITES = [
    SITE,
    dataclasses.replace(SITE, append_slash=False),
    dataclasses.replace(SITE, api_slash="accept"),
    dataclasses.replace(SITE, api_prefix=""),
    dataclasses.replace(SITE, script_prefix="/app/"),
    dataclasses.replace(SITE, api_prefix="/v2.0/api"),
    dataclasses.replace(SITE, static_url=None, server_name='exa"mple.com;'),
]


@pytest.mark.parametrize("site", SITES, ids=lambda site: " ".join(map(str, dataclasses.astuple(site))))
def test_nginx_answers_every_page_and_every_url_near_one_as_the_application(serve: Serve, site: Site) -> None:
    application = Application(site, PAGES)
    with serve(*PAGES, site=site) as connection:
        for target in targets_around(PAGES, site):
            assert_same(connection, application, target)


@pytest.mark.parametrize("seed", range(25))
def test_nginx_answers_any_site_as_the_application(serve: Serve, seed: int) -> None:
    """Names that look like files, types that look like nothing, and URLs one character apart."""
    source = random.Random(seed)
    site = site_at_random(source)
    pages = without_collisions(pages_at_random(source, site))
    application = Application(site, pages)
    with serve(*pages, site=site) as connection:
        for target in targets_around(pages, site):
            assert_same(connection, application, target)


def test_a_site_whose_urls_end_in_html_needs_no_line_for_each(serve: Serve) -> None:
    pages = [page(f"/{number}.html") for number in range(9)] + [page("/about"), page("/"), page("/x/index.html")]
    lines = files_of(pages)["nginx.conf.example"].count("location = ")
    assert lines == files_of([])["nginx.conf.example"].count("location = ") + 2 + 3
    application = Application(SITE, pages)
    with serve(*pages) as connection:
        for target in targets_around(pages, SITE):
            assert_same(connection, application, target)


@pytest.mark.parametrize(
    "target",
    ["/", "/about/", "/about", "/feed.xml", "/old/", "/api/posts", "/api/posts/", "/api/moved", "/nope", "/api/nope"],
)
def test_head_has_the_same_headers_and_no_body(serve: Serve, target: str) -> None:
    with serve(*PAGES) as connection:
        get, head = connection.request("GET", target), connection.request("HEAD", target)
        assert (head.body, head.status) == (b"", get.status)
        assert head.head.stable() == get.head.stable()


def test_other_methods_are_refused(serve: Serve) -> None:
    with serve(*PAGES) as connection:
        answer = connection.request("POST", "/about/", body=b"x=1")
        assert (answer.status, answer.body, answer.head.get("Allow")) == (405, b"", "GET, HEAD")
        assert connection.request("DELETE", "/about/").status == 405
        assert shown(connection.request("POST", "/nope", body=b"x=1")) == (404, HTML, NOT_FOUND, None)
        assert connection.request("POST", "/api/posts/", body=b"x=1").status == 308


def test_a_page_is_not_sent_again_to_who_has_it(serve: Serve) -> None:
    with serve(*PAGES) as connection:
        tag = connection.request("GET", "/about/").head.get("ETag")
        assert tag is not None
        assert connection.request("GET", "/about/", {"If-None-Match": tag}).status == 304
        assert connection.request("GET", "/nope", {"If-None-Match": "*"}).status == 404


def test_static_files_have_the_types_of_the_server(serve: Serve) -> None:
    with serve(*PAGES) as connection:
        assert shown(connection.request("GET", "/static/style.css?v=2")) == (200, "text/css", b"body {}", None)
        for target in ("/static/", "/static", "/static/nope.css", "/static/style.css/"):
            assert shown(connection.request("GET", target)) == (404, HTML, NOT_FOUND, None)
    with serve(*PAGES, site=dataclasses.replace(SITE, script_prefix="/app/")) as connection:
        assert shown(connection.request("GET", "/app/static/style.css"))[:3] == (200, "text/css", b"body {}")
        assert connection.request("GET", "/static/style.css").status == 404


@pytest.mark.parametrize(
    "target",
    [
        "//about/",
        "/about//",
        "/./about/",
        "/x/../about/",
        "/x/..",
        "/about/.",
        "/x/%2E%2e/about/",
        "/about%2F%2F",
        "/about%2f/",
        "//evil.example/%2e%2e/about",
        "/\\evil.example/",
        "/%5Cevil.example",
        "/about/%0A",
        "/about%0a",
        "/about/%0d%0aSet-Cookie:%20a=b",
        "/about%0d%0aSet-Cookie:%20a=b",
        "/about/index.html/",
        "/about/index.html%0A",
        "/%61bout/%20",
    ],
)
def test_what_is_no_url_of_the_application_is_none_here(serve: Serve, target: str) -> None:
    with serve(*PAGES) as connection:
        assert shown(connection.request("GET", target)) == (404, HTML, NOT_FOUND, None)


@pytest.mark.parametrize("target", ["/../about/", "/%2e%2e/about/", "/about/%00", "/api/%00"])
def test_nginx_refuses_a_nul_and_what_leads_above_the_root_before_it_asks_anybody(serve: Serve, target: str) -> None:
    with serve(*PAGES) as connection:
        assert connection.request("GET", target).status == 400


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/about?next=//evil.example/", "/about/?next=//evil.example/"),
        ("/about?a=%0d%0aX:%20y&b=%2F", "/about/?a=%0d%0aX:%20y&b=%2F"),
        ("/%61bout", "/%61bout/"),
        ("/a%252Fb?x", "/a%252Fb/?x"),
        ("/about#fragment", "/about/"),
        ("/about?a=1#fragment", "/about/?a=1"),
        ("http://evil.example/about", "/about/"),
    ],
)
def test_a_slash_is_added_to_what_was_sent_and_to_nothing_decoded(serve: Serve, target: str, location: str) -> None:
    with serve(*PAGES) as connection:
        answer = connection.request("GET", target)
        assert (answer.status, answer.head.get("Location")) == (301, location)
        assert {"x", "set-cookie"}.isdisjoint(name for name, _ in answer.head.fields)


@pytest.mark.parametrize(
    "target",
    [
        b'/api/"quoted"',
        b"/api/%22%7D%5C",
        b"/api/\xff\xfe",
        b"/api/%FF",
        b"/api/%ED%A0%80",
        b"/api/%C0%AF",
        b"/api/\xc3\xbc",
        b"/api/$uri${document_root}",
        b"/api/%0d%0aX:y",
        b"/api/" + b"%C3%BC" * 1000,
    ],
)
def test_an_unknown_endpoint_is_named_in_json_whatever_it_is(serve: Serve, target: bytes) -> None:
    with serve(*PAGES) as connection:
        answer = connection.request("GET", target)
        document = json.loads(answer.body)
        assert (answer.status, answer.head.get("Content-Type")) == (404, PROBLEM)
        assert document.keys() == {"type", "title", "status", "detail", "instance"}
        assert document["instance"] == "" or document["instance"].startswith("/api/")


def test_an_unknown_endpoint_is_named_as_the_application_names_it(serve: Serve) -> None:
    names = {
        "/api/nope": "/api/nope",
        "/api/%C3%BC%20x?a=1": "/api/ü x",
        "/api//x": "/api//x",
        "/api/../x": "/api/../x",
    }
    with serve(*PAGES) as connection:
        for target, name in names.items():
            assert connection.request("GET", target).body == no_endpoint(name)
        assert connection.request("GET", "/apiary").body == NOT_FOUND
        assert connection.request("GET", "/%61pi/x").body == no_endpoint("/api/x")


@pytest.mark.parametrize(
    "path",
    [
        '/a" { return 200 "owned"; } location = "/b/',
        "/a';return 200;'/",
        "/${document_root}$uri/",
        "/a; } } http { /",
        "/# comment",
        "/a\u2028b/",
        "/~ ^/.*$/",
        "/= /",
        "/@pagesapi_redirect/",
    ],
)
def test_a_path_stays_within_its_quotes(serve: Serve, path: str) -> None:
    pages = [
        page(path, "text/html"),
        redirect("/to/", quote(path, "$;{}\"'= ~^*.@#")),
        page("/said/", HTML, 200, ("X-Path", quote(path, "$;{}\"'"))),
    ]
    application = Application(SITE, pages)
    with serve(*pages) as connection:
        for built in pages:
            assert_same(connection, application, quote(built.path))
        assert connection.request("GET", "/b/").status == 404


def test_what_nginx_cannot_read_in_one_line_is_left_out(serve: Serve) -> None:
    """A word of its configuration has room for 4,096 bytes."""
    pages = [
        redirect("/long/", "/" + "x" * 5000),
        page("/header/", HTML, 200, ("X-Long", "x" * 5000), ("X-Short", "x"), ("X-Half", "\ud800")),
        page("/api/long", PROBLEM, 404, body=b"{" + b" " * 5000 + b"}"),
        page("/api/binary", PROBLEM, 404, body=b"\xff"),
        *(
            page(f"{path}{slash}", PROBLEM, 404, body=b"{}")
            for path in ("/api/\0", "/\ud800", "/..")
            for slash in ("", "/")
        ),
    ]
    with serve(*pages) as connection:
        assert shown(connection.request("GET", "/long/"))[:3] == (200, HTML, b"a page that refreshes")
        answer = connection.request("GET", "/header/")
        assert (answer.status, answer.head.get("X-Short"), answer.head.get("X-Long")) == (200, "x", None)
        assert connection.request("GET", "/api/long").status == 404
        assert connection.request("GET", "/api/binary").status == 404


def test_what_is_too_rare_for_a_rule_has_lines(serve: Serve) -> None:
    """Of extensions and types only so many are counted, fewer are in the rules, and of the others none is missing."""
    pages = [page(f"/{number}.x{number}", f"text/x-{number}") for number in range(1100)]
    pages += [page("/last.x0", "text/x-1"), page("/"), page("/data", "application/x-unheard-of")]
    application = Application(SITE, pages)
    with serve(*pages) as connection:
        for built in pages:
            assert_same(connection, application, built.path)


def test_a_page_without_a_type_has_none(serve: Serve) -> None:
    pages = [page("/api/ended", ""), page("/api/ended/not/found", "", 404, body=b"x")]
    with serve(*pages) as connection:
        for target, status in (("/api/ended", 200), ("/api/ended/not/found", 404)):
            answer = connection.request("GET", target)
            assert (answer.status, answer.head.get("Content-Type")) == (status, None)


def test_two_sites_fit_into_one_nginx(tmp_path: Path) -> None:
    require_nginx()
    write(tmp_path / "out", [page("/about/")])
    one = files_of([page("/about/")])["nginx.conf.example"]
    other_site = dataclasses.replace(SITE, api_prefix="/rest", server_name="other.example")
    other = files_of([page("/about/")], other_site)["nginx.conf.example"]
    with_root = other.replace("root /path/to/out;", f'root "{tmp_path}/out";')
    (tmp_path / "nginx").mkdir()
    with Nginx(tmp_path / "nginx", one, tmp_path / "out", further=with_root) as nginx, nginx.connect() as connection:
        for host, prefix in (("example.com", "/api"), ("other.example", "/rest")):
            assert connection.request("GET", "/about/", {"Host": host}).body == content_of(page("/about/"))
            assert connection.request("GET", f"{prefix}/x", {"Host": host}).body == no_endpoint(f"{prefix}/x")
        assert nginx.complaints() == []


def test_the_files_say_who_wrote_them() -> None:
    for content in files_of(PAGES).values():
        assert content.splitlines()[0] == SIGNATURE


def test_ordinary_pages_need_no_lines() -> None:
    pages = [
        *(page(f"/blog/{number}/") for number in range(50)),
        *(page(f"/api/posts/{number}", JSON) for number in range(50)),
        page("/about"),
        page("/notes.txt", "text/plain"),
    ]
    files = files_of(pages)
    assert files["nginx.conf.example"].count("\n") < files_of([])["nginx.conf.example"].count("\n") + 5
    assert files["_headers"] == f"{SIGNATURE}\n"
    assert files["_redirects"] == f"{SIGNATURE}\n/api/* /api/:splat/index.json 200\n"


def test_a_million_pages_take_no_more_memory_than_a_few() -> None:
    def pages(count: int) -> Iterator[BuiltPage]:
        for number in range(count):
            yield BuiltPage(f"/{number:07}/", f"{number:07}/index.html", 200, HTML, (), "", None)
            yield redirect(f"/{number:07}/old/", "/new/")
            yield page(f"/{number:07}/page.html")

    def peak(count: int) -> int:
        tracemalloc.start()
        for parts in hosting_files(lambda: pages(count), SITE).values():
            for _ in parts:
                pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    few = peak(100)
    assert peak(3000) < few + 50_000


HEADERS = [
    page("/", HTML),
    page("/about/", "text/html"),
    page("/latin/", "text/html; charset=iso-8859-1"),
    page("/feed.xml", RSS),
    page("/a b:*/", HTML, 200, ("X-A", "1"), ("X-B", "2")),
    page("/api/posts", "application/json"),
    page("/api/ld", "application/ld+json"),
    redirect("/old/", "/new/"),
    page("/never/", HTML, 404),
]


def test_headers_name_only_what_a_host_would_not_say_itself() -> None:
    assert files_of(HEADERS)["_headers"] == (
        f"{SIGNATURE}\n"
        "/a%20b%3A%2A/\n  X-A: 1\n  X-B: 2\n"
        "/api/ld\n  Content-Type: application/ld+json\n"
        "/feed.xml\n  Content-Type: application/rss+xml; charset=utf-8\n"
        "/latin/\n  Content-Type: text/html; charset=iso-8859-1\n"
    )


def test_redirects_have_a_line_each_and_so_has_what_a_host_would_not_find() -> None:
    pages = [
        redirect("/old/", "/new/"),
        redirect("/ü :*/", "https://example.org/?a=b#c", 302),
        redirect("/spaced/", "/a b\tc", 308),
        page("/robots", "text/plain"),
        page("/feed/", RSS),
        page("/data", JSON),
        page("/feed.xml", RSS),
        page("/api", JSON),
        page("/api/posts", JSON),
        page("/api/items.json", JSON),
        page("/never/", HTML, 404),
    ]
    assert files_of(pages)["_redirects"] == (
        f"{SIGNATURE}\n"
        "/api /api/index.json 200\n"
        "/data /data/index.json 200\n"
        "/feed/ /feed/index.xml 200\n"
        "/old/ /new/ 301\n"
        "/robots /robots/index.txt 200\n"
        "/spaced/ /a%20b%09c 308\n"
        "/%C3%BC%20%3A%2A/ https://example.org/?a=b#c 302\n"
        "/api/* /api/:splat/index.json 200\n"
    )
    prefixed = files_of(pages[:1], dataclasses.replace(SITE, script_prefix="/app/"))["_redirects"]
    assert prefixed == f"{SIGNATURE}\n/app/old/ /new/ 301\n"


class Tags(HTMLParser):
    def __init__(self, document: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(document.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    "location", ["/new/", "https://example.org/?a=1&b=2#c", "/\"><script>alert('x')</script>&amp;"]
)
def test_a_redirect_s_page_sends_a_browser_on(location: str) -> None:
    tags = Tags(refresh_page(location))
    found: dict[str, Any] = {tag: attributes for tag, attributes in tags.found if "charset" not in attributes}
    assert found["meta"] == {"http-equiv": "refresh", "content": f"0; url={location}"}
    assert found["link"] == {"rel": "canonical", "href": location}
    assert found["a"] == {"href": location}
    assert location in tags.text
    assert "script" not in found
