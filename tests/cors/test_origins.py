"""Which `Origin` headers are let in: the listed ones as browsers spell them, and nothing that only looks alike."""

from __future__ import annotations

import pytest

from pagesapi.testing import route_tree
from tests.cors.telling import GET, preflight, told, varies_by, with_cors
from tests.machinery.asking import Ask

LISTED = [
    "https://app.example",
    "http://localhost:3000",
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
    "https://bücher.example",
    "https://port.example:443",
    "chrome-extension://abcdefghijklmnop",
]
CORS = f"""Cors(origins=[*{LISTED!r}, re.compile(r"https://[a-z0-9-]+\\.wild\\.example(:\\d+)?")], credentials=True)"""
ALLOWED = [
    "https://app.example",
    "https://app.example:443",
    "https://APP.Example",
    "HTTPS://app.example",
    "http://localhost:3000",
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
    "https://xn--bcher-kva.example",
    "https://port.example",
    "chrome-extension://abcdefghijklmnop",
    "https://a.wild.example",
    "https://a-1.wild.example:8443",
]
REFUSED = [
    "",
    "null",
    "NULL",
    "*",
    "app.example",
    "//app.example",
    "https:app.example",
    "https:/app.example",
    "https:\\\\app.example",
    "https://",
    "file://",
    "data:",
    "about:blank",
    # another scheme, host or port
    "http://app.example",
    "wss://app.example",
    "https://app.example:80",
    "https://app.example:8443",
    "https://app.example:99999999999999999999",
    "https://app.example:-443",
    "https://app.example:",
    "https://app.example:443x",
    "https://app.example:٤٤٣",
    "http://localhost",
    "http://localhost:30000",
    "http://127.0.0.1",
    "http://127.1:8000",
    "http://2130706433:8000",
    "http://[::1]",
    "http://[::2]:8000",
    "http://[0:0:0:0:0:0:0:1%25eth0]:8000",
    "http://::1:8000",
    "http://[::1:8000",
    # alike
    "https://app.example.evil.example",
    "https://evil-app.example",
    "https://evilapp.example",
    "https://app.exampl",
    "https://app.example2",
    "https://appXexample",
    "https://www.app.example",
    "https://app.example.",
    "https://.app.example",
    "https://app..example",
    "https://bucher.example",
    "https://bücher.example",
    "https://аpp.example",  # noqa: RUF001 - a Cyrillic letter
    "https://ａｐｐ.example",  # noqa: RUF001 - which a browser would write in plain letters
    "https://app。example",
    # more than an origin
    "https://app.example/",
    "https://app.example/path",
    "https://app.example?a",
    "https://app.example#a",
    "https://app.example\\",
    "https://user@app.example",
    "https://user:pass@app.example",
    "https://app.example@evil.example",
    "https://app.example:443@evil.example",
    "https://evil.example#@app.example",
    "https://evil.example/https://app.example",
    "https://evil.example?https://app.example",
    # several
    "https://app.example https://evil.example",
    "https://app.example, https://evil.example",
    "https://app.example,https://app.example",
    "https://evil.example https://app.example",
    "null, https://app.example",
    # the pattern
    "https://wild.example",
    "https://.wild.example",
    "https://a.b.wild.example",
    "https://a.wild.example.evil.example",
    "https://evil.example/a.wild.example",
    "https://a.wildXexample",
    "http://a.wild.example",
    "xhttps://a.wild.example",
    "https://a.wild.example:1:2",
    "https://A.wild.example/",
    # control characters and spaces
    " https://app.example",
    "https://app.example ",
    "https://app.example\t",
    "https://app.example\n",
    "https://a.wild.example\n",
    "https://app.example\r\nSet-Cookie: a=b",
    "https://app.example\x00",
    "\x00https://app.example",
    "https://app\x00.example",
    "https://app.ex\nample",
    "https://app.example\x7f",
    "https://app.example\xa0",
    "https://app.example\x85",
    "h\ttps://app.example",
    "https://app.example%00",
    "https://app%2Eexample",
    "https://%61pp.example",
    # long
    "https://" + "a" * 100_000 + ".example",
    "https://app.example" + "." * 100_000,
    "https://" + "a." * 50_000 + "app.example",
    "https://app.example:" + "0" * 100_000 + "443",
    "https://" + "a-" * 50_000 + ".wild.example.evil.example",
    "https://app.example" + " " * 100_000,
]


def latin(origin: str) -> str:
    """As it comes off the wire: bytes, read as Latin-1."""
    return origin.encode().decode("latin-1")


@pytest.mark.parametrize("origin", ALLOWED)
def test_an_allowed_origin_is_echoed_as_it_came(ask: Ask, origin: str) -> None:
    with route_tree({"a.py": with_cors(CORS, GET)}):
        simple = told(ask("/api/a", headers={"Origin": origin}))
        asked = told(preflight(ask, "/api/a", "GET", origin))
    assert simple == {"allow-origin": origin, "allow-credentials": "true"}
    assert (asked["allow-origin"], asked["allow-credentials"]) == (origin, "true")


@pytest.mark.parametrize("origin", REFUSED, ids=lambda origin: ascii(origin)[:60])
def test_every_other_may_neither_read_nor_write_and_is_no_error(ask: Ask, origin: str) -> None:
    headers = {"Origin": latin(origin)}
    both = f"{GET}\ndef POST(request): return 1"
    with route_tree({"a.py": with_cors(CORS, both), "all.py": with_cors("Cors(origins='*')", both)}):
        simple = ask("/api/a", headers=headers)
        assert (simple.status_code, told(simple), varies_by(simple)) == (200, {}, ["origin"])
        asked = preflight(ask, "/api/a", "GET", latin(origin))
        assert (asked.status_code, told(asked), varies_by(asked)) == (204, {}, ["origin"])
        written = ask("/api/a", method="POST", headers=headers)
        assert (written.status_code, told(written), varies_by(written)) == (403, {}, ["origin"])
        everybody = ask("/api/all", headers=headers)
        assert (everybody.status_code, told(everybody)) == (200, {"allow-origin": "*"} if origin else {})


def test_an_allowed_origin_may_write(ask: Ask) -> None:
    with route_tree({"a.py": with_cors(CORS, "def POST(request): return 1")}):
        for origin in ALLOWED:
            assert ask("/api/a", method="POST", headers={"Origin": origin}).status_code == 200


NULL = "Cors(origins=['null', 'https://app.example'])"


def test_null_is_let_in_where_it_is_listed(ask: Ask) -> None:
    with route_tree({"a.py": with_cors(NULL, GET)}):
        assert told(ask("/api/a", headers={"Origin": "null"})) == {"allow-origin": "null"}
        assert told(preflight(ask, "/api/a", "GET", "null"))["allow-origin"] == "null"
        for origin in (
            "NULL",
            "null,null",
            "null ",
            "https://null",
            "file://",
            "evil.example",
            "https://evil.example/",
        ):
            assert told(ask("/api/a", headers={"Origin": origin})) == {}


@pytest.mark.parametrize("pattern", [".*", "(?s:.*)", "null", "[a-z]+(://.*)?", ""])
def test_no_pattern_stands_for_null_which_any_page_can_be(ask: Ask, pattern: str) -> None:
    with route_tree({"a.py": with_cors(f"Cors(origins=[re.compile({pattern!r})], credentials=True)", GET)}):
        for origin in ("null", "", "file://", "https://a b", "https://app.example/path", "https://app.example\n"):
            assert told(ask("/api/a", headers={"Origin": origin})) == {}


def test_a_pattern_may_ignore_case(ask: Ask) -> None:
    with route_tree({"a.py": with_cors("Cors(origins=[re.compile('https://APP.example', re.I)])", GET)}):
        assert told(ask("/api/a", headers={"Origin": "https://app.example"}))
        assert told(ask("/api/a", headers={"Origin": "https://app.example.evil.example"})) == {}
