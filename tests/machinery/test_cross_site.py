"""Who may change something: told by `Sec-Fetch-Site` and `Origin`, without a token."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask

TREE = {
    "echo.py": "def handler(req, res): res.send(req.method)",
    "methods.py": "def GET(request): return 1\nasync def POST(request): return 1\n",
    "hook.py": """
        from pagesapi import RouteConfig
        config = RouteConfig(csrf=False)
        def handler(req, res): res.send("ok")
    """,
}
# (Sec-Fetch-Site, Origin) on a request to http://testserver
PASS = [
    (None, None),
    ("same-origin", None),
    ("none", None),
    ("same-origin", "http://testserver"),
    (None, "http://testserver"),
    (None, "http://TestServer"),
    (None, "HTTP://testserver"),
    (None, "http://testserver:80"),
    ("cross-site", "https://app.example"),
    ("same-site", "https://app.example"),
    (None, "https://app.example"),
    (None, "https://APP.example:443"),
    (None, "https://a.wild.example"),
    (None, "https://a.b.wild.example"),
    (None, "https://wild.example"),
    (None, "http://[::1]:8000"),
    (None, "https://port.example:8443"),
]
REFUSED = [
    ("cross-site", None),
    ("same-site", None),
    ("cross-site", "https://evil.example"),
    ("unknown", None),
    ("", None),
    (None, ""),
    (None, "null"),
    ("cross-site", "null"),
    (None, "https://testserver"),
    (None, "http://testserver:8000"),
    (None, "http://testserver.evil.example"),
    (None, "http://eviltestserver"),
    (None, "http://testserver@evil.example"),
    (None, "http://user@testserver"),
    (None, "http://testserver/"),
    (None, "http://testserver/path"),
    (None, "http://testserver, http://evil.example"),
    (None, "http://testserver http://evil.example"),
    (None, "http://testserver."),
    (None, "testserver"),
    (None, "//testserver"),
    (None, "file://"),
    (None, "data:"),
    (None, "http://app.example"),
    (None, "https://app.example:8443"),
    (None, "https://evilwild.example"),
    (None, "http://a.wild.example"),
    (None, "https://a.wild.example.evil.example"),
    (None, "http://[::1]"),
    (None, "http://[::1"),
    (None, "http://[::2]:8000"),
    (None, "https://port.example"),
    (None, "https://testserver:99999"),
    (None, "http://testserver:x"),
    (None, "http://\x00testserver"),
]
TRUSTED = [
    "https://app.example",
    "https://*.wild.example",
    "http://[::1]:8000",
    "https://port.example:8443",
]


def headers_of(site: str | None, origin: str | None) -> dict[str, str]:
    pairs = {"Sec-Fetch-Site": site, "Origin": origin}
    return {name: value for name, value in pairs.items() if value is not None}


@pytest.fixture(autouse=True)
def _trusted(settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = TRUSTED


@pytest.mark.parametrize(("site", "origin"), PASS)
def test_the_site_itself_and_those_it_trusts_may(ask: Ask, site: str | None, origin: str | None) -> None:
    with route_tree(TREE):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert ask("/api/echo", method=method, headers=headers_of(site, origin)).content.decode() == method


@pytest.mark.parametrize(("site", "origin"), REFUSED)
def test_others_may_not(ask: Ask, site: str | None, origin: str | None) -> None:
    with route_tree(TREE):
        response = ask("/api/echo", method="POST", headers=headers_of(site, origin))
    assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
    assert response.json()["detail"].startswith("A page of another site sent this request (")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "PROPFIND"])
def test_every_method_that_is_not_safe_is_looked_at(ask: Ask, method: str) -> None:
    with route_tree(TREE):
        assert ask("/api/echo", method=method, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_reading_is_for_everybody(ask: Ask, method: str) -> None:
    with route_tree(TREE):
        response = ask("/api/echo", method=method, headers=headers_of("cross-site", "https://evil.example"))
    assert response.status_code == 200


def test_it_holds_for_method_functions_and_comes_before_405_and_a_bad_body(ask: Ask) -> None:
    evil = headers_of(None, "https://evil.example")
    with route_tree(TREE):
        assert ask("/api/methods", method="POST", headers=evil).status_code == 403
        assert ask("/api/methods", method="DELETE", headers=evil).status_code == 403
        bad = {"data": "{", "content_type": "application/json"}
        assert ask("/api/echo", method="POST", headers=evil, **bad).status_code == 403


def test_a_webhook_is_open_to_every_site(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/hook", method="POST", headers=headers_of("cross-site", "https://any.example"))
    assert response.content == b"ok"


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("[::1]:8000", "http://[::1]:8000", 200),
        ("[::1]", "http://[::1]:80", 200),
        ("[::1]:8000", "http://[::1]", 403),
        ("testserver:8000", "http://testserver:8000", 200),
        ("testserver:8000", "http://testserver", 403),
        ("TESTSERVER", "http://testserver", 200),
        ("xn--bcher-kva.example", "http://xn--bcher-kva.example", 200),
        ("xn--bcher-kva.example", "http://bücher.example", 403),
    ],
)
def test_host_and_port_are_compared(client: Client, settings: Settings, host: str, origin: str, status: int) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.CSRF_TRUSTED_ORIGINS = []
    with route_tree(TREE):
        assert client.post("/api/echo", headers={"Host": host, "Origin": origin}).status_code == status


@pytest.mark.parametrize(("origin", "status"), [("https://testserver", 200), ("http://testserver", 403)])
def test_behind_a_proxy_the_scheme_is_the_one_that_the_visitor_sees(
    client: Client, settings: Settings, origin: str, status: int
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    with route_tree(TREE):
        headers = {"Host": "testserver", "X-Forwarded-Proto": "https", "Origin": origin}
        assert client.post("/api/echo", headers=headers).status_code == status


def test_behind_a_proxy_the_host_is_the_one_that_the_visitor_sees(client: Client, settings: Settings) -> None:
    settings.USE_X_FORWARDED_HOST = True
    settings.ALLOWED_HOSTS = ["shop.example"]
    with route_tree(TREE):
        headers = {"X-Forwarded-Host": "shop.example", "Origin": "http://shop.example"}
        assert client.post("/api/echo", headers=headers).status_code == 200


def test_a_host_that_is_not_allowed_is_a_400(client: Client) -> None:
    with route_tree(TREE):
        response = client.post("/api/echo", headers={"Host": "evil.example", "Origin": "http://evil.example"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


CURES = [
    ("http://testserver:8000", None, "RouteConfig(csrf=False)"),
    ("https://testserver", None, "SECURE_PROXY_SSL_HEADER"),
    ("null", None, "no origin that could be named"),
    (None, None, "CSRF_TRUSTED_ORIGINS"),
    ("https://in.example", "a=1", "Cors(credentials=True)"),
    ("https://in.example", None, "not PUT in methods"),
]


@pytest.mark.parametrize(("origin", "cookie", "cure"), CURES)
def test_the_cure_is_for_the_log_and_in_debug_for_the_caller(
    ask: Ask, settings: Settings, records: list[Any], origin: str | None, cookie: str | None, cure: str
) -> None:
    source = """
        from pagesapi import Cors, RouteConfig
        config = RouteConfig(cors=Cors(["https://in.example"], methods=["GET", "POST"]))
        def handler(req, res): res.send("ok")
    """
    given = {"Sec-Fetch-Site": "cross-site", "Origin": origin, "Cookie": cookie}
    headers = {name: value for name, value in given.items() if value is not None}
    method = "POST" if cookie else "PUT"
    told = []
    with route_tree({"x.py": source}):
        for settings.DEBUG in (True, False):
            told.append(cure in ask("/api/x", method=method, headers=headers).json()["detail"])
    assert told == [True, False]
    assert [(record.name, record.exc_info, record.getMessage().count(cure)) for record in records] == [
        ("django.security.csrf", None, 1)
    ] * 2
