"""Which file a page becomes, and which pages can become none."""

import os
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagesapi.exceptions import PageError
from pagesapi.pages.building.files import file_of

HTML = "text/html; charset=utf-8"
JSON = "application/json"
RSS = "application/rss+xml; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "content_type", "file"),
    [
        ("/", HTML, "index.html"),
        ("/about/", HTML, "about/index.html"),
        ("/about", HTML, "about.html"),
        ("/about", "Text/HTML", "about.html"),
        ("/v1.2", HTML, "v1.2.html"),
        ("/v1.2/", HTML, "v1.2/index.html"),
        ("/2024/05/old.html", HTML, "2024/05/old.html"),
        ("/old.htm", HTML, "old.htm"),
        ("/.html", HTML, ".html.html"),
        ("/.well-known/", HTML, ".well-known/index.html"),
        ("/feed.xml", HTML, "feed.xml.html"),
        ("/feed.xml", RSS, "feed.xml"),
        ("/feed/", RSS, "feed/index.xml"),
        ("/feed", "application/atom+xml", "feed/index.xml"),
        ("/", JSON, "index.json"),
        ("/api/posts", JSON, "api/posts/index.json"),
        ("/api/posts/", JSON, "api/posts/index.json"),
        ("/api/items.json", JSON, "api/items.json"),
        ("/api/places.geojson", "application/geo+json", "api/places.geojson"),
        ("/api/hosts/example.com", JSON, "api/hosts/example.com/index.json"),
        ("/api/v1.2", JSON, "api/v1.2/index.json"),
        ("/page.html", JSON, "page.html/index.json"),
        ("/robots", "text/plain", "robots/index.txt"),
        ("/robots.txt", "text/plain", "robots.txt"),
        ("/.well-known/security.txt", "text/plain", ".well-known/security.txt"),
        ("/.htaccess", "text/plain", ".htaccess/index.txt"),
        ("/photo", "image/png", "photo/index.png"),
        ("/data", "application/octet-stream", "data/index.bin"),
        ("/data", "application/x-unheard-of", "data/index.bin"),
        ("/data", "", "data/index.bin"),
        ("/page", "application/xhtml+xml", "page/index.xml"),
        ("/blog/ü/", HTML, "blog/ü/index.html"),
        ("/日本語", HTML, "日本語.html"),
        ("/a b/", HTML, "a b/index.html"),
        ("/a%2Fb/", HTML, "a%2Fb/index.html"),
        ("/$x;{'\"}/", HTML, "$x;{'\"}/index.html"),
        ("/...", HTML, "....html"),
        ("/..a/", HTML, "..a/index.html"),
        ("/404", JSON, "404/index.json"),
        ("/404/", HTML, "404/index.html"),
        ("/blog/404", HTML, "blog/404.html"),
        ("/blog/_headers", "text/plain", "blog/_headers/index.txt"),
        ("/" + "a" * 250, HTML, "a" * 250 + ".html"),
        ("/" + "a/" * 500, HTML, "a/" * 500 + "index.html"),
    ],
)
def test_a_page_is_written_to(path: str, content_type: str, file: str) -> None:
    assert file_of(path, content_type, windows=False) == file


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "begin with a slash"),
        ("about/", "begin with a slash"),
        ("/..", 'segment "." or ".."'),
        ("/../etc/passwd", 'segment "." or ".."'),
        ("/a/../b/", 'segment "." or ".."'),
        ("/a/./b", 'segment "." or ".."'),
        ("/a/..", 'segment "." or ".."'),
        ("/./", 'segment "." or ".."'),
        ("//", "empty segment"),
        ("//evil.example/", "empty segment"),
        ("/a//b", "empty segment"),
        ("/a//", "empty segment"),
        ("/a\0b", r"'\x00'"),
        ("/a\nb/", r"'\n'"),
        ("/a\n", r"'\n'"),
        ("/a\x7f", r"'\x7f'"),
        ("/a\x85", r"'\x85'"),
        ("/..\\..\\x", r"'\\'"),
        ("/a\ud800", r"'\ud800'"),
        ("/" + "a" * 251, "256 bytes, 255 are possible"),
        ("/" + "ü" * 126, "257 bytes, 255 are possible"),
        ("/" + "a" * 300 + "/", "300 bytes, 255 are possible"),
        ("/" + "a" * 300 + "/b", "300 bytes, 255 are possible"),
        ("/" + "a/" * 510, "1030 bytes, 1024 are possible"),
        ("/404", "prerender writes 404.html itself"),
        ("/404.html", "prerender writes 404.html itself"),
        ("/_headers/", "prerender writes _headers itself"),
        ("/_Redirects/x", "prerender writes _Redirects itself"),
        ("/nginx.conf.example/", "prerender writes nginx.conf.example itself"),
    ],
)
def test_a_page_that_can_be_no_file_says_why_and_what_to_do(path: str, reason: str) -> None:
    with pytest.raises(PageError) as caught:
        file_of(path, HTML, windows=False)
    message = str(caught.value)
    assert reason in message
    assert repr(path[:100])[:-1] in message
    assert "Give it another URL, or leave it out of get_static_paths()." in message
    assert len(message) < 400


@pytest.mark.parametrize(
    "path",
    [
        "/a:b/",
        "/con",
        "/CON/",
        "/aux.html",
        "/x/nul/",
        "/com1",
        "/lpt¹/",
        "/con .x/",
        "/a./",
        "/a /",
        "/a?",
        "/a*b",
        "/<a>/",
    ],
)
def test_windows_has_fewer_names(path: str) -> None:
    assert file_of(path, HTML, windows=False)
    with pytest.raises(PageError, match="Windows has no file of the name"):
        file_of(path, HTML, windows=True)


@pytest.mark.parametrize(
    "path", ["/", "/about/", "/v1.2", "/console/", "/contact", "/a.b/", "/a b/", "/com/", "/com10/"]
)
def test_windows_has_the_ordinary_names(path: str) -> None:
    assert file_of(path, HTML, windows=True) == file_of(path, HTML, windows=False)


def test_the_names_of_this_system_are_the_default() -> None:
    if os.name == "nt":
        with pytest.raises(PageError):
            file_of("/a:b/", HTML)
    else:
        assert file_of("/a:b/", HTML) == "a:b/index.html"


SEGMENTS = st.sampled_from(
    ["a", "b.html", "c.xml", "index", "index.html", ".", "..", "", "_headers", "404", "\\", "ü"]
)
PATHS = st.one_of(st.lists(SEGMENTS, max_size=4).map(lambda names: "/" + "/".join(names)), st.text(max_size=20))
TYPES = st.sampled_from([HTML, JSON, RSS, "text/plain", "image/png", "x"])


@given(path=PATHS, content_type=TYPES)
def test_no_page_leads_out_of_the_folder(path: str, content_type: str) -> None:
    try:
        file = file_of(path, content_type, windows=False)
    except PageError:
        return
    parts = file.split("/")
    assert not {"", ".", ".."} & set(parts)
    assert not PurePosixPath(file).is_absolute()
    assert "\\" not in file
    assert parts[0] not in {"_headers", "_redirects", "nginx.conf.example", "404.html"}
    assert all(len(part.encode()) <= 255 for part in parts)
    file.encode()


@given(path=st.from_regex(r"(/[A-Za-z0-9_.-]{1,3}){0,3}/?", fullmatch=True), content_type=TYPES)
def test_plain_paths_which_take_a_short_way_come_to_the_same_file(path: str, content_type: str) -> None:
    """A folder in front, "~", makes a path that is not plain."""
    try:
        file = file_of(path, content_type, windows=False)
    except PageError:
        return
    assert file_of(f"/~{path}", content_type, windows=False) == f"~/{file}"
