"""Paths that a browser may be given: one spelling is served, the others lead to it."""

import pytest

from tests.servers.kinds import RUNSERVER, VERCEL_WSGI
from tests.servers.running import Server

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/api//echo", "/api/echo"),
        ("/api///echo?a=1&b=//2", "/api/echo?a=1&b=//2"),
        ("/api/echo//", "/api/echo/"),
        ("/api/echo/", "/api/echo"),
        ("/api/echo/?a=1&b=%2F", "/api/echo?a=1&b=%2F"),
        ("/api/items/7/", "/api/items/7"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_another_spelling_leads_to_the_one(server: Server, target: str, location: str, method: str) -> None:
    with server.connect() as connection:
        answer = connection.request(method, target)
        assert (answer.status, answer.head.get("Location")) == (308, location)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_two_slashes_in_front_lead_to_one(server: Server, method: str) -> None:
    with server.connect() as connection:
        answer = connection.request(method, "//api/echo")
        if server.kind in {RUNSERVER, VERCEL_WSGI}:
            # Python's http.server takes the second slash away itself, before any application sees the path.
            assert answer.status == 200
        else:
            assert (answer.status, answer.head.get("Location")) == (308, "/api/echo")


@pytest.mark.parametrize(
    "target",
    ["//evil.example/..//api/echo/", "/api//evil.example/", "///evil.example", "/\\evil.example/api//echo"],
)
def test_no_spelling_leads_to_another_host(server: Server, target: str) -> None:
    with server.connect() as connection:
        location = connection.request("GET", target).head.get("Location")
        assert location is None or not location.startswith(("//", "/\\", "http"))


def test_the_redirect_keeps_the_body_s_method(server: Server) -> None:
    with server.connect() as connection:
        headers = {"Content-Type": "application/json"}
        answer = connection.request("POST", "/api/echo/", headers, b'{"a": 1}')
        assert answer.status == 308
        followed = connection.request("POST", answer.head.get("Location") or "", headers, b'{"a": 1}')
        assert (followed.json()["method"], followed.json()["body"]) == ("POST", {"a": 1})
