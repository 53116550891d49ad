"""A page that asks its own site over HTTP while it is built, when nobody is there to answer."""

from __future__ import annotations

import asyncio
import http.client
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pagesapi.conf import SiteURL
from pagesapi.exceptions import PageError
from pagesapi.pages import static_page
from pagesapi.pages.building.self_call import Watch
from tests.pages.building.project import Project, listed_pages, text_page

PORT = 8000  # nobody has to listen there: it is not asked
MESSAGE = "asks its own site, http://localhost:8000, over HTTP while it is built"
MESSAGE_OF_ANY = "asks its own site"
CURE = "Import the function of the api/ module and call it: from api.posts import list_posts."


@pytest.fixture(autouse=True)
def _local(project: Project) -> None:
    project.settings.ALLOWED_HOSTS = ["localhost", "example.com"]
    project.configure(SITE_URL=f"http://localhost:{PORT}")


def by_urllib() -> None:
    urllib.request.urlopen(f"http://localhost:{PORT}/api/posts", timeout=5)


def by_http_client() -> None:
    http.client.HTTPConnection("localhost", PORT, timeout=5).request("GET", "/api/posts")


def by_httpx() -> None:
    httpx.get(f"http://localhost:{PORT}/api/posts")


def by_async_httpx() -> None:
    async def ask() -> None:
        async with httpx.AsyncClient() as client:
            await client.get(f"http://localhost:{PORT}/api/posts")

    asyncio.run(ask())


def by_asyncio() -> None:
    asyncio.run(asyncio.open_connection("127.0.0.1", PORT))


def by_address() -> None:
    httpx.get(f"http://127.0.0.1:{PORT}/api/posts")


def by_ipv6() -> None:
    socket.create_connection(("::1", PORT), timeout=5)


def by_socket() -> None:
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", PORT))


def by_bytes() -> None:
    socket.getaddrinfo(b"LOCALHOST.", str(PORT))


def in_a_pool() -> None:
    with ThreadPoolExecutor() as pool:
        pool.submit(by_urllib).result()


def and_swallowed() -> None:
    with suppress(Exception):  # as careless pages do
        by_urllib()


def in_a_thread() -> None:
    def quietly() -> None:
        and_swallowed()

    thread = threading.Thread(target=quietly)
    thread.start()
    thread.join()


WAYS = [
    by_urllib, by_http_client, by_httpx, by_async_httpx, by_asyncio, by_address, by_ipv6, by_socket, by_bytes,
    in_a_pool, and_swallowed, in_a_thread,
]  # fmt: skip


def asking(way: Callable[[], Any]) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        way()
        return HttpResponse("Asked")

    return path("asks/", static_page(view))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("workers", [1, 2])
def test_it_fails_with_a_cure(project: Project, way: Callable[[], None], workers: int) -> None:
    project.urls(text_page("", "Home"), asking(way), text_page("z/", "Z"))
    report = project.build(workers=workers)
    (failure,) = report.failures
    assert failure.path == "/asks/"
    assert MESSAGE in failure.error
    assert CURE in failure.error
    assert report.pages == 2


def test_the_line_that_asks_is_named(project: Project) -> None:
    project.urls(asking(by_urllib))
    (failure,) = project.build().failures
    line = by_urllib.__code__.co_firstlineno + 1
    assert failure.location == f"tests/pages/building/test_self_call.py:{line}"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_list_of_pages_that_asks_fails_too(project: Project, workers: int) -> None:
    def keys() -> list[int]:
        by_httpx()
        return [1]

    project.urls(listed_pages("p/<int:key>/", keys), text_page("z/", "Z"))
    (failure,) = project.build(workers=workers).failures
    assert failure.path == "/p/<int:key>/"
    assert MESSAGE in failure.error


@pytest.mark.parametrize("port", [None, 443, "443", "https", b"https", b"443"])
def test_a_port_may_be_said_in_any_way(project: Project, port: Any) -> None:
    project.configure(SITE_URL="https://example.com")
    project.urls(asking(lambda: socket.getaddrinfo("example.com", 443 if port is None else port)))
    (failure,) = project.build().failures
    assert "asks its own site, https://example.com, over HTTP" in failure.error


# Python runs the hook where nobody can watch it; so once more, by hand


@pytest.mark.parametrize(
    ("site", "event", "arguments", "is_refused"),
    [
        ("http://localhost:8000", "socket.getaddrinfo", ("localhost", 8000), True),
        ("http://localhost:8000", "socket.getaddrinfo", ("127.0.0.1", "8000"), True),
        ("http://localhost:8000", "socket.getaddrinfo", ("localhost", 8001), False),
        ("http://localhost:8000", "socket.getaddrinfo", ("localhost", None), False),
        ("http://localhost:8000", "socket.getaddrinfo", (None, 8000), False),
        ("http://localhost:8000", "socket.connect", (None, ("::1", 8000, 0, 0)), True),
        ("http://localhost:8000", "socket.connect", (None, "/a/socket"), False),
        ("http://localhost:8000", "open", ("localhost", 8000), False),
        ("http://127.0.0.1", "socket.getaddrinfo", ("localhost", "http"), True),
        ("https://example.com", "socket.getaddrinfo", (b"EXAMPLE.com.", b"https"), True),
        ("https://example.com", "socket.getaddrinfo", ("example.com", "http"), False),
        ("https://example.com", "socket.getaddrinfo", ("localhost", 443), False),
        ("https://example.com", "socket.getaddrinfo", ("www.example.com", 443), False),
    ],
)
def test_the_hook_knows_the_site(site: str, event: str, arguments: tuple[Any, ...], is_refused: bool) -> None:
    watch = Watch()
    watch(event, arguments)
    parts = urlsplit(site)
    watch.site = SiteURL(parts.scheme, parts.netloc)
    with pytest.raises(PageError, match=MESSAGE_OF_ANY) if is_refused else nullcontext():
        watch(event, arguments)
    assert (watch.refused is not None) == is_refused


# What is nobody's own site


@pytest.fixture
def server() -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"from elsewhere")

        def log_message(self, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("workers", [1, 2])
def test_another_server_may_be_asked(project: Project, server: int, workers: int) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(urllib.request.urlopen(f"http://127.0.0.1:{server}/", timeout=10).read())

    project.urls(path("", static_page(view)))
    project.built(workers=workers)
    assert project.text("index.html") == "from elsewhere"


def test_a_site_on_another_host_is_not_taken_for_the_loopback(project: Project, server: int) -> None:
    project.configure(SITE_URL=f"http://example.com:{server}")
    project.urls(asking(lambda: urllib.request.urlopen(f"http://127.0.0.1:{server}/", timeout=10).read()))
    project.built()


def test_other_kinds_of_sockets_are_left_alone(project: Project) -> None:
    def ask() -> None:
        first, second = socket.socketpair()
        first.close()
        second.close()
        with socket.socket(socket.AF_UNIX) as connection, pytest.raises(OSError, match="No such file"):
            connection.connect(str(project.base / "no.socket"))
        socket.getaddrinfo("127.0.0.1", None)
        socket.getaddrinfo(None, PORT)

    project.urls(asking(ask))
    project.built()


def test_another_program_may_be_started(project: Project) -> None:
    project.urls(asking(lambda: subprocess.run([sys.executable, "-c", ""], check=True)))
    project.built()


def test_after_the_build_nothing_is_refused(project: Project) -> None:
    project.urls(asking(by_urllib))
    assert not project.build().ok
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        project.configure(SITE_URL=f"http://localhost:{listener.getsockname()[1]}")
        project.urls(text_page("", "Home"))
        project.built()
        socket.create_connection(listener.getsockname()).close()
