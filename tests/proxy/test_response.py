"""What comes back, and what does not."""

from __future__ import annotations

import pytest

from tests.proxy.asking import Through
from tests.proxy.conftest import Serve
from tests.proxy.upstream import OK, Peer, answer

NEVER = [
    "Set-Cookie: sessionid=stolen; Path=/",
    "Set-Cookie2: a=1",
    "Access-Control-Allow-Origin: *",
    "Access-Control-Allow-Credentials: true",
    "Strict-Transport-Security: max-age=0",
    "Clear-Site-Data: *",
    "Service-Worker-Allowed: /",
    "X-Accel-Redirect: /protected/passwords",
    "X-Accel-Buffering: no",
    "X-Sendfile: /etc/passwd",
    "Alt-Svc: h3=evil.example",
    "Refresh: 0; url=http://evil.example/",
    "Connection: keep-alive, X-Secret",
    "Keep-Alive: timeout=5",
    "Proxy-Authenticate: Basic",
    "WWW-Authenticate: Basic realm=x",
    "Content-Security-Policy: default-src *",
    "X-Content-Type-Options: sniff",
    "Server: nginx/1.2.3",
    "X-Powered-By: PHP/4",
    "Trailer: X-Later",
    "Upgrade: h2c",
    "Status: 500",
    "X-Internal-Host: db7",
]
PASSING = {
    "Content-Type": "text/csv",
    "Content-Language": "pl",
    "Content-Disposition": "attachment; filename=a.csv",
    "Cache-Control": "max-age=60",
    "ETag": '"a"',
    "Last-Modified": "Tue, 01 Sep 2026 00:00:00 GMT",
    "Vary": "Accept",
    "Age": "3",
    "Retry-After": "9",
    "RateLimit-Remaining": "4",
    "X-RateLimit-Limit": "100",
    "X-Request-ID": "r",
}
ADDED = {"Content-Length": "2", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}


def listed(headers: dict[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items()]


def test_only_headers_of_a_list_come_back(serve: Serve, through: Through) -> None:
    found = through(serve(answer(*NEVER, *listed(PASSING), body=b"ok")).url)
    assert (found.status, found.body) == (200, b"ok")
    headers = {name.lower(): value for name, value in found.response.headers.items()}
    # What the project's own middleware sets on every answer.
    plain = through(serve(b"HTTP/1.1 204 No Content\r\n\r\n").url).response.headers
    own = {name.lower() for name in plain} - {name.lower() for name in ADDED}
    expected = {name.lower(): value for name, value in {**PASSING, **ADDED}.items()}
    assert {name: value for name, value in headers.items() if name not in own - expected.keys()} == {
        **expected,
        "vary": headers["vary"],
    }
    assert "Accept" in headers["vary"]
    assert not found.response.cookies


def test_a_named_header_comes_back(serve: Serve, through: Through) -> None:
    upstream = serve(answer("X-Total: 7", "X-Other: 8", "Content-Security-Policy: default-src 'none'", body=b"ok"))
    found = through(upstream.url, response_headers=["x-total", "Content-Security-Policy"])
    assert (found.get("X-Total"), found.get("X-Other")) == ("7", None)
    assert found.get("Content-Security-Policy") == "default-src 'none'"


def test_html_of_the_upstream_is_in_a_sandbox_even_if_its_policy_may_pass(serve: Serve, through: Through) -> None:
    upstream = serve(answer("Content-Type: text/html", body=b"<script>"))
    found = through(upstream.url, response_headers=["Content-Security-Policy"])
    assert found.get("Content-Security-Policy") == "sandbox"


def test_what_the_connection_header_names_does_not_come_back(serve: Serve, through: Through) -> None:
    upstream = serve(answer("Connection: X-Secret", "connection: etag", "X-Secret: 1", "ETag: a", body=b"ok"))
    found = through(upstream.url, response_headers=["X-Secret"])
    assert (found.get("X-Secret"), found.get("ETag")) == (None, None)


def test_a_challenge_comes_back_where_the_caller_can_meet_it(serve: Serve, through: Through) -> None:
    upstream = serve(answer("WWW-Authenticate: Bearer", status="401 Unauthorized"))
    assert through(upstream.url).get("WWW-Authenticate") is None
    assert through(upstream.url, request_headers=["Authorization"]).get("WWW-Authenticate") == "Bearer"


def test_values_that_are_lists_are_joined(serve: Serve, through: Through) -> None:
    upstream = serve(answer("Link: <a>; rel=next", "Link: <b>; rel=prev", "ETag: x", "ETag: x", body=b"ok"))
    found = through(upstream.url)
    assert (found.get("Link"), found.get("ETag")) == ("<a>; rel=next, <b>; rel=prev", "x")


def test_a_line_feed_cannot_bring_in_a_header(serve: Serve, through: Through) -> None:
    upstream = serve(b"HTTP/1.1 200 OK\r\nETag: a\nSet-Cookie: a=1\nX-Accel-Redirect: /x\r\nContent-Length: 0\r\n\r\n")
    found = through(upstream.url)
    assert found.get("ETag") == "a"
    assert "Set-Cookie" not in found.response.headers
    assert "X-Accel-Redirect" not in found.response.headers


def test_a_folded_line_is_one_value(serve: Serve, through: Through) -> None:
    upstream = serve(b"HTTP/1.1 200 OK\r\nLink: <a>\r\n\tX-Evil: 1\r\nContent-Length: 0\r\n\r\n")
    found = through(upstream.url)
    assert "X-Evil" not in found.response.headers
    assert "\n" not in (found.get("Link") or "")


def test_a_name_beyond_ascii_passes_as_it_came(serve: Serve, through: Through) -> None:
    raw = 'attachment; filename="Ålesund.csv"'.encode().decode("latin-1")
    found = through(serve(answer(f"Content-Disposition: {raw}", body=b"ok")).url)
    assert found.get("Content-Disposition") == raw


@pytest.mark.parametrize("lines", [[], ["Content-Type:"]])
def test_a_body_without_a_type_is_not_taken_for_html(serve: Serve, through: Through, lines: list[str]) -> None:
    found = through(serve(answer(*lines, body=b"<script>alert(1)</script>")).url)
    assert found.get("Content-Type") == "application/octet-stream"
    assert found.get("X-Content-Type-Options") == "nosniff"


@pytest.mark.parametrize("status", [200, 201, 202, 206, 400, 401, 404, 409, 418, 422, 429, 500, 503, 599])
def test_the_status_comes_back(serve: Serve, once: Through, status: int) -> None:
    found = once(serve(answer(status=f"{status} Whatever", body=b"said")).url)
    assert (found.status, found.body) == (status, b"said")


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_that_has_no_body_gets_none(serve: Serve, through: Through, status: str) -> None:
    found = through(serve(b'HTTP/1.1 %s\r\nETag: "a"\r\n\r\n' % status.encode()).url)
    assert (found.status, found.body, found.get("ETag")) == (int(status[:3]), b"", '"a"')
    assert "Content-Type" not in found.response.headers
    assert "Content-Length" not in found.response.headers


def test_head_has_the_headers_of_get(serve: Serve, through: Through) -> None:
    upstream = serve(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 123456789012\r\n\r\n")
    for style in ("handler", "GET"):
        found = through(upstream.url, method="HEAD", style=style)
        assert (found.status, found.body) == (200, b"")
        assert (found.get("Content-Type"), found.get("Content-Length")) == ("text/csv", "123456789012")
        assert upstream.last.method == "HEAD"


def test_cookies_of_the_upstream_reach_no_other_caller(serve: Serve, through: Through) -> None:
    upstream = serve(answer("Set-Cookie: sessionid=of-the-first; Path=/", body=b"ok"))
    with through.route(upstream.url) as ask:
        ask("/api/x")
        ask("/api/x")
    assert [request.get("Cookie") for request in upstream.requests] == [None, None]


def test_a_tag_of_the_upstream_is_its_own(serve: Serve, through: Through) -> None:
    assert through(serve(OK).url).get("ETag") is None
    assert through(serve(answer('ETag: "theirs"', body=b"ok")).url).get("ETag") == '"theirs"'


def test_an_encoded_body_passes_as_it_came(serve: Serve, through: Through) -> None:
    upstream = serve(answer("Content-Encoding: br", "Vary: Accept-Encoding", body=b"\x0b\x02\x80ok\x03"))
    found = through(upstream.url, headers={"Accept-Encoding": "br"})
    assert (found.get("Content-Encoding"), found.body) == ("br", b"\x0b\x02\x80ok\x03")


def test_events_are_not_waited_for(serve: Serve, through: Through) -> None:
    def live(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\n\r\n")
        peer.wait()

    found = through(serve(live).url, timeout=0.1)
    assert found.status == 200  # although no event ever comes
    assert found.error is not None
