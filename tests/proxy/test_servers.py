"""Proxies in real servers: streaming both ways, memory that stays flat, callers who leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from tests.proxy.upstream import OK, TIMEOUT, Peer, Received, Reply, Upstream, answer
from tests.servers.kinds import ASGI, GUNICORN, UVICORN_H11, UVICORN_HTTPTOOLS, WSGI, parameters
from tests.servers.running import Kind, Server
from tests.servers.wire import LAST_CHUNK, Connection, CutOff, Reader, chunk, request_bytes

pytestmark = pytest.mark.server
MEGABYTE = 1024 * 1024


def of_this_site(kind: Kind) -> Kind:
    site = {WSGI: "tests.proxy.site_wsgi:application", ASGI: "tests.proxy.site_asgi:application"}
    return replace(kind, name=f"{kind.name}-proxy", command=tuple(site.get(word, word) for word in kind.command))


KINDS = [of_this_site(kind) for kind in (GUNICORN, UVICORN_H11, UVICORN_HTTPTOOLS)]


class Site(NamedTuple):
    server: Server
    upstream: Upstream

    def connect(self) -> Connection:
        return self.server.connect()

    def answers(self, *replies: Reply) -> None:
        """From now on; what came before is forgotten."""
        self.upstream.replies[:] = replies
        self.upstream.requests.clear()
        self.upstream.left.clear()

    def memory(self) -> int:
        """The most that the server's process ever took, in kilobytes."""
        with self.connect() as connection:
            peak: int = connection.request("GET", "/api/memory").json()
            return peak


@pytest.fixture(scope="module", params=parameters(*KINDS))
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with Upstream(OK) as upstream, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAGESAPI_TEST_UPSTREAM", f"{upstream.url}/v1")
        server = Server(request.param)
        yield Site(server, upstream)
        server.stop()


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_an_answer_comes_through_a_real_server(site: Site, kind: str) -> None:
    site.answers(answer("Content-Type: text/plain", "Set-Cookie: a=1", "X-Accel-Redirect: /x", body=b"ok"))
    with site.connect() as connection:
        for _ in range(2):
            found = connection.request(
                "GET", f"/api/{kind}/a%20b/%C5%BC?q=%C5%BC", {"Cookie": "a=1", "User-Agent": "x"}
            )
            assert (found.status, found.body) == (200, b"ok")
            assert found.head.get("Content-Length") == "2"
            assert "Set-Cookie" not in found.head
            assert "X-Accel-Redirect" not in found.head
    assert site.upstream.last.target == "/v1/a%20b/%C5%BC?q=%C5%BC"
    assert site.upstream.last.names == {"host", "accept-encoding", "user-agent"}


RAW_PATHS = ["../admin", "%2e%2e/admin", "..%2fadmin", "%252e%252e/admin", "..;/admin", "a/..%5c..%5cadmin", "a%00"]
RAW_PATHS += ["%c0%ae%c0%ae/admin", "..%c0%afadmin", "%ef%bc%8e%ef%bc%8e/admin", "a/../../admin", "%u002e%u002e/admin"]


@pytest.mark.parametrize("path", RAW_PATHS)
def test_no_path_on_the_wire_leads_out(site: Site, path: str) -> None:
    site.answers(OK)
    with site.connect() as connection:
        found = connection.request("GET", f"/api/sync/{path}", {"Connection": "close"})
    assert found.status in (308, 400, 404), found
    assert site.upstream.requests == []


def test_head_comes_through_a_real_server(site: Site, kind: str) -> None:
    site.answers(b"HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\nETag: a\r\n\r\n")
    with site.connect() as connection:
        found = connection.request("HEAD", f"/api/{kind}/a")
        assert (found.status, found.head.get("Content-Length"), found.body) == (200, "4000000000", b"")


def test_a_body_streams_while_it_is_made(site: Site, kind: str) -> None:
    pieces: list[Peer] = []

    def live(peer: Peer) -> None:
        pieces.append(peer)
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: first\n\n")
        peer.wait()

    site.answers(live)
    with site.connect() as connection:
        connection.send(request_bytes("GET", f"/api/{kind}/events"))
        head = connection.head()
        assert head.get("Content-Type") == "text/event-stream"
        reader = Reader(connection.pieces(head))
        reader.until("first")
        pieces[0].send(b"data: second\n\n")
        reader.until("second")
        connection.hang_up()
    if site.server.kind.interface == "wsgi" or kind == "sync":
        while not site.upstream.left.is_set():  # a thread notices when there is something to write
            try:
                pieces[0].send(b"data: more\n\n" * 1000)
            except OSError:
                break
    assert site.upstream.left.wait(TIMEOUT)


def test_a_caller_who_leaves_a_flood_takes_the_upstream_along(site: Site, kind: str) -> None:
    def flood(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.flood(b"x" * 65536)

    site.answers(flood)
    with site.connect() as connection:
        connection.send(request_bytes("GET", f"/api/{kind}/flood"))
        next(connection.pieces(connection.head()))
        connection.hang_up()
    assert site.upstream.left.wait(TIMEOUT)


def test_memory_stays_flat_while_a_large_body_comes_down(site: Site, kind: str) -> None:
    def large(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (300 * MEGABYTE))
        for _ in range(300):
            peer.send(bytes(MEGABYTE))

    site.answers(OK)
    with site.connect() as connection:
        assert connection.request("GET", f"/api/{kind}/warm").body == b"ok"
    before = site.memory()
    site.answers(large)
    with site.connect() as connection:
        connection.send(request_bytes("GET", f"/api/{kind}/large"))
        assert sum(map(len, connection.pieces(connection.head()))) == 300 * MEGABYTE
    assert site.memory() - before < 48 * 1024


def test_memory_stays_flat_while_a_large_body_goes_up(site: Site, kind: str) -> None:
    site.answers(OK)
    with site.connect() as connection:
        assert connection.request("POST", f"/api/{kind}/warm", body=b"x" * 100_000).body == b"ok"
    before = site.memory()
    for headers, end in (
        ({"Content-Length": str(200 * MEGABYTE)}, b""),
        ({"Transfer-Encoding": "chunked"}, LAST_CHUNK),
    ):
        with site.connect() as connection:
            connection.send(request_bytes("POST", f"/api/{kind}/large", headers))
            piece = chunk(bytes(MEGABYTE)) if end else bytes(MEGABYTE)
            for _ in range(200):
                connection.send(piece)
            connection.send(end)
            assert connection.answer().body == b"ok"
    assert site.memory() - before < 48 * 1024


def test_memory_stays_flat_under_a_hundred_megabytes_of_headers(site: Site, kind: str) -> None:
    def headers(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(100):
            peer.send(b"X-%d: " % number + b"x" * MEGABYTE + b"\r\n")

    site.answers(headers)
    before = site.memory()
    with site.connect() as connection:
        assert connection.request("GET", f"/api/{kind}/headers").status == 502
    assert site.memory() - before < 24 * 1024


def test_a_chunked_upload_comes_through_as_it_is(site: Site, kind: str) -> None:
    site.answers(OK)
    with site.connect() as connection:
        connection.send(request_bytes("PUT", f"/api/{kind}/up", {"Transfer-Encoding": "chunked"}))
        connection.send(chunk(b"first,") + chunk(b"second") + LAST_CHUNK)
        assert connection.answer().status == 200
    last: Received = site.upstream.last
    assert (last.method, last.body, last.get("Transfer-Encoding")) == ("PUT", b"first,second", "chunked")


def test_a_broken_answer_is_cut_off_by_a_real_server(site: Site, kind: str) -> None:
    def broken(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n")

    site.answers(broken)
    with site.connect() as connection:
        connection.send(request_bytes("GET", f"/api/{kind}/broken"))
        with pytest.raises(CutOff):
            list(connection.pieces(connection.head()))


def test_limits_hold_in_a_real_server(site: Site) -> None:
    def flood(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.flood(b"x" * 65536)

    site.answers(Peer.wait, flood, OK)
    with site.connect() as connection:
        assert connection.request("GET", "/api/short/silence").status == 504
    with site.connect() as connection:
        connection.send(request_bytes("GET", "/api/short/flood"))
        with pytest.raises(CutOff):
            list(connection.pieces(connection.head()))
    assert site.upstream.left.wait(TIMEOUT)
    with site.connect() as connection:
        headers = {"Transfer-Encoding": "chunked", "Connection": "close"}
        connection.send(request_bytes("POST", "/api/short/up", headers))
        connection.try_to_send(chunk(bytes(2 * MEGABYTE)) + LAST_CHUNK)
        assert connection.answer().status == 413
    assert [request.target for request in site.upstream.requests] == ["/v1/silence", "/v1/flood"]
