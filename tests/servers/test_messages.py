"""Paths, queries, headers, cookies and bodies: what was sent is what the endpoint has, and the other way round."""

import gzip
import json

import pytest

from tests.servers.kinds import EVERY_KIND, GRANIAN_WSGI, LAMBDAS, against
from tests.servers.running import Server
from tests.servers.wire import Connection

pytestmark = pytest.mark.server
NOT_GRANIAN_WSGI = tuple(kind for kind in EVERY_KIND if kind is not GRANIAN_WSGI)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a%20b", "a b"),
        ("a+b%2Bc", "a+b+c"),
        ("100%25", "100%"),
        ("%2541", "%41"),
        ("%25252F", "%252F"),
        ("caf%C3%A9", "café"),
        ("%E2%82%AC%F0%9F%98%80", "€😀"),
        ("%61%2d%7A", "a-z"),
        ("a%23b", "a#b"),
        ("a;b=c,d:e@f!$&'()*~", "a;b=c,d:e@f!$&'()*~"),
        ("%5B1%5D%7B%7D%7C%5E%60", "[1]{}|^`"),
        ("%22%3C%3E%5C", '"<>\\'),
        ("index.html", "index.html"),
    ],
)
def test_a_path_is_decoded_once(server: Server, sent: str, name: str) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", f"/api/named/{sent}")
        assert (answer.status, answer.json()) == (200, {"name": name})


# API Gateway's HTTP APIs end a decoded path there.
@against(*(kind for kind in EVERY_KIND if kind not in LAMBDAS))
def test_a_question_mark_may_stand_in_a_path(server: Server) -> None:
    with server.connect() as connection:
        assert connection.request("GET", "/api/named/a%3Fb?c").json() == {"name": "a?b"}


@pytest.mark.parametrize(
    ("sent", "query"),
    [
        ("a=1&a=2&b", {"a": ["1", "2"], "b": ""}),
        ("a=%26%3D%25&b=%3F%23", {"a": "&=%", "b": "?#"}),
        ("a=x+y%2B%20z", {"a": "x y+ z"}),
        ("a=caf%C3%A9&%C3%BC=1", {"a": "café", "ü": "1"}),
        ("a[]=1&a[b]=2", {"a[]": "1", "a[b]": "2"}),
        ("next=/x?y=//z&a=b=c", {"next": "/x?y=//z", "a": "b=c"}),
        ("a=1,2;3&b=%2C", {"a": "1,2;3", "b": ","}),
        ("a=%25%32%35", {"a": "%25"}),
    ],
)
def test_a_query_says_what_it_said(server: Server, sent: str, query: dict[str, object]) -> None:
    with server.connect() as connection:
        told = connection.request("GET", f"/api/echo?{sent}").json()
        assert (told["query"], told["url"]) == (query, f"/api/echo?{sent}")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_method_is_the_one_that_was_sent(server: Server, method: str) -> None:
    with server.connect() as connection:
        assert connection.request(method, "/api/told").json()["method"] == method


def test_headers_arrive_whatever_their_case_and_value(server: Server) -> None:
    sent = {
        "x-lower": "lower",
        "X-UPPER": "UPPER",
        "X-Comma": 'a, "b, c";q=0.5',
        "X-Empty": "",
        "X-Long": "x" * 7_000,
    }
    with server.connect() as connection:
        headers = connection.request("GET", "/api/told", sent).json()["headers"]
    assert {name.title(): headers[name.title()] for name in sent} == {name.title(): sent[name] for name in sent}


# granian takes them for UTF-8, and AWS does not say for what.
@against(*(kind for kind in NOT_GRANIAN_WSGI if kind not in LAMBDAS))
def test_a_header_is_latin_1(server: Server) -> None:
    with server.connect() as connection:
        headers = connection.request("GET", "/api/told", {"X-Latin": "caf\xe9"}).json()["headers"]
    assert headers["X-Latin"] == "café"


def send_lines(connection: Connection, *lines: str) -> None:
    head = "".join(f"{line}\r\n" for line in ("GET /api/told HTTP/1.1", "Host: 127.0.0.1", *lines, ""))
    connection.send(head.encode("latin-1"))


def test_a_header_that_is_repeated_is_joined(server: Server) -> None:
    with server.connect() as connection:
        send_lines(connection, "X-Many: 1", "X-Other: 0", "X-Many: 2", "x-many: 3,4")
        headers = connection.answer().json()["headers"]
    assert headers["X-Many"].replace(" ", "") == "1,2,3,4"


@against(*NOT_GRANIAN_WSGI)  # it hands both over, as one
def test_a_header_with_an_underscore_is_no_other_header(server: Server) -> None:
    with server.connect() as connection:
        send_lines(connection, "X_Token: forged", "X-Token: real", "X_Forwarded_Proto: forged")
        headers = connection.answer().json()["headers"]
    assert headers["X-Token"] == "real"
    assert "forged" not in headers.values()


def test_cookies_arrive_and_each_that_is_set_leaves_in_a_header_of_its_own(server: Server) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", "/api/told", {"Cookie": 'a=1; b="x y"; c=1=2'})
        assert answer.json()["cookies"] == {"a": "1", "b": "x y", "c": "1=2"}
        cookies = [value for name, value in answer.head.fields if name == "set-cookie"]
        assert cookies == ["got_a=1; Path=/", 'got_b="x y"; Path=/', 'got_c="1=2"; Path=/']
        without = connection.request("GET", "/api/told")
        assert (without.json()["cookies"], "Set-Cookie" in without.head) == ({}, False)


@pytest.mark.parametrize(
    ("given", "value"),
    [("plain", "plain"), ("%E2%82%AC", "=?utf-8?b?4oKs?="), ("a,%20b;c=%22d%22", 'a, b;c="d"')],
)
def test_a_header_of_an_answer_is_the_one_that_was_set(server: Server, given: str, value: str) -> None:
    with server.connect() as connection:
        assert connection.request("GET", f"/api/headers?value={given}").head.get("X-Given") == value


@against(*NOT_GRANIAN_WSGI)  # it sends them as UTF-8
def test_a_header_of_an_answer_is_latin_1(server: Server) -> None:
    with server.connect() as connection:
        assert connection.request("GET", "/api/headers?value=caf%C3%A9").head.get("X-Given") == "café"


EVERY_BYTE = bytes(range(256))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", json.dumps({"ü": ["€", "😀"]}).encode()),
        ("application/json", '{"ü": "€😀"}'.encode()),
        ("application/json; charset=utf-16", '{"ü": 1}'.encode("utf-16")),
        ("application/problem+json", b"\xff{]"),
        ("text/plain; charset=utf-8", "Grüße\r\n\x00".encode()),
        ("text/plain; charset=iso-8859-1", "Grüße".encode("latin-1")),
        ("text/html", EVERY_BYTE),
        ("application/x-www-form-urlencoded", b"a=1&b=%C3%BC&a=2"),
        ("application/octet-stream", EVERY_BYTE * 16),
        ("application/octet-stream", b"only ascii"),
        ("image/svg+xml", b"<svg/>"),
        ("image/png", b"\x89PNG\r\n\x1a\n" + EVERY_BYTE),
        ("application/gzip", gzip.compress(b"hello")),
        ("nothing/at-all", b"\x00"),
    ],
    ids=range(14),
)
def test_bytes_come_back_as_they_were_sent(server: Server, kind: str, body: bytes) -> None:
    with server.connect() as connection:
        answer = connection.request("POST", "/api/mirror", {"Content-Type": kind}, body)
        assert (answer.status, answer.body) == (200, body)
        assert answer.head.get("Content-Type") == kind


@pytest.mark.parametrize(
    ("kind", "sent", "body"),
    [
        ("application/json", b'{"a": [1, null]}', {"a": [1, None]}),
        ("application/json", '"€😀"'.encode(), "€😀"),
        ("application/ld+json", b"[]", []),
        ("application/json", b"", {}),
        ("application/x-www-form-urlencoded", b"a=1&b=%C3%BC&a=2&c=+", {"a": ["1", "2"], "b": "ü", "c": " "}),
        ("text/plain", "Grüße".encode(), "Grüße"),
        ("text/plain; charset=iso-8859-1", "Grüße".encode("latin-1"), "Grüße"),
        ("text/csv; charset=utf-16", "ü".encode("utf-16"), "ü"),
        ("application/octet-stream", EVERY_BYTE, None),
        (None, b"", {}),
    ],
    ids=range(10),
)
def test_a_body_is_what_its_type_says(server: Server, kind: str | None, sent: bytes, body: object) -> None:
    with server.connect() as connection:
        answer = connection.request("POST", "/api/echo", {"Content-Type": kind} if kind else {}, sent)
        assert (answer.status, answer.json()["body"], answer.json()["size"]) == (200, body, len(sent))
