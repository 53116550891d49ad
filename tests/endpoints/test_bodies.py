"""Bodies that others have read, that are cut off, that have no length."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase
from django.test import Client

from pagesapi.asgi import CountedBody, get_asgi_application
from pagesapi.exceptions import HTTPError
from pagesapi.http.body import Limit, LimitedStream, readable
from pagesapi.testing import route_tree

GetResponse = Callable[[HttpRequest], HttpResponseBase]
ECHO = "def handler(req, res): res.json([req.body, req.raw.decode(), sorted(req.files)])"


def reading(attribute: str) -> Any:
    """A middleware that reads a request's body before the endpoint does."""

    def middleware(
        get_response: GetResponse,
    ) -> GetResponse:
        def call(request: HttpRequest) -> HttpResponseBase:
            getattr(request, attribute)
            return get_response(request)

        return call

    return middleware


read_body, read_form = reading("body"), reading("POST")


def read_stream(get_response: GetResponse) -> GetResponse:
    def call(request: HttpRequest) -> HttpResponseBase:
        request.read()
        return get_response(request)

    return call


@pytest.mark.parametrize("name", ["read_body", "read_form"])
def test_what_a_middleware_has_read_is_used(client: Client, settings: Any, name: str) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.{name}"]
    with route_tree({"a.py": ECHO}):
        plain = client.post("/api/a", {"a": "1"}, content_type="application/json")
        form = client.post("/api/a", {"a": "1", "file": SimpleUploadedFile("x.txt", b"x")})
    assert plain.json() == [{"a": "1"}, '{"a": "1"}', []]
    assert form.json()[0] == {"a": "1"}
    assert form.json()[2] == ["file"]


def test_a_body_that_a_middleware_has_read_and_not_kept_is_an_error(settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.read_stream"]
    client = Client(raise_request_exception=False)
    with route_tree({"a.py": ECHO}):
        assert client.post("/api/a", {"a": 1}, content_type="application/json").status_code == 500


def wsgi(path: str, stream: Any, **environ: Any) -> tuple[str, bytes]:
    """Ask as a server does; gives the status line and the body."""
    for signal in (request_started, request_finished):  # a test client has connected it again
        signal.disconnect(close_old_connections)
    started: list[str] = []
    base = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": stream,
    }
    response: Any = WSGIHandler()({**base, **environ}, lambda status, headers: started.append(status))
    body = b"".join(response)
    response.close()
    return started[0], body


class Broken(BytesIO):
    def read(self, *args: Any) -> bytes:
        raise ConnectionResetError


@pytest.mark.parametrize("stream", [BytesIO(b"only this"), Broken()], ids=["ended", "broken"])
@pytest.mark.parametrize("source", [ECHO, "def POST(request): return request.api.raw"], ids=["handler", "function"])
def test_a_connection_that_breaks_is_a_400(stream: Any, source: str) -> None:
    with route_tree({"a.py": source}):
        status, body = wsgi("/api/a", stream, CONTENT_LENGTH="1000", CONTENT_TYPE="text/plain")
    assert status == "400 Bad Request"
    assert b"could not be read" in body


READS = {
    "body": "len(request.body)",
    "read": "len(request.read())",
    "api": "len(request.api.raw)",
    "lines": "sum(map(len, request))",
    "pieces": "len(request.read(3) + request.readline(2) + request.readline() + request.read())",
}


@pytest.mark.parametrize("code", READS.values(), ids=READS.keys())
def test_a_function_reads_a_chunked_body_from_djangos_request(code: str) -> None:
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    source = f"from pagesapi import RouteConfig\nconfig = RouteConfig(body_limit=10)\ndef POST(request): return {code}"
    with route_tree({"a.py": source}):
        assert wsgi("/api/a", BytesIO(b"ab\ncdefghi"), **chunked) == ("200 OK", b"10")
        status, body = wsgi("/api/a", BytesIO(b"ab\ncdefghij"), **chunked)
        assert (status.split()[0], b"limit of 10 bytes" in body) == ("413", True)
        assert wsgi("/api/a", BytesIO(b"x"), HTTP_TRANSFER_ENCODING="chunked")[0].split()[0] == "411"


def test_a_length_that_is_no_number_is_none() -> None:
    with route_tree({"a.py": ECHO}):
        assert wsgi("/api/a", BytesIO(b"x"), CONTENT_LENGTH="many")[0] == "200 OK"


def test_a_type_that_runserver_invents_is_none() -> None:
    with route_tree({"a.py": "def handler(req, res): res.json(req.body)"}):
        invented = wsgi("/api/a", BytesIO(), CONTENT_TYPE="text/plain", SERVER_SOFTWARE="WSGIServer/0.2")
        sent = wsgi("/api/a", BytesIO(), CONTENT_TYPE="text/plain")
    assert (invented[1], sent[1]) == (b"{}", b'""')


async def asgi(scope: dict[str, Any], messages: list[dict[str, Any]], application: Any = None) -> tuple[int, bytes]:
    base = {"type": "http", "method": "POST", "path": "/api/a", "query_string": b"", "http_version": "2"}
    headers = [(b"host", b"testserver"), *scope.get("headers", [])]
    application = application or get_asgi_application()
    communicator: Any = ApplicationCommunicator(application, {**base, "headers": headers})  # type: ignore[no-untyped-call]
    for message in messages:
        await communicator.send_input({"type": "http.request", **message})
    start = await communicator.receive_output(20)
    body = b""
    while True:
        part = await communicator.receive_output(20)
        body += part["body"]
        if not part.get("more_body"):
            await communicator.wait(20)
            return start["status"], body


HANDLER = "from pagesapi import RouteConfig\nconfig = RouteConfig(body_limit=4)\ndef handler(req, res): return req.raw"
FUNCTION = (
    "from pagesapi import RouteConfig\nconfig = RouteConfig(body_limit=4)\ndef POST(request): return request.body"
)


@pytest.mark.parametrize("source", [HANDLER, FUNCTION], ids=["handler", "function"])
def test_http_2_needs_no_length_for_a_body_or_its_limit(source: str) -> None:
    with route_tree({"a.py": source}):
        small = asyncio.run(asgi({}, [{"body": b"ab", "more_body": True}, {"body": b"cd"}]))
        large = asyncio.run(asgi({}, [{"body": b"ab", "more_body": True}, {"body": b"cde", "more_body": True}]))
        none = asyncio.run(asgi({}, [{"body": b""}]))
    assert small == (200, b"abcd")
    assert large[0] == 413
    assert none == (200, b"")


@pytest.mark.parametrize("code", ["request.api.raw", "request.body"])
def test_djangos_own_application_has_the_limit_when_it_has_spooled_the_body(code: str) -> None:
    source = f"from pagesapi import RouteConfig\nconfig = RouteConfig(body_limit=4)\ndef POST(request): return {code}"
    scope = {"headers": [(b"transfer-encoding", b"chunked")]}
    with route_tree({"a.py": source}):
        small = asyncio.run(asgi(scope, [{"body": b"abcd"}], ASGIHandler()))
        large = asyncio.run(asgi(scope, [{"body": b"abcde"}], ASGIHandler()))
    assert small == (200, b"abcd")
    assert large[0] == 413


def test_an_announced_length_is_refused_before_a_byte_is_received() -> None:
    with route_tree({"a.py": HANDLER}):
        status, body = asyncio.run(asgi({"headers": [(b"content-length", b"5")]}, []))
    assert status == 413
    assert b"limit of 4 bytes" in body


def test_a_length_that_is_no_number_does_not_open_the_limit() -> None:
    with route_tree({"a.py": HANDLER}):
        scope = {"headers": [(b"content-length", b"many")]}
        status, _ = asyncio.run(asgi(scope, [{"body": b"abcde", "more_body": True}]))
    assert status == 413


def test_what_a_client_still_sends_is_dropped_until_it_leaves() -> None:
    async def main() -> tuple[int, str]:
        messages = iter(
            [
                {"type": "http.request", "body": b"abcde", "more_body": True},
                {"type": "http.request", "body": b"more", "more_body": True},
                {"type": "http.disconnect"},
            ]
        )

        async def receive() -> Any:
            return next(messages)

        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope: dict[str, Any] = {"headers": []}
        body = CountedBody(scope, receive, limit=4)
        assert (await body())["more_body"] is False
        left = asyncio.ensure_future(body())
        await asyncio.sleep(0)
        assert not left.done()  # nothing is asked for before the answer
        await body.noticing_answers(send)({"type": "http.response.start", "status": 413})
        return sent[0]["status"], (await left)["type"]

    assert asyncio.run(main()) == (413, "http.disconnect")


def test_a_client_that_leaves_before_its_body_is_there_is_told_so_to_django() -> None:
    async def main() -> Any:
        async def receive() -> Any:
            return {"type": "http.disconnect"}

        return await CountedBody({"headers": []}, receive, limit=4)()

    assert asyncio.run(main()) == {"type": "http.disconnect"}


def test_a_limited_stream_is_a_stream_to_others() -> None:
    stream = LimitedStream(BytesIO(b"abc"), Limit(10, "10"))
    assert stream.readable()
    assert (stream.read(None), stream.read()) == (b"abc", b"")


def test_json_that_is_nested_deeper_than_python_calls_itself_is_refused() -> None:
    value: list[Any] = []
    for _ in range(5_000):  # msgspec, which is no Python, reads it
        value = [value]
    with pytest.raises(HTTPError, match="nested too deep"):
        readable(value)
