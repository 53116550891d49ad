"""Connections are kept and used again; never by a forked child, nor by a loop that they do not belong to."""

from __future__ import annotations

import asyncio
import datetime
import gc
import ipaddress
import ssl
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgiref.sync import async_to_sync
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import AsyncClient, AsyncRequestFactory, Client, RequestFactory

from pagesapi.endpoints.proxying.clients import forget_all
from pagesapi.endpoints.proxying.transport import has_leftover
from pagesapi.testing import route_tree
from tests.proxy.asking import WAYS, Through, Way
from tests.proxy.conftest import Serve
from tests.proxy.upstream import OK, TIMEOUT, Peer, answer

# Where a request has no event loop of its own, as `aproxy` has in each of the test client's requests under ASGI.
IN_THREADS = [way for way in WAYS if way != Way("aproxy", "asgi")]
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"


@pytest.mark.parametrize("way", IN_THREADS, ids=str)
@pytest.mark.parametrize("reply", [OK, CHUNKED, answer(), b"HTTP/1.1 204 No Content\r\n\r\n"])
def test_threads_share_connections(serve: Serve, way: Way, reply: bytes) -> None:
    upstream = serve(reply)
    with Through(way).route(upstream.url) as ask:
        for _ in range(3):
            assert ask("/api/x").error is None
    assert (upstream.connections, len(upstream.requests)) == (1, 3)


async def read(path: str = "/api/x") -> bytes:
    response: Any = await AsyncClient().get(path)
    body = b"".join([part async for part in response])
    response.close()
    return body


@pytest.mark.parametrize("reply", [OK, CHUNKED])
def test_requests_of_one_loop_share_connections(serve: Serve, reply: bytes) -> None:
    upstream = serve(reply)

    async def thrice() -> None:
        for _ in range(3):
            assert await read() == b"ok"

    with route_tree({"x.py": Way("aproxy", "asgi").source(upstream.url)}):
        asyncio.run(thrice())
        assert upstream.connections == 1
        asyncio.run(thrice())  # another loop, and so other connections; the first one's are closed
    assert upstream.connections == 2


def test_a_connection_is_closed_when_its_loop_ends(serve: Serve) -> None:
    def live(peer: Peer) -> None:
        peer.send(OK)
        peer.wait()

    upstream = serve(live)
    with route_tree({"x.py": Way("aproxy", "asgi").source(upstream.url)}):
        asyncio.run(read())
        assert upstream.left.wait(TIMEOUT)


def test_a_connection_is_closed_when_its_proxy_is_gone(serve: Serve, through: Through) -> None:
    def live(peer: Peer) -> None:
        peer.send(OK)
        peer.wait()

    upstream = serve(live)
    assert through(upstream.url).body == b"ok"
    gc.collect()
    assert upstream.left.wait(TIMEOUT)


def hang_up(peer: Peer) -> None:
    """Ends the connection at the very moment of the next request."""
    peer.send(OK)
    peer.receive()


@pytest.mark.parametrize("way", IN_THREADS, ids=str)
def test_a_connection_that_ends_as_it_is_used_again_is_not_noticed(serve: Serve, way: Way) -> None:
    upstream = serve(hang_up, OK)
    with Through(way).route(upstream.url) as ask:
        assert [ask("/api/x").body for _ in range(2)] == [b"ok", b"ok"]
    assert upstream.connections == 2


def test_a_connection_of_a_loop_that_ends_as_it_is_used_again_is_not_noticed(serve: Serve) -> None:
    upstream = serve(hang_up, OK)

    async def twice() -> list[bytes]:
        return [await read(), await read()]

    with route_tree({"x.py": Way("aproxy", "asgi").source(upstream.url)}):
        assert asyncio.run(twice()) == [b"ok", b"ok"]
    assert upstream.connections == 2


@pytest.mark.parametrize("way", IN_THREADS, ids=str)
def test_what_changes_something_is_not_sent_again(serve: Serve, way: Way) -> None:
    upstream = serve(hang_up, OK)
    with Through(way).route(upstream.url) as ask:
        assert ask("/api/x").status == 200
        assert ask("/api/x", method="DELETE").status == 502
    assert upstream.connections == 1


def test_what_fails_on_a_fresh_connection_is_not_sent_again(serve: Serve, through: Through) -> None:
    upstream = serve(Peer.reset)
    assert through(upstream.url).status == 502
    assert len(upstream.requests) == 1


def test_an_answer_that_nobody_reads_gives_its_connection_back(serve: Serve, through: Through) -> None:
    """As when a middleware answers in its place."""

    def long(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin")
        peer.wait()

    upstream = serve(long)
    if through.way.interface == "wsgi":
        with through.route(upstream.url):
            response: Any = Client().get("/api/x")
            del response
    else:
        with through.route(upstream.url):
            async_to_sync(_forget)()
    gc.collect()
    assert upstream.left.wait(TIMEOUT)


async def _forget() -> None:
    response: Any = await AsyncClient().get("/api/x")
    del response
    await asyncio.sleep(0)


def test_a_caller_who_leaves_takes_the_upstream_along(serve: Serve, through: Through) -> None:
    def flood(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.flood(b"x" * 65536)

    upstream = serve(flood)
    with through.route(upstream.url):
        if through.way.interface == "wsgi":
            response: Any = Client().get("/api/x")
            next(iter(response))
            response.close()
        else:
            async_to_sync(_leave)()
        assert upstream.left.wait(TIMEOUT)


async def _leave() -> None:
    response: Any = await AsyncClient().get("/api/x")
    parts = aiter(response)
    await anext(parts)
    await asyncio.to_thread(response.close)


def test_a_body_ends_but_once(serve: Serve, through: Through) -> None:
    """As a server gets it, not the test client, which wraps it."""

    async def twice() -> None:
        handler = ASGIHandler()
        response: Any = await handler.get_response_async(AsyncRequestFactory().get("/api/x"))
        assert [[part async for part in response], [part async for part in response]] == [[b"ok"], []]

    with through.route(serve(OK).url):
        if through.way.interface == "wsgi":
            response: Any = WSGIHandler().get_response(RequestFactory().get("/api/x"))
            assert [list(response), list(response)] == [[b"ok"], []]
        else:
            async_to_sync(twice)()


def test_with_another_httpcore_no_connection_is_taken_for_clean() -> None:
    assert has_leftover(httpx.Response(200, stream=httpx.ByteStream(b"")))


def test_a_task_that_is_cancelled_closes_the_upstream(serve: Serve) -> None:
    upstream = serve(Peer.wait)

    async def cancelled() -> None:
        task = asyncio.ensure_future(AsyncClient().get("/api/x"))
        assert await asyncio.to_thread(upstream.asked.wait, TIMEOUT)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await asyncio.to_thread(upstream.left.wait, TIMEOUT)

    with route_tree({"x.py": Way("aproxy", "asgi").source(upstream.url)}):
        asyncio.run(cancelled())


FORKING = """
    import os, sys
    import django
    django.setup()
    from django.test import Client
    from pagesapi.testing import route_tree

    def ask():
        response = Client(headers={"Host": "localhost"}).get("/api/x")
        assert b"".join(response) == b"ok"
        response.close()

    with route_tree({"x.py": sys.argv[1]}):
        ask()
        child = os.fork()
        ask()
        if not child:
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        ask()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no forks")
def test_a_forked_child_has_connections_of_its_own(serve: Serve) -> None:
    upstream = serve(OK)
    source = Way("proxy", "wsgi").source(upstream.url)
    root = Path(__file__).resolve().parents[2]
    words = [sys.executable, "-W", "error", "-c", textwrap.dedent(FORKING), source]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (upstream.connections, len(upstream.requests)) == (2, 4)


def test_what_was_forgotten_is_made_anew(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    with through.route(upstream.url) as ask:
        forget_all()
        assert ask("/api/x").body == b"ok"
        forget_all()
        assert ask("/api/x").body == b"ok"
    assert upstream.connections == 2


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_a_certificate_that_nobody_trusts_is_a_502(serve: Serve, through: Through, certificate: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    upstream = serve(OK, context=context)
    assert through(upstream.url).status == 502
    assert upstream.requests == []


def test_authorities_of_the_environment_are_trusted(
    serve: Serve, through: Through, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    upstream = serve(OK, context=context)
    assert through(upstream.url).body == b"ok"
    found = through(upstream.url, method="POST", data=bytes(500_000))
    assert (found.status, upstream.last.get("Content-Length")) == (200, "500000")
