"""What goes upstream, and what does not."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from tests.proxy.asking import Asked, Interface, Through, Way
from tests.proxy.conftest import Serve
from tests.proxy.upstream import OK, Peer

SECRETS = {
    "Authorization": "Bearer of-the-caller",
    "Cookie": "sessionid=1",
    "Proxy-Authorization": "Basic eDp5",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "Forwarded": "for=203.0.113.9",
    "X-Real-Ip": "203.0.113.9",
    "X-Original-Url": "/admin",
    "X-Rewrite-Url": "/admin",
    "X-Http-Method-Override": "DELETE",
    "X-Csrftoken": "a",
    "Origin": "http://testserver",
    "Referer": "http://testserver/secret",
    "Te": "trailers",
    "Upgrade": "websocket",
    "Keep-Alive": "timeout=5",
    "Expect": "100-continue",
    "Trailer": "X-Secret",
    "X-Anything": "1",
}
PASSING = {
    "Accept": "application/json",
    "Accept-Language": "pl, en;q=0.5",
    "User-Agent": "Mozilla/5.0",
    "If-None-Match": '"a"',
    "Range": "bytes=0-9",
    "Last-Event-Id": "7",
    "Idempotency-Key": "k",
    "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
}


def test_only_headers_of_a_list_are_passed_on(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    assert through(upstream.url, headers={**SECRETS, **PASSING}).status == 200
    assert upstream.last.names == {"host", "accept-encoding", *map(str.lower, PASSING)}
    for name, value in PASSING.items():
        assert upstream.last.get(name) == value
    assert upstream.last.get("Host") == upstream.url.removeprefix("http://")


def test_cookies_and_authorization_are_passed_on_where_the_file_says_so(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    through(upstream.url, headers=SECRETS, request_headers=["authorization", "Cookie"])
    assert upstream.last.get("Authorization") == "Bearer of-the-caller"
    # Django's async client sends an empty cookie along.
    assert (upstream.last.get("Cookie") or "").strip(";, ") == "sessionid=1"
    assert upstream.last.names == {"host", "accept-encoding", "authorization", "cookie"}


def test_configured_headers_win(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    through(
        upstream.url,
        headers={"Authorization": "Bearer of-the-caller", "User-Agent": "theirs"},
        request_headers=["Authorization"],
        configured={"authorization": "Bearer ours ", "User-Agent": "ours", "Host": "v"},
    )
    assert upstream.last.get("Authorization") == "Bearer ours"
    assert upstream.last.get("User-Agent") == "ours"
    assert upstream.last.get("Host") == "v"


def test_what_the_connection_header_names_is_not_passed_on(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    headers = {"Connection": "close, X-Secret,authorization, x-key", "X-Secret": "1", "Authorization": "Bearer a"}
    through(
        upstream.url,
        headers=headers,
        request_headers=["X-Secret", "Authorization"],
        configured={"X-Key": "ours"},
    )
    assert upstream.last.names == {"host", "accept-encoding", "x-key"}


def test_a_caller_who_asks_for_no_encoding_gets_none(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    through(upstream.url)
    assert upstream.last.get("Accept-Encoding") == "identity"
    through(upstream.url, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert upstream.last.get("Accept-Encoding") == "br, gzip;q=0.5"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_method_is_passed_on(serve: Serve, through: Through, method: str) -> None:
    upstream = serve(OK)
    assert through(upstream.url, method=method).status == 200
    assert upstream.last.method == method
    assert upstream.last.get("Content-Length") == ("0" if method in ("POST", "PUT", "PATCH") else None)


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DEBUG"])
def test_a_method_that_could_show_the_key_is_not_passed_on(serve: Serve, once: Through, method: str) -> None:
    upstream = serve(OK)
    found = once(upstream.url, method=method)
    assert found.status == 405
    assert found.get("Allow") == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
    assert upstream.requests == []


def test_a_body_is_passed_on_as_it_came(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    data = b'{"not": really json'
    headers = {"Content-Encoding": "x"}
    through(upstream.url, method="POST", data=data, content_type="application/json; charset=x", headers=headers)
    assert upstream.last.body == data
    assert upstream.last.get("Content-Length") == str(len(data))
    assert upstream.last.get("Content-Type") == "application/json; charset=x"
    assert upstream.last.get("Content-Encoding") == "x"


def test_a_form_is_passed_on_as_it_came(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    form = b'--b\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n1\r\n--b--\r\n'
    kind = "multipart/form-data; boundary=b"
    for style in ("handler", "POST"):
        assert through(upstream.url, method="POST", data=form, content_type=kind, style=style).status == 200
        assert (upstream.last.body, upstream.last.get("Content-Type")) == (form, kind)


def test_a_body_without_a_length_goes_in_chunks(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    data = b"x" * 100_000
    options: dict[str, Any] = {"wsgi.input": BytesIO(data), "wsgi.input_terminated": True}
    with through.route(upstream.url) as ask:
        headers = {"Transfer-Encoding": "chunked"}
        extra = options if through.way.interface == "wsgi" else {}
        assert ask("/api/x", method="POST", data=data, headers=headers, **extra).status == 200
    assert upstream.last.get("Transfer-Encoding") == "chunked"
    assert "content-length" not in upstream.last.names
    assert upstream.last.body == data


def test_a_body_of_another_length_than_announced_is_a_400(serve: Serve, through: Through) -> None:
    upstream = serve(Peer.wait, reads_bodies=False)
    with through.route(upstream.url) as ask:
        if through.way.interface == "wsgi":
            extra: dict[str, Any] = {"CONTENT_LENGTH": "10", "wsgi.input": BytesIO(b"short")}
            assert ask("/api/x", method="POST", data=b"short", **extra).status == 400
        else:  # of two lengths that contradict each other, Django makes none
            assert ask("/api/x", method="POST", data=b"short", headers={"Content-Length": "10"}).status == 400


def test_a_connection_that_carried_a_body_is_not_used_again(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    with through.route(upstream.url) as ask:
        for method in ("GET", "POST"):
            ask("/api/x", method=method, data=b"GET /admin HTTP/1.1\r\n\r\n")
            assert upstream.last.get("Connection") == "close"
    assert upstream.connections == 2


def test_a_body_beyond_the_limit_is_a_413_and_bothers_nobody_upstream(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    for style in ("handler", "POST"):
        found = through(upstream.url, method="POST", data=bytes(2000), config="body_limit='1kb'", style=style)
        assert found.status == 413
        assert b"1kb" in found.body
    assert upstream.connections == 0


def test_a_method_function_is_a_proxy_too(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    with through.route(f"{upstream.url}/users", file="[id]/[...res].py", style="GET = PUT") as ask:
        assert ask("/api/3/a/b").body == b"ok"
        assert upstream.last.target == "/users/a/b"
        assert ask("/api/3/a", method="PUT", data=b"x").body == b"ok"
        assert upstream.last.body == b"x"
        assert ask("/api/3/a", method="POST").status == 405


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_proxies_of_the_environment_are_not_used(
    serve: Serve, through: Through, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    trap, upstream = serve(OK), serve(OK)
    monkeypatch.setenv(name, trap.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert through(upstream.url).status == 200
    assert (len(upstream.requests), trap.requests) == (1, [])


def test_the_netrc_of_the_server_is_not_used(
    serve: Serve, through: Through, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("home") / ".netrc"
    file.write_text("machine 127.0.0.1 login root password secret")
    monkeypatch.setenv("NETRC", str(file))
    upstream = serve(OK)
    through(upstream.url)
    assert "authorization" not in upstream.last.names


def test_headers_may_come_from_a_function_of_the_request(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    function = "lambda req: {'X-User': req.headers['X-Name'], 'X-Host': req.get_host()}"
    with through.written(upstream.url, function) as ask:
        assert ask("/api/x", headers={"X-Name": "Ala"}).status == 200
        assert (upstream.last.get("X-User"), upstream.last.get("X-Host")) == ("Ala", "testserver")
        ask("/api/x", headers={"X-Name": "Ola"})
        assert upstream.last.get("X-User") == "Ola"


def test_a_function_whose_headers_cannot_be_sent_is_an_error_of_the_program(serve: Serve, through: Through) -> None:
    with through.written(serve(OK).url, "lambda req: {'X-Key': None}") as ask:
        assert ask("/api/x").status == 500


def test_headers_may_come_from_a_coroutine_function(serve: Serve) -> None:
    upstream = serve(OK)
    interfaces: tuple[Interface, ...] = ("wsgi", "asgi")
    for interface in interfaces:
        source = (
            "from pagesapi.proxy import aproxy\n"
            "async def headers(req):\n    user = await req.auser()\n    return {'X-User': str(user)}\n"
            f"handler = aproxy({upstream.url!r}, headers=headers)\n"
        )
        with Asked(Way("aproxy", interface), "x.py", source) as ask:
            assert ask("/api/x").status == 200
        assert upstream.last.get("X-User") == "AnonymousUser"


def test_a_header_of_the_caller_that_holds_control_characters_is_dropped(serve: Serve, through: Through) -> None:
    upstream = serve(OK)
    through(upstream.url, headers={"User-Agent": "a\r\nX-Evil: 1", "Accept": "é"})
    assert upstream.last.names == {"host", "accept-encoding", "accept"}
