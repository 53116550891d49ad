"""Redirects of the upstream: never to another place than the configured URL."""

from __future__ import annotations

import pytest

from tests.proxy.asking import Through
from tests.proxy.conftest import Serve
from tests.proxy.upstream import OK, Upstream, answer

CATCH_ALL = "p/[[...path]].py"


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(f"Location: {location}", status=status, body=b"moved")


# "{url}" is the upstream, "{port}" its port; the configured URL is "{url}/v1?key=ours".
ELSEWHERE = [
    "http://evil.example/v1/a",
    "//evil.example/v1/a",
    "http://127.0.0.1:1/v1/a",
    "http://localhost:{port}/v1/a",
    "https://127.0.0.1:{port}/v1/a",
    "http://user@127.0.0.1:{port}/v1/a",
    "{url}@evil.example/v1/a",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "gopher://127.0.0.1:{port}/v1/a",
    "http://[/v1",
    "http://a:b/v1",
    "http://xn--/v1",
    "http://0x7f.1:{port}/v1",
    "http://[::1]:{port}/v1/a",
    "http://169.254.169.254/v1/latest/meta-data",
    "/",
    "/admin",
    "/v1evil",
    "/v1/../admin",
    "/v1/%2e%2e/admin",
    "/v1/%252e%252e/admin",
    "/v1/..%2fadmin",
    "/v1/..;/admin",
    "/v1//evil.example/",
    "/v1/a\\..\\admin",
    "/\\evil.example",
]


@pytest.mark.parametrize("follow", [False, True])
@pytest.mark.parametrize("location", ELSEWHERE)
def test_a_redirect_to_another_place_is_a_502(serve: Serve, once: Through, location: str, follow: bool) -> None:
    upstream = serve(OK)
    upstream.replies.insert(0, redirect(location.format(url=upstream.url, port=upstream.port)))
    found = once(f"{upstream.url}/v1?key=ours", "/api/p/a/b", file=CATCH_ALL, follow_redirects=follow)
    assert found.status == 502
    assert "Location" not in found.response.headers
    assert len(upstream.requests) == 1


def test_a_redirect_to_a_service_beside_it_is_not_followed(serve: Serve, through: Through) -> None:
    inner, upstream = serve(OK), serve(OK)
    upstream.replies[:] = [redirect(f"{inner.url}/v1/a")]
    assert through(f"{upstream.url}/v1", follow_redirects=True).status == 502
    assert inner.connections == 0


BELOW = {
    "/v1/c": "/api/p/c",
    "{url}/v1/c?x=1&key=theirs#top": "/api/p/c?x=1#top",
    "c": "/api/p/a/c",
    "../c": "/api/p/c",
    "?page=2": "/api/p/a/b?page=2",
    "": "/api/p/a/b",
    "/v1": "/api/p",
    "/v1/c/": "/api/p/c/",
    "/v1/%C5%BC%20x": "/api/p/%C5%BC%20x",
    "HTTP://127.0.0.1:{port}/v1/c": "/api/p/c",
}


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize(("location", "ours"), BELOW.items(), ids=BELOW)
def test_a_redirect_below_the_url_is_passed_on_with_an_address_of_ours(
    serve: Serve, once: Through, location: str, ours: str, status: str
) -> None:
    upstream = serve(OK)
    upstream.replies[:] = [redirect(location.format(url=upstream.url, port=upstream.port), status)]
    found = once(f"{upstream.url}/v1?key=ours", "/api/p/a/b", file=CATCH_ALL)
    assert (found.status, found.get("Location")) == (int(status[:3]), ours)
    assert found.body == b"moved"


def test_a_redirect_of_an_optional_catch_all_without_segments_is_passed_on(serve: Serve, through: Through) -> None:
    upstream = serve(redirect("/login"))
    assert through(upstream.url, "/api/p", file=CATCH_ALL).get("Location") == "/api/p/login"


def test_a_redirect_to_the_root_of_a_mounted_root_is_a_path(serve: Serve, through: Through) -> None:
    upstream = serve(redirect("/"))
    found = through(upstream.url, "/api/p/a", file=CATCH_ALL)
    assert found.get("Location") == "/api/p/"


def test_a_redirect_of_a_route_without_paths_has_no_address_of_ours(serve: Serve, through: Through) -> None:
    upstream = serve(redirect("/v1/c"))
    assert through(f"{upstream.url}/v1").status == 502


def test_the_address_of_what_was_made_is_given_where_it_has_one(serve: Serve, through: Through) -> None:
    upstream = serve(redirect("/v1/7", "201 Created"))
    found = through(f"{upstream.url}/v1", "/api/p", file=CATCH_ALL, method="POST", data=b"x")
    assert (found.status, found.get("Location")) == (201, "/api/p/7")
    for url in (f"{upstream.url}/v2", f"{upstream.url}/v1"):
        found = through(url, method="POST", data=b"x")
        assert (found.status, found.get("Location")) == (201, None)


def test_an_answer_of_300_or_304_without_a_location_is_passed_on(serve: Serve, through: Through) -> None:
    assert through(serve(answer(status="300 Multiple Choices", body=b"x")).url).status == 300
    upstream = serve(b'HTTP/1.1 304 Not Modified\r\nEtag: "a"\r\nLocation: http://evil.example/\r\n\r\n')
    found = through(upstream.url, headers={"If-None-Match": '"a"'})
    assert (found.status, found.get("ETag"), found.get("Location"), found.body) == (304, '"a"', None, b"")
    assert upstream.last.get("If-None-Match") == '"a"'


def test_redirects_below_the_url_are_followed_where_the_file_says_so(serve: Serve, through: Through) -> None:
    upstream = serve(redirect("/v1/b?key=theirs&x=1"), redirect("c", "307 Temporary"), redirect("/v1"), OK)
    found = through(f"{upstream.url}/v1?key=ours", follow_redirects=True, configured={"X-Key": "k"})
    assert (found.status, found.body) == (200, b"ok")
    targets = [request.target for request in upstream.requests]
    assert targets == ["/v1?key=ours", "/v1/b?key=ours&x=1", "/v1/c?key=ours", "/v1?key=ours"]
    assert {request.get("X-Key") for request in upstream.requests} == {"k"}


def test_a_redirect_to_the_root_is_followed_where_that_is_the_url(serve: Serve, through: Through) -> None:
    upstream = serve(redirect("/"), OK)
    assert through(upstream.url, follow_redirects=True).body == b"ok"
    assert upstream.last.target == "/"


def test_at_most_five_redirects_are_followed(serve: Serve, through: Through) -> None:
    upstream = serve(redirect("/v1/next"))
    assert through(f"{upstream.url}/v1", follow_redirects=True).status == 502
    assert len(upstream.requests) == 6


def test_head_is_followed_as_head(serve: Serve, through: Through) -> None:
    upstream = serve(b"HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n")
    found = through(upstream.url, method="HEAD", follow_redirects=True)
    assert (found.status, found.get("Content-Length"), found.body) == (200, "7", b"")
    assert [request.method for request in upstream.requests] == ["HEAD", "HEAD"]


def post(through: Through, upstream: Upstream) -> int:
    return through(upstream.url, method="POST", data=b"x", content_type="text/plain", follow_redirects=True).status


def test_see_other_is_followed_by_get(serve: Serve, through: Through) -> None:
    upstream = serve(redirect("/done", "303 See Other"), OK)
    assert post(through, upstream) == 200
    assert (upstream.last.method, upstream.last.target, upstream.last.body) == ("GET", "/done", b"")
    assert not {"content-type", "content-length", "transfer-encoding"} & upstream.last.names


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_no_other_redirect_of_a_post_is_followed(serve: Serve, once: Through, status: str) -> None:
    upstream = serve(redirect("/done", status), OK)
    assert post(once, upstream) == 502
    assert len(upstream.requests) == 1
