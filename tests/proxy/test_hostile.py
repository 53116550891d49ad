"""An upstream that does everything wrong: the caller gets a 502 or 504, and nothing that should not come through."""

from __future__ import annotations

import gzip
import logging
import socket

import pytest

from pagesapi.exceptions import HTTPError
from tests.proxy.asking import Through
from tests.proxy.conftest import Serve
from tests.proxy.upstream import OK, TIMEOUT, Peer, answer

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

NO_HTTP = {
    "nothing at all": b"",
    "HTTP/0.9": b"<h1>Hello</h1>\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
    "HTTP/2": b"HTTP/2 200\r\n\r\n",
    "HTTP/2 frames": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a switch of protocols that nobody asked for": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
    "a status of two digits": b"HTTP/1.1 20 OK\r\n\r\n",
    "a status below 100": b"HTTP/1.1 042 Answer\r\nContent-Length: 0\r\n\r\n",
    "a status above 599": b"HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n",
    "a header without a name": b"HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 0\r\n\r\n",
    "a space before the colon": b"HTTP/1.1 200 OK\r\nContent-Type : text/html\r\nContent-Length: 0\r\n\r\n",
    "a zero byte in a header": b"HTTP/1.1 200 OK\r\nEtag: a\0b\r\nContent-Length: 0\r\n\r\n",
    "a carriage return in a header": b"HTTP/1.1 200 OK\r\nEtag: a\rSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n",
    "an escape in a header": b"HTTP/1.1 200 OK\r\nEtag: \x1b[2J\r\nContent-Length: 0\r\n\r\n",
    "a length below zero": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "a length that is no number": b"HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    "two types": answer("Content-Type: text/plain", "Content-Type: text/html", body=b"x"),
    "a length and chunks": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks, and a length in another case": CHUNKED.replace(b"\r\n\r\n", b"\r\ncontent-LENGTH: 5\r\n\r\n0\r\n\r\n"),
    "another transfer coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a coding that hides": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a coding twice": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk of no size": CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n",
    "a chunk of negative size": CHUNKED + b"-1\r\nabc\r\n0\r\n\r\n",
    "a chunk of immense size": CHUNKED + b"f" * 40 + b"\r\nabc",
}


@pytest.mark.parametrize("reply", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_no_sound_http_is_a_502(serve: Serve, through: Through, reply: bytes) -> None:
    def say(peer: Peer) -> None:
        peer.send(reply)

    found = through(serve(say).url)
    assert found.status == 502
    assert found.get("Content-Type") == "application/problem+json"
    assert b"gave no valid answer" in found.body
    assert "Set-Cookie" not in found.response.headers


def test_nobody_there_is_a_502_that_names_nothing(
    serve: Serve, through: Through, caplog: pytest.LogCaptureFixture
) -> None:
    upstream = serve(OK)
    upstream.__exit__(None, None, None)
    caplog.set_level(logging.WARNING, "pagesapi.routes")
    found = through(f"{upstream.url}/v1?key=secret")
    assert found.status == 502
    assert str(upstream.port).encode() not in found.body
    (line,) = [record.getMessage() for record in caplog.records if record.name == "pagesapi.routes"]
    assert f"{upstream.url}/v1" in line
    assert "secret" not in line


def test_a_crash_before_the_answer_is_a_502(serve: Serve, through: Through) -> None:
    assert through(serve(Peer.reset).url).status == 502


def test_a_crash_in_the_middle_of_the_body_cuts_the_answer_off(serve: Serve, through: Through) -> None:
    def crash(peer: Peer) -> None:
        peer.send(CHUNKED + b"5\r\nhello\r\n")
        peer.send(b"5\r\nhel")

    found = through(serve(crash).url)
    assert found.status == 200
    assert found.body.startswith(b"hello")
    assert isinstance(found.error, HTTPError)
    assert found.error.status == 502


@pytest.mark.parametrize("tail", [b"nonsense\r\n", b"5\r\nhello!!\r\n0\r\n\r\n", b"5\r\nhel"])
def test_bad_chunks_after_good_ones_cut_the_answer_off(serve: Serve, through: Through, tail: bytes) -> None:
    def say(peer: Peer) -> None:
        peer.send(CHUNKED + b"5\r\nhello\r\n" + tail)

    found = through(serve(say).url)
    assert found.status == 200
    assert found.error is not None


def test_a_body_shorter_than_its_length_is_cut_off(serve: Serve, through: Through) -> None:
    def say(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")

    found = through(serve(say).url)
    assert (found.status, found.body) == (200, b"short")
    assert found.error is not None


def test_what_comes_after_a_body_is_nobodys_answer(serve: Serve, through: Through) -> None:
    poisoned = OK + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"
    with through.route(serve(poisoned, OK).url) as ask:
        assert ask("/api/x").body == b"ok"
        assert ask("/api/x").body == b"ok"


def test_a_body_that_must_not_be_is_nobodys_answer(serve: Serve, through: Through) -> None:
    poison = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"
    heads = [(b"204 No Content", "GET"), (b"304 Not Modified", "GET"), (b"200 OK", "HEAD")]
    head = b"HTTP/1.1 %s\r\nContent-Length: 45\r\n\r\n%s"
    replies = [reply for status, _ in heads for reply in (head % (status, poison), OK)]
    with through.route(serve(*replies).url) as ask:
        for _, method in heads:
            assert ask("/api/x", method=method).body == b""
            assert ask("/api/x").body == b"ok"


def test_headers_without_an_end_are_a_502(serve: Serve, through: Through) -> None:
    def flood(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n")
        peer.flood(b"X-Filler: " + b"x" * 60_000 + b"\r\n")

    upstream = serve(flood)
    assert through(upstream.url).status == 502
    assert upstream.left.wait(TIMEOUT)


def test_one_header_without_an_end_is_a_502(serve: Serve, through: Through) -> None:
    def flood(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nX-Filler: ")
        peer.flood(b"x" * 60_000)

    assert through(serve(flood).url).status == 502


def test_interim_answers_without_an_end_are_a_502(serve: Serve, through: Through) -> None:
    def flood(peer: Peer) -> None:
        peer.flood(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100)

    upstream = serve(flood)
    assert through(upstream.url).status == 502
    assert upstream.left.wait(TIMEOUT)


def test_an_interim_answer_is_passed_over(serve: Serve, through: Through) -> None:
    assert through(serve(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + OK).url).body == b"ok"


def test_an_upstream_that_says_nothing_is_a_504(serve: Serve, through: Through) -> None:
    upstream = serve(Peer.wait)
    found = through(upstream.url, timeout=0.1)
    assert found.status == 504
    assert b"in time" in found.body
    assert upstream.left.wait(TIMEOUT)


def test_headers_that_drip_are_a_504_at_the_deadline(serve: Serve, through: Through) -> None:
    upstream = serve(lambda peer: peer.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 2000))
    assert through(upstream.url, timeout=5, deadline=0.3).status == 504
    assert upstream.left.wait(TIMEOUT)


def test_interim_answers_that_drip_are_a_504_at_the_deadline(serve: Serve, through: Through) -> None:
    upstream = serve(lambda peer: peer.drip(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100))
    assert through(upstream.url, timeout=5, deadline=0.3).status == 504


def test_a_body_that_drips_is_cut_off_at_the_deadline(serve: Serve, through: Through) -> None:
    def drip(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n")
        peer.drip(b"x" * 2000)

    upstream = serve(drip)
    found = through(upstream.url, timeout=5, deadline=0.3)
    assert found.status == 200
    assert isinstance(found.error, HTTPError)
    assert found.error.status == 504
    assert upstream.left.wait(TIMEOUT)


def test_a_body_that_does_not_begin_is_a_504(serve: Serve, through: Through) -> None:
    def stall(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n")
        peer.wait()

    assert through(serve(stall).url, timeout=0.1).status == 504


def test_an_upstream_that_does_not_read_is_a_504(through: Through) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # the kernel takes the connection, and nobody the body
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        found = through(url, method="POST", data=bytes(9_000_000), timeout=0.2, config="body_limit=None")
    assert found.status == 504


def test_an_upstream_that_crashes_while_it_is_sent_a_body_is_a_502(serve: Serve, through: Through) -> None:
    upstream = serve(Peer.reset, reads_bodies=False)
    found = through(upstream.url, method="POST", data=bytes(9_000_000), config="body_limit=None")
    assert found.status == 502
    assert len(upstream.requests) == 1


def test_a_deadline_that_has_passed_is_a_504_at_once(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    assert through(upstream.url, deadline=1e-9).status == 504
    assert upstream.requests == []


def test_there_need_not_be_a_deadline_nor_a_limit(serve: Serve, through: Through) -> None:
    assert through(serve(OK).url, deadline=None, response_limit=None).body == b"ok"


def test_a_length_above_the_limit_is_a_502_before_anything(serve: Serve, through: Through) -> None:
    assert through(serve(answer(body=b"x" * 1025)).url, response_limit="1kb").status == 502
    assert through(serve(answer(body=b"x" * 1024)).url, response_limit="1kb").body == b"x" * 1024


def test_an_endless_body_is_cut_off_at_the_limit(serve: Serve, through: Through) -> None:
    def flood(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.flood(b"x" * 65536)

    upstream = serve(flood)
    found = through(upstream.url, response_limit="1mb")
    assert found.status == 200
    assert len(found.body) <= 1024 * 1024
    assert found.error is not None
    assert upstream.left.wait(TIMEOUT)


def test_a_bomb_is_passed_on_as_small_as_it_came(serve: Serve, through: Through) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    found = through(serve(answer("Content-Encoding: gzip", body=bomb)).url, headers={"Accept-Encoding": "gzip"})
    assert found.body == bomb
    assert found.get("Content-Encoding") == "gzip"


def test_an_old_server_may_end_its_body_by_hanging_up(serve: Serve, through: Through) -> None:
    found = through(serve(lambda peer: peer.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold")).url)
    assert (found.status, found.body, found.error) == (200, b"old", None)
