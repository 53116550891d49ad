"""Which address of the upstream a request reaches; above all, which it does not."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import override_settings

from pagesapi.endpoints.proxying.query import joined
from pagesapi.endpoints.proxying.segment import is_sound
from tests.proxy.asking import Through
from tests.proxy.conftest import Serve
from tests.proxy.upstream import OK

# How a caller may write "..", "a/b" and worse, in one segment of a path as our server decodes it.
LEADING_OUT = [
    "..",
    ".",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "%252e%252e",
    "%25252e%25252e",
    "%2525252525252525252525252e.",
    "..%2f..%2fadmin",
    "a%2fb",
    "a%252fb",
    "a%2Fb",
    "a%5cb",
    "a\\b",
    "..\\admin",
    "%2e%2e%5cadmin",
    "..;",
    "..;a=b",
    ".;x",
    "%2e%2e%3b",
    "%2e%2e%253bx",
    ";x",
    ".. ",
    " ..",
    "..%20",
    "..%00",
    "..%0a",
    "a%00b",
    "a%0d%0aX: y",
    "\x00",
    "\x7f",
    "\x85",
    "%u002e%u002e",
    "a%u2215b%u002fc",
    "%c0%ae%c0%ae",
    "%c0%af",
    "%e0%80%ae",
    "%f0%80%80%ae",
    "%ff",
    "..\N{REPLACEMENT CHARACTER}admin",
    "\N{FULLWIDTH FULL STOP}\N{FULLWIDTH FULL STOP}",
    "․․",
    "‥",
    "%ef%bc%8e%ef%bc%8e",
    "a\N{FULLWIDTH SOLIDUS}b",
    "a\N{FULLWIDTH REVERSE SOLIDUS}b",
    "℀",
    "\N{FULLWIDTH PERCENT SIGN}2e\N{FULLWIDTH PERCENT SIGN}2e",
    "..\N{FULLWIDTH SEMICOLON}x",
]
STAYING = [
    "a",
    "...",
    "..a",
    "a..b",
    "100%",
    "%zz",
    "a b",
    "a+b",
    "a;v=1",
    "żółw",
    "50%25",
    "a@b:c",
    "?",
    "#",
    "a&b=c",
]


@pytest.mark.parametrize("segment", LEADING_OUT, ids=ascii)
def test_a_segment_that_leads_out_is_not_sound(segment: str) -> None:
    assert not is_sound(segment)


@pytest.mark.parametrize("segment", STAYING, ids=ascii)
def test_a_segment_that_stays_is_sound(segment: str) -> None:
    assert is_sound(segment)


def test_an_empty_segment_is_not_sound() -> None:
    assert not is_sound("")


# As they come over the wire: nothing of them may reach a place beside the configured path.
PATHS = [
    "..%2fadmin",
    "%2e%2e%2fadmin",
    "a/%2e%2e/%2e%2e/admin",
    "a/../../admin",
    "..;/admin",
    "%252e%252e/admin",
    "%252e%252e%252fadmin",
    "..%5cadmin",
    "%c0%ae%c0%ae/admin",
    "%ef%bc%8e%ef%bc%8e/admin",
    "a%00",
    "a%0d%0aX-Evil:%201",
    "@evil.example/",
    "http://evil.example/",
    "%2f%2fevil.example/",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_configured_one(serve: Serve, through: Through, path: str) -> None:
    upstream = serve(OK)
    found = through(f"{upstream.url}/v1", f"/api/p/{path}", file="p/[...path].py")
    # Where the test client has resolved the dots itself, it is another URL of our own.
    assert found.status in (200, 308, 400, 404)
    for request in upstream.requests:
        assert request.target.startswith("/v1/")
        assert ".." not in request.target
        assert request.get("Host") == upstream.url.removeprefix("http://")
        assert "x-evil" not in request.names


@pytest.mark.parametrize("path", ["%2e%2e", "%252e%252e/admin", "..;/admin", "a%5cb", "a/%2e", "a%0ab"])
def test_a_path_that_could_lead_out_is_a_400(serve: Serve, once: Through, path: str) -> None:
    upstream = serve(OK)
    assert once(f"{upstream.url}/v1", f"/api/p/{path}", file="p/[...path].py").status == 400
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("configured", "path", "target"),
    [
        ("", "a", "/a"),
        ("/", "a", "/a"),
        ("/v1", "a/b", "/v1/a/b"),
        ("/v1/", "a", "/v1/a"),
        ("/v1?key=k", "a?b=c", "/v1/a?key=k&b=c"),
        ("/v1", "a%20b/100%25", "/v1/a%20b/100%25"),
        ("/v1", "@me/a:b/a&b=c", "/v1/@me/a:b/a%26b=c"),
        ("/v1", "a%3Fb%23c", "/v1/a%3Fb%23c"),
        ("/v1", "a;v=1", "/v1/a%3Bv=1"),
        ("/%7Euser", "a", "/%7Euser/a"),
    ],
)
def test_the_segments_of_a_catch_all_are_added(
    serve: Serve, once: Through, configured: str, path: str, target: str
) -> None:
    upstream = serve(OK)
    assert once(upstream.url + configured, f"/api/p/{path}", file="p/[...path].py").status == 200
    assert upstream.last.target == target


@pytest.mark.parametrize(
    ("configured", "target"), [("", "/"), ("/v1", "/v1"), ("/v1/", "/v1/"), ("/v1?a=b", "/v1?a=b")]
)
def test_without_segments_it_is_exactly_the_configured_url(
    serve: Serve, once: Through, configured: str, target: str
) -> None:
    upstream = serve(OK)
    once(upstream.url + configured, "/api/p", file="p/[[...path]].py")
    once(upstream.url + configured, "/api/p/7", file="p/[id].py")
    assert [request.target for request in upstream.requests] == [target, target]


def test_a_slash_at_the_end_stays_where_our_own_paths_may_have_one(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    with override_settings(PAGESAPI={"TRAILING_SLASH": "accept"}):
        through(f"{upstream.url}/v1", "/api/p/a/", file="p/[...path].py")
        assert upstream.last.target == "/v1/a/"
        through(f"{upstream.url}/v1", "/api/p/", file="p/[[...path]].py")
        assert upstream.last.target == "/v1"


def test_the_query_string_is_passed_on_as_it_is(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    query = "a=1&a=2&b&c=%C5%BC+x%20y&d[]=1&e='(1)'&f=a/b?c;d=%"
    through(upstream.url, f"/api/x?{query}")
    assert upstream.last.target == f"/?{query}"


OVERRIDES = ["key=evil", "key", "%6Bey=evil", "KEY=evil", "key[]=evil", "key%5B0%5D=e", "a=1;key=evil", ";key=evil"]
OVERRIDES += ["+key=evil", "key%00=evil", "%256Bey=evil", "%EF%BD%8Bey=evil", "%20key%20=evil", "key%3D=evil"]


@pytest.mark.parametrize("pair", OVERRIDES)
def test_the_configured_query_cannot_be_overridden(serve: Serve, once: Through, pair: str) -> None:
    upstream = serve(OK)
    once(f"{upstream.url}/v1?key=ours&lang", f"/api/x?first=1&{pair}&last=2")
    assert upstream.last.target == "/v1?key=ours&lang&first=1&last=2"


def test_names_that_only_look_alike_are_passed_on() -> None:
    assert joined("key=ours", "keys=1&a=key&monkey=2&%C0%AE=3") == "key=ours&keys=1&a=key&monkey=2&%C0%AE=3"
    assert joined("api.key=ours", "api_key=1&api+key=2") == "api.key=ours"


def test_a_query_string_may_hold_any_bytes(serve: Serve, through: Through) -> None:
    assert joined("", b'\xff"<> \x00|') == "%FF%22%3C%3E%20%00%7C"
    upstream = serve(OK)
    through(upstream.url, f"/api/x?q={quote('żółw')}&r=żółw")
    assert upstream.last.target.startswith(f"/?q={quote('żółw')}&r=%C5%BC")
