"""What the function does with what Vercel's runtime makes of a request."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import override_settings

from pagesapi.deploy.vercel import ASGIFunction, WSGIFunction, make_application, mend
from pagesapi.deploy.vercel_names import LONGEST_NAME, is_possible, name_of, url_of
from pagesapi.exceptions import DeployError
from tests.deploy.conftest import Become

Environ = dict[str, Any]
# As the runtime makes it of `GET /api/caf%C3%A9?q=1`.
MADE: Environ = {
    "CONTENT_LENGTH": "0",
    "CONTENT_TYPE": "",
    "SCRIPT_NAME": "",
    "PATH_INFO": "/api/caf%C3%A9",
    "QUERY_STRING": "q=1",
    "REMOTE_ADDR": "203.0.113.7",
    "REQUEST_METHOD": "GET",
    "SERVER_NAME": "example.com",
    "SERVER_PORT": "443",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.input": io.BytesIO(),
    "wsgi.multithread": False,
    "wsgi.url_scheme": "https",
    "HTTP_HOST": "example.com",
    "HTTP_X_FORWARDED_FOR": "203.0.113.7",
    "HTTP_X_FORWARDED_PORT": "443",
    "HTTP_X_FORWARDED_PROTO": "https",
}


def mended(**changes: Any) -> Environ:
    environ = {**MADE, **changes}
    mend(environ)
    return environ


@pytest.mark.parametrize(
    ("given", "key", "expected"),
    [
        ({}, "PATH_INFO", "/api/caf\xc3\xa9"),
        ({"PATH_INFO": "/\xc3\x83\xc2\xa9"}, "PATH_INFO", "/\xc3\xa9"),  # bytes that nobody encoded
        ({"PATH_INFO": "/%FF%25"}, "PATH_INFO", "/\xff%"),
        ({"QUERY_STRING": "\xc3\x83\xc2\xa9"}, "QUERY_STRING", "\xc3\xa9"),
        ({"CONTENT_TYPE": "text/plain; x=\xc3\x83\xc2\xa9"}, "CONTENT_TYPE", "text/plain; x=\xc3\xa9"),
        ({}, "CONTENT_TYPE", None),
        ({}, "CONTENT_LENGTH", None),
        ({"HTTP_CONTENT_LENGTH": "0"}, "CONTENT_LENGTH", "0"),
        ({"CONTENT_LENGTH": "5"}, "CONTENT_LENGTH", "5"),
        ({"HTTP_CONTENT_TYPE": "text/html"}, "HTTP_CONTENT_TYPE", None),
        ({"SERVER_NAME": "example.com:8443"}, "SERVER_NAME", "example.com"),
        ({"SERVER_NAME": "[::1]:80"}, "SERVER_NAME", "::1"),
        ({"SERVER_NAME": "["}, "SERVER_NAME", "localhost"),
        ({"HTTP_X_FORWARDED_FOR": "forged"}, "HTTP_X_FORWARDED_FOR", "203.0.113.7"),
        ({"HTTP_X_FORWARDED_PROTO": "http"}, "HTTP_X_FORWARDED_PROTO", "https"),
        ({"REMOTE_ADDR": "6.6.6.6, 203.0.113.7"}, "REMOTE_ADDR", "203.0.113.7"),
        ({"REMOTE_ADDR": None}, "REMOTE_ADDR", ""),
        ({"wsgi.url_scheme": "gopher"}, "wsgi.url_scheme", "http"),
        ({}, "wsgi.multithread", True),
    ],
)
def test_the_environ_is_as_django_expects_it(given: Environ, key: str, expected: Any) -> None:
    assert mended(**given).get(key) == expected


def test_a_port_that_nobody_names_is_that_of_the_scheme() -> None:
    environ = {key: value for key, value in MADE.items() if key != "HTTP_X_FORWARDED_PORT"} | {"SERVER_PORT": "80"}
    mend(environ)
    assert environ["SERVER_PORT"] == "443"


class Body:
    def __init__(self) -> None:
        self.is_closed = False

    def __iter__(self) -> Any:
        return iter([b"body"])

    def close(self) -> None:
        self.is_closed = True


def asked(
    body: Iterable[bytes], status: str = "200 OK", *, is_kept: bool = False, **changes: Any
) -> tuple[Environ, bytes]:
    seen: Environ = {}

    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ)
        start_response(status, [])
        return body

    started: list[Any] = []
    answer = WSGIFunction(application, is_kept=is_kept)({**MADE, **changes}, lambda *given: started.append(given))
    assert started == [(status, [], None)]
    return seen, b"".join(answer)


def test_an_answer_has_its_body() -> None:
    assert asked(Body())[1] == b"body"


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")]
)
def test_a_body_that_nobody_may_send_is_closed_unsent(method: str, status: str) -> None:
    body = Body()
    assert asked(body, status, REQUEST_METHOD=method)[1] == b""
    assert body.is_closed
    assert asked([b"no close()"], status, REQUEST_METHOD=method)[1] == b""


@override_settings(FORCE_SCRIPT_NAME="/app")
@pytest.mark.parametrize(
    ("path", "expected"), [("/app/blog/", "/blog/"), ("/app", ""), ("/apple", "/apple"), ("/blog/", "/blog/")]
)
def test_a_script_name_is_no_part_of_the_path(path: str, expected: str) -> None:
    assert asked([], PATH_INFO=path)[0]["PATH_INFO"] == expected


@override_settings(FORCE_SCRIPT_NAME="/app")
def test_a_kept_page_of_a_site_below_a_path_is_found_by_its_name() -> None:
    assert asked([], PATH_INFO="/_pagesapi/slash/app/blog.html", is_kept=True)[0]["PATH_INFO"] == "/blog/"


@override_settings(PAGESAPI={"SITE_URL": "https://site.example"}, SECURE_PROXY_SSL_HEADER=("HTTP_X_SECURE", "yes"))
def test_a_kept_page_is_made_for_nobody() -> None:
    personal = {"HTTP_COOKIE": "a=1", "HTTP_AUTHORIZATION": "x", "HTTP_ACCEPT_ENCODING": "gzip"}
    seen, _ = asked([], is_kept=True, PATH_INFO="/_pagesapi/plain/caf%C3%A9.html", **personal)
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/caf\xc3\xa9", "")
    assert {key: value for key, value in seen.items() if key.startswith("HTTP_")} == {
        "HTTP_HOST": "site.example",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_SECURE": "yes",
    }
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"], seen["REMOTE_ADDR"]) == ("site.example", "443", "127.0.0.1")


# ASGI

SCOPE: dict[str, Any] = {
    "type": "http",
    "scheme": "https",
    "path": "/about/",
    "raw_path": b"/about/",
    "query_string": b"q=1",
    "server": ("127.0.0.1", 33333),
    "headers": [(b"host", b"example.com:8443"), (b"cookie", b"a=1"), (b"x-forwarded-proto", b"https")],
}


def scope_of(*, is_kept: bool = False, **changes: Any) -> tuple[dict[str, Any], list[Any]]:
    seen: dict[str, Any] = {}
    sent: list[Any] = []

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.update(scope)

    async def receive() -> dict[str, Any]:
        return {}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async_to_sync(ASGIFunction(application, is_kept=is_kept))({**SCOPE, **changes}, receive, send)
    return seen, sent


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([(b"host", b"example.com:8443")], ("example.com", 443)),
        ([(b"host", b"example.com"), (b"x-forwarded-port", b"8443")], ("example.com", 8443)),
        ([(b"host", b"["), (b"x-forwarded-port", b"x")], ("localhost", 443)),
        ([], ("localhost", 443)),
    ],
)
def test_the_server_is_the_sites(headers: list[tuple[bytes, bytes]], expected: tuple[str, int]) -> None:
    seen, _ = scope_of(headers=headers)
    assert (seen["server"], seen["path"], seen["query_string"]) == (expected, "/about/", b"q=1")


@override_settings(PAGESAPI={"SITE_URL": "https://site.example"})
def test_a_kept_page_is_made_for_nobody_under_asgi() -> None:
    seen, _ = scope_of(
        is_kept=True, path="/_pagesapi/slash/größe.html", raw_path=b"/_pagesapi/slash/gr%C3%B6%C3%9Fe.html"
    )
    assert (seen["path"], seen["raw_path"], seen["query_string"]) == ("/größe/", b"/gr%C3%B6%C3%9Fe/", b"")
    assert seen["headers"] == [(b"host", b"site.example"), (b"x-forwarded-proto", b"https")]
    assert (seen["scheme"], seen["server"], seen["client"]) == ("https", ("site.example", 443), ("127.0.0.1", 0))
    assert scope_of(is_kept=True)[0]["raw_path"] == b"/about/"


def test_what_is_no_request_is_passed_on_and_a_websocket_is_refused() -> None:
    assert scope_of(type="lifespan")[0]["server"] == ("127.0.0.1", 33333)
    seen, sent = scope_of(type="websocket")
    assert (seen, sent) == ({}, [{"type": "websocket.close", "code": 1000}])


def test_a_body_of_two_lengths_is_refused() -> None:
    headers = [(b"content-length", b"3"), (b"transfer-encoding", b"chunked")]
    seen, sent = scope_of(headers=headers)
    assert (seen, sent[0]["status"]) == ({}, 400)
    assert json.loads(sent[1]["body"])["status"] == 400


@pytest.mark.parametrize(("interface", "kind"), [("wsgi", WSGIFunction), ("asgi", ASGIFunction)])
def test_an_application_knows_whether_its_answers_are_kept(become: Become, interface: Any, kind: type[Any]) -> None:
    become("pages")
    application = make_application(interface)
    assert isinstance(application, kind)
    assert application.is_kept


# Names


@pytest.mark.parametrize("url", ["/", "/blog/", "/about", "/feed.xml", "/app/blog/größe/", "/a.html", "/a.html/"])
def test_a_name_is_the_urls_alone(url: str) -> None:
    assert url_of(f"/{name_of(url)}") == url
    assert url_of(url) == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/blog/", True),
        ("/a.func/b", False),
        ("/a.html/b", False),
        ("/a.func", True),
        ("/" + "ü" * (LONGEST_NAME // 2), False),
    ],
)
def test_a_name_that_vercel_would_take_for_something_else_is_not_written(url: str, expected: bool) -> None:
    assert is_possible(name_of(url)) is expected


def test_an_application_may_be_a_generator() -> None:
    def application(environ: Environ, start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        yield b"generated"

    given = dict(MADE)
    assert b"".join(WSGIFunction(application, is_kept=False)(given, lambda *answer: None)) == b"generated"


@override_settings(PAGESAPI={}, DEBUG=False)
def test_a_kept_page_needs_the_address_of_its_site() -> None:
    with pytest.raises(DeployError, match=r'Set PAGESAPI\["SITE_URL"\]'):
        asked([], is_kept=True)
