"""Requests that no honest client sends: refused or answered, and the server lives on."""

import re

import pytest

from tests.servers.gate import SECRET
from tests.servers.kinds import (
    GRANIAN_ASGI,
    GRANIAN_ON_BROKEN_BODY,
    RUNSERVER,
    RUNSERVER_ON_HUGE_LENGTH,
    SERVERS,
    against,
)
from tests.servers.running import Server
from tests.servers.wire import LAST_CHUNK, chunk, request_bytes

pytestmark = pytest.mark.server

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /api/echo HTTP/1.1\r\n" + HOST + b"Content-Type: text/plain\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"

# What is no HTTP: a gateway before a function refuses it, as servers do.
MALFORMED = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 no http at all\r\n\r\n",
    "garbage after a request": request_bytes("GET", "/api/hello") + b"\x00\xff garbage\r\n\r\n",
    "only line ends": b"\r\n\r\n\r\n\r\n",
    "no version": b"GET /api/hello\r\n\r\n",
    "unknown version": b"GET /api/hello HTTP/9.9\r\n" + HOST + b"\r\n",
    "no host": b"GET /api/hello HTTP/1.1\r\n\r\n",
    "host of control bytes": b"GET /api/hello HTTP/1.1\r\nHost: a\x01b\r\n\r\n",
    "header without a colon": b"GET /api/hello HTTP/1.1\r\n" + HOST + b"nonsense\r\n\r\n",
    "header with nul": b"GET /api/echo HTTP/1.1\r\n" + HOST + b"X-Token: a\x00b\r\n\r\n",
    "oversized header": b"GET /api/hello HTTP/1.1\r\n" + HOST + b"X-Token: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "very many headers": b"GET /api/hello HTTP/1.1\r\n" + HOST + b"X-Token: a\r\n" * 20_000 + b"\r\n",
    "oversized target": b"GET /api/echo?" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "negative length": POST + b"Content-Length: -5\r\n\r\nhello",
    "huge length": POST + b"Content-Length: 99999999999999999999999999\r\n\r\nhello",
    "length of 5000 digits": POST + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\nhello",
    "length in words": POST + b"Content-Length: five\r\n\r\nhello",
    "length with a sign": POST + b"Content-Length: +5\r\n\r\nhello",
    "length with an underscore": POST + b"Content-Length: 1_0\r\n\r\nhellohello",
    "length of other digits": POST + b"Content-Length: \xd9\xa5\r\n\r\nhello",
    "no length at all": POST + b"Content-Length: \r\n\r\nhello",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "two lengths in one": POST + b"Content-Length: 5, 6\r\n\r\nhello!",
    "length and chunks": CHUNKED + b"Content-Length: 5\r\n\r\n" + chunk(b"hello") + LAST_CHUNK,
    "unknown coding": POST + b"Transfer-Encoding: rot13\r\n\r\nhello",
    "coding not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n" + LAST_CHUNK,
    "coding with a tab": POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n" + LAST_CHUNK,
    "chunk size in words": CHUNKED + b"\r\nfive\r\nhello\r\n" + LAST_CHUNK,
    "negative chunk": CHUNKED + b"\r\n-5\r\nhello\r\n" + LAST_CHUNK,
    "huge chunk": CHUNKED + b"\r\n" + b"f" * 40 + b"\r\nhello\r\n" + LAST_CHUNK,
    "chunk longer than it says": CHUNKED + b"\r\n2\r\nhello\r\n" + LAST_CHUNK,
    "chunk without end": CHUNKED + b"\r\n5\r\nhel",
    "chunk of line feeds": CHUNKED + b"\r\n5\nhello\n0\n\n",
    "endless chunk extension": CHUNKED + b"\r\n5;" + b"a" * 100_000 + b"\r\nhello\r\n" + LAST_CHUNK,
}  # fmt: skip

HOSTILE = {
    "unknown method": b"BREW /api/echo HTTP/1.1\r\n" + HOST + b"\r\n",
    "method in lower case": b"get /api/methods HTTP/1.1\r\n" + HOST + b"\r\n",
    "foreign host": b"GET /api/hello HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "header of bytes": b"GET /api/echo HTTP/1.1\r\n" + HOST + b"X-Token: \xff\xfe\x80\r\n\r\n",
    "cookie of bytes": b"GET /api/echo HTTP/1.1\r\n" + HOST + b"Cookie: a=\xff; =; ;;; b=%ff\r\n\r\n",
    "very many parameters": b"GET /api/echo?" + b"a&" * 4_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "bad json": b"POST /api/echo HTTP/1.1\r\n" + HOST
    + b"Content-Type: application/json\r\nContent-Length: 4\r\n\r\n\xff{]\x00",
    "text in no charset": b"POST /api/echo HTTP/1.1\r\n" + HOST
    + b"Content-Type: text/plain; charset=punycode\r\nContent-Length: 3\r\n\r\nabc",
    "content type of bytes": b"POST /api/echo HTTP/1.1\r\n" + HOST
    + b"Content-Type: \xff/\xfe; charset=\xff\r\nContent-Length: 3\r\n\r\nabc",
    "multipart without boundary": b"POST /api/echo HTTP/1.1\r\n" + HOST
    + b"Content-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\nabc",
    "multipart cut short": b"POST /api/echo HTTP/1.1\r\n" + HOST
    + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 60\r\n\r\n"
    + b'--x\r\nContent-Disposition: form-data; name="a"; filename="'.ljust(60, b"f"),
    "encoded form of nothing": b"POST /api/echo HTTP/1.1\r\n" + HOST
    + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n=&%&%ff=\x00",
}  # fmt: skip


# After these a server has a right to wait for more.
UNFINISHED = {"only line ends", "chunk without end", "chunk of line feeds", "huge chunk"}


@pytest.mark.parametrize("name", sorted(MALFORMED.keys() - UNFINISHED))
@against(*SERVERS)
def test_what_is_no_http_is_no_server_error(server: Server, name: str) -> None:
    ask_what_no_honest_client_asks(server, MALFORMED[name])


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_no_honest_client_sends_is_no_server_error(server: Server, name: str) -> None:
    ask_what_no_honest_client_asks(server, HOSTILE[name])


def ask_what_no_honest_client_asks(server: Server, request: bytes) -> None:
    with server.connect() as connection:
        connection.try_to_send(request)
        # Not hung up, since some servers then give up the request before any application has seen it.
        received = connection.what_is_answered()
        assert_no_server_error(server, received)


@pytest.mark.parametrize("name", sorted(UNFINISHED))
@against(*SERVERS)
def test_what_nobody_finishes_is_no_server_error(server: Server, name: str) -> None:
    with server.connect() as connection:
        connection.try_to_send(MALFORMED[name])
        connection.finish_sending()
        assert_no_server_error(server, connection.everything())


def assert_no_server_error(server: Server, received: bytes) -> None:
    if server.kind is GRANIAN_ASGI and GRANIAN_ON_BROKEN_BODY in received:
        received = b""
    for status in statuses(received):
        # 501: a transfer coding or a method that the server itself does not know; 505: such a version.
        assert status < 500 or status in {501, 505}, received
    assert b"Traceback" not in received
    printed = server.printed()
    if server.kind is not RUNSERVER or RUNSERVER_ON_HUGE_LENGTH not in printed:
        assert "Traceback" not in printed


HOSTILE_PATHS = [
    "/api/docs/%00",
    "/api/docs/a%00b",
    "/api/echo%00",
    "/api/docs/%ff%fe",
    "/api/docs/%C3%28",
    "/api/docs/%zz",
    "/api/docs/%",
    "/api/docs/%E2%80%AE",
    "/api/docs/%0d%0aX-Injected:%201",
    "/api/docs/%2e%2e/%2e%2e/etc/passwd",
    "/api/../../etc/passwd",
    "/api/docs/..%5c..%5c",
    "/api/items/99999999999999999999999999999",
    "/api/items/" + "9" * 5000,
    "/api/items/%D9%A5",
    "/api/items/-1",
    "/api/_secret",
    "/api/__init__",
    "/api/say.py",
    "/api/[id=int]",
    "/api/items/[id=int]",
    "/api/echo?a=%00&b=%ff&%ff=1&&&=&a[b]=1",
    "/api/echo?__class__=1&items=2&get=3",
    "/api/echo?" + "%" * 100,
    "/api/docs/" + "/".join("a" * 300),
    "/api/" + "/".join("b" * 300),
    "/api/docs/" + "c" * 3000,
    "/api/docs/" + ";".join("d" * 300),
]


@pytest.mark.parametrize("target", HOSTILE_PATHS, ids=lambda target: target[:40])
def test_no_path_and_no_query_is_a_server_error(server: Server, target: str) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", target)
        assert answer.status in {200, 308, 400, 404, 414}
        assert "X-Injected" not in answer.head
    assert "Traceback" not in server.printed()


@pytest.mark.parametrize(
    "target",
    [
        b"/api/docs/\xff\xfe",
        b"/api/docs/caf\xc3\xa9",
        b"/api/echo?\xff=\xfe",
        b"/api/docs/a\x00b",
        b"/api/docs/\x7f",
    ],
)
@against(*SERVERS)
def test_no_bytes_in_a_path_are_a_server_error(server: Server, target: bytes) -> None:
    with server.connect() as connection:
        connection.send(request_bytes("GET", target))
        received = connection.what_is_answered()
    # A server may refuse such bytes itself, or hang up.
    assert all(status in {200, 400, 404} for status in statuses(received)), received
    assert "Traceback" not in server.printed()


def test_three_hundred_segments_are_three_hundred(server: Server) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", "/api/docs/" + "/".join("a" * 300))
        assert answer.json() == {"segments": 300}


@pytest.mark.parametrize("target", ["/api/headers?value=", "/api/redirect?to=/", "/api/cookie?value="])
@pytest.mark.parametrize("end", ["%0D%0A", "%0A", "%0D", "%E5%98%8D%E5%98%8A", "%00"])
def test_a_line_end_in_a_value_makes_no_header(server: Server, target: str, end: str) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", f"{target}a{end}X-Injected:%20yes{end}{end}%3Cp%3Ebody%3C/p%3E")
        assert "X-Injected" not in answer.head
        if answer.status == 500:  # a value that cannot be sent is an error of the handler, told as any other
            assert answer.head.get("Content-Type") == "application/problem+json"
        else:
            assert answer.status in {200, 307}


def statuses(received: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"(?m)^HTTP/1\.[01] (\d{3})", received)]


def test_an_exception_is_a_problem_without_its_text(server: Server) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", "/api/broken")
    assert answer.status == 500
    assert answer.head.get("Content-Type") == "application/problem+json"
    assert answer.json()["status"] == 500
    assert SECRET.encode() not in answer.body
    assert SECRET in server.printed()


def test_an_unknown_path_is_a_problem(server: Server) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", "/api/nowhere?a=1")
    assert answer.status == 404
    assert answer.head.get("Content-Type") == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["title"], problem["instance"]) == (404, "Not Found", "/api/nowhere")
