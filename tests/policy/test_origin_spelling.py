"""Whose `Origin` it is: junk, two of them, other letters, and what a proxy says of the site's own."""

from __future__ import annotations

import httpx
import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from pytest_django import Settings

from pagesapi.asgi import get_asgi_application
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.test_origin_check import OWN, TREE, TRUSTED


@pytest.fixture(autouse=True)
def _trusted(settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [TRUSTED]


JUNK = [
    "http://testserver:",
    "http://testserver:99999",
    "http://testserver:-80",
    "http://testserver:\uff18\uff10",
    "http://testserver\t",
    "http://test\tserver",
    "http://testserver\\@evil.example",
    "http://testserver#x",
    "http://testserver?x",
    "http://testserver%2f",
    "http:testserver",
    "http:/testserver",
    "http:///testserver",
    "://testserver",
    "*",
    "http://*",
    "null null",
    "NULL",
    "undefined",
    "about:blank",
    "about:srcdoc",
    "data:text/html,x",
    "blob:http://testserver/4a1f",
    "file://testserver",
    "chrome-extension://testserver",
    "ftp://testserver",
    "ws://testserver",
    "http://testserver,http://testserver",
    "http://testserver;https://evil.example",
    "http://.testserver",
    "http://testserver..",
    "http://\uff54estserver",
    "http://tests\u0435rver",
    "https://trusted.example.evil.example",
    "https://trusted.example@evil.example",
    "https://eviltrusted.example",
    "https://sub.trusted.example",
    "http://trusted.example",
    "https://trusted.example:444",
    "https://app.example.evil.example",
    "https://app.example:8443",
    "x" * 10_000,
    "http://" + "a." * 5_000,
]


@pytest.mark.parametrize("origin", JUNK, ids=range(len(JUNK)))
def test_junk_is_another_site(ask: Ask, origin: str) -> None:
    value = origin.encode().decode("latin-1")
    with route_tree(TREE):
        for path in ("/api/none", "/api/app", "/api/credentials"):
            response = ask(path, method="POST", headers={"Origin": value})
            assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
            assert len(response.content) < 12_000


def test_two_origins_are_no_origin() -> None:
    headers = [("Origin", OWN), ("Origin", "https://evil.example")]

    async def post() -> int:
        transport = httpx.ASGITransport(app=get_asgi_application())
        async with httpx.AsyncClient(transport=transport, base_url=OWN) as client:
            return (await client.post("/api/none", headers=headers)).status_code

    with route_tree(TREE):
        assert async_to_sync(post)() == 403


@pytest.mark.parametrize(
    ("trusted", "origin"),
    [
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://XN--BCHER-KVA.example"),
        ("https://*.bücher.example", "https://shop.xn--bcher-kva.example"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]:443"),
        ("chrome-extension://abcdefgh", "chrome-extension://abcdefgh"),
        ("capacitor://localhost", "capacitor://localhost"),
        ("https://TRUSTED.example:443", "https://trusted.example"),
    ],
)
def test_an_origin_is_trusted_in_every_spelling(ask: Ask, settings: Settings, trusted: str, origin: str) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [trusted]
    with route_tree(TREE):
        assert ask("/api/none", method="POST", headers={"Origin": origin}).status_code == 200
        assert ask("/api/none", method="POST", headers={"Origin": f"{origin}1"}).status_code == 403


# Behind a proxy


def ask_host(settings: Settings, **headers: str) -> int:
    settings.ALLOWED_HOSTS = ["*"]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with route_tree(TREE):
        return Client().post("/api/none", headers=named).status_code


def test_what_a_proxy_says_counts_only_where_the_project_trusts_it(settings: Settings) -> None:
    evil = {"Host": "testserver", "X_Forwarded_Host": "evil.example", "Origin": "http://evil.example"}
    assert ask_host(settings, **evil) == 403
    tls = {"Host": "testserver", "X_Forwarded_Proto": "https", "Origin": "https://testserver"}
    assert ask_host(settings, **tls) == 403
    port = {"Host": "testserver", "X_Forwarded_Port": "8443", "Origin": "http://testserver:8443"}
    assert ask_host(settings, **port) == 403


def test_host_port_and_scheme_may_all_come_from_the_proxy(settings: Settings) -> None:
    settings.USE_X_FORWARDED_HOST = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    proxy = {"Host": "10.0.0.7:8000", "X_Forwarded_Proto": "https"}
    assert ask_host(settings, **proxy, X_Forwarded_Host="shop.example", Origin="https://shop.example") == 200
    assert ask_host(settings, **proxy, X_Forwarded_Host="shop.example:8443", Origin="https://shop.example:8443") == 200
    assert ask_host(settings, **proxy, X_Forwarded_Host="shop.example:8443", Origin="https://shop.example") == 403
    assert ask_host(settings, **proxy, X_Forwarded_Host="shop.example", Origin="http://shop.example") == 403
    assert ask_host(settings, **proxy, X_Forwarded_Host="shop.example", Origin="http://10.0.0.7:8000") == 403


@pytest.mark.parametrize(("origin", "status"), [("https://testserver", 200), ("http://testserver", 403)])
def test_under_https_a_page_of_the_same_host_without_it_is_another_site(origin: str, status: int) -> None:
    with route_tree(TREE):
        assert Client().post("/api/none", headers={"Origin": origin}, secure=True).status_code == status


def test_a_proxy_that_hides_https_is_named_as_the_cure(ask: Ask, settings: Settings) -> None:
    settings.DEBUG = True
    with route_tree(TREE):
        hidden = ask("/api/none", method="POST", headers={"Origin": "https://testserver"}).json()["detail"]
        other = ask("/api/none", method="POST", headers={"Origin": "https://evil.example"}).json()["detail"]
    assert "SECURE_PROXY_SSL_HEADER" in hidden
    assert "SECURE_PROXY_SSL_HEADER" not in other
    assert "CSRF_TRUSTED_ORIGINS" in other
