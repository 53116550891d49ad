"""Routes without a policy of their own, and everything beside the tree: django-cors-headers, unchanged.

Each request is sent to a site with its own middleware and to one with ours, and has to get the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from corsheaders.signals import check_request_enabled
from django.conf import settings
from django.test import override_settings

from pagesapi.testing import route_tree
from tests.conformance.server import Answer, Interface, Server, asgi_server, wsgi_server
from tests.cors.promise import ALLOWED, ORIGIN, Promise, asks
from tests.cors.promised_headers import HEADERS
from tests.cors.promised_origins import ALLOWANCES

PROMISES = {**ALLOWANCES, **HEADERS}
OURS = "pagesapi.middleware.ApiMiddleware"
THEIRS = "corsheaders.middleware.CorsMiddleware"
TREE = {
    "methods.py": "def GET(request): return 1\ndef PUT(request): return 1\n",
    "handled.py": "async def handler(req, res): res.set_header('X-Answered', req.method).json(req.method)",
    "varied.py": "def handler(req, res): res.set_header('Vary', 'Cookie').json(1)",
    "teapot.py": "from pagesapi import HTTPError\ndef handler(req, res): raise HTTPError(418, 'Short and stout')",
    "stream.py": "def handler(req, res): res.stream([b'a', b'b'])",
    "own.py": "def handler(req, res): res.set_header('Access-Control-Allow-Origin', 'https://own.example').json(1)",
    "boom.py": "def handler(req, res): raise RuntimeError('boom')",
}
# Without a final slash: CommonMiddleware's APPEND_SLASH. Nothing at all: the 404 page.
PAGES = ("/page/", "/page", "/nothing/", "/missing/", "/broken/", "/away/", "/stream/", "/own/")
ROUTES = ("/api/methods", "/api/handled", "/api/varied", "/api/teapot", "/api/stream", "/api/own")
# Here ours answers otherwise, with a problem document or a redirect; its CORS headers are theirs all the same.
EXPLAINED = ("/api/nothing", "/api/boom", "/api/methods/")


@contextmanager
def site(
    middleware: str, interface: Interface, promise: Promise, below: str | None = None
) -> Iterator[Callable[[str], Answer]]:
    """A project with one of the two middlewares on top, or `below` another; asked for a path as the promise says."""
    others = [name for name in settings.MIDDLEWARE if name not in (OURS, THEIRS)]
    place = 0 if below is None else others.index(below) + 1
    stack = [*others[:place], middleware, *others[place:]]
    plain = {"ALLOWED_HOSTS": ["localhost"], "DEBUG": False, "ROOT_URLCONF": "tests.cors.site_urls"}
    with override_settings(**plain, **promise.settings, MIDDLEWARE=stack), receiving(promise), route_tree(TREE):
        server: Server = wsgi_server() if interface == "wsgi" else asgi_server()
        headers = {**promise.headers} if promise.origin is None else {"Origin": promise.origin, **promise.headers}
        yield lambda path: server(promise.method, path, headers)


@contextmanager
def receiving(promise: Promise) -> Iterator[None]:
    for receiver in promise.receivers:
        check_request_enabled.connect(receiver)
    yield
    for receiver in promise.receivers:
        check_request_enabled.disconnect(receiver)


def whole(answer: Answer) -> tuple[Any, ...]:
    return (answer.status, answer.reason, sorted(answer.fields), answer.body, answer.cut_off)


def cors_fields(answer: Answer) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.fields if name.startswith("access-control-"))


def varies_by(answer: Answer) -> set[str]:
    return {name.strip().lower() for name in (answer.header("vary") or "").split(",")} - {""}


def keeps(promise: Promise, answer: Answer) -> None:
    for name, value in promise.gives.items():
        if name == "Vary":
            assert ("origin" in varies_by(answer)) == (value == "origin")
        else:
            assert answer.header(name.lower()) == value, (name, answer.fields)


def compared(method: str, path: str, answer: Answer) -> Any:
    if path in EXPLAINED:
        return cors_fields(answer), "origin" in varies_by(answer)
    if path in ROUTES and method == "HEAD":
        return whole(replace(answer, body=b""))  # which servers would drop
    if path in ROUTES and answer.status == 204:
        return whole(replace(answer, fields=tuple(each for each in answer.fields if each[0] != "content-length")))
    return whole(answer)


@pytest.mark.parametrize("interface", ["wsgi", "asgi"])
@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
def test_what_corsheaders_promises_holds_with_our_middleware(promise: Promise, interface: Interface) -> None:
    paths, method = (*PAGES, *ROUTES, *EXPLAINED), promise.method
    with site(THEIRS, interface, promise) as ask:
        keeps(promise, ask("/page/"))
        expected = {path: compared(method, path, ask(path)) for path in paths}
    with site(OURS, interface, promise) as ask:
        assert {path: compared(method, path, ask(path)) for path in paths} == expected


UNANSWERED: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no origin": {"CORS_ALLOWED_ORIGINS": [], "CORS_ALLOWED_ORIGIN_REGEXES": [], "CORS_ALLOW_ALL_ORIGINS": False},
    "no setting that allows": {"CORS_ALLOW_CREDENTIALS": True, "CORS_ALLOW_METHODS": ["GET"]},
}


@pytest.mark.parametrize("interface", ["wsgi", "asgi"])
@pytest.mark.parametrize("settings_of_nobody", UNANSWERED.values(), ids=UNANSWERED)
def test_one_departure_where_nobody_may_call_a_preflight_reaches_the_routes_own_options(
    settings_of_nobody: dict[str, Any], interface: Interface
) -> None:
    promise = Promise(settings=settings_of_nobody, **asks("PUT"), gives={})
    with site(THEIRS, interface, promise) as ask:
        assert {whole(ask(path))[3] for path in (*PAGES, *ROUTES, *EXPLAINED)} == {b""}
        pages = {path: whole(ask(path)) for path in (*PAGES, "/api/nothing")}
    with site(OURS, interface, promise) as ask:
        assert {path: whole(ask(path)) for path in (*PAGES, "/api/nothing")} == pages
        methods, handled = ask("/api/methods"), ask("/api/handled")
        answers = [ask(path) for path in (*ROUTES, *EXPLAINED) if path != "/api/own"]
    assert (methods.status, methods.header("allow")) == (204, "GET, HEAD, OPTIONS, PUT")
    assert (handled.status, handled.header("x-answered")) == (200, "OPTIONS")
    for answer in answers:
        assert cors_fields(answer) == []
        assert "origin" in varies_by(answer)


@pytest.mark.parametrize("interface", ["wsgi", "asgi"])
@pytest.mark.parametrize("agent", ["curl", "Bad-Robot"])
def test_what_a_middleware_above_answers_has_headers_from_neither(interface: Interface, agent: str) -> None:
    robots = {"DISALLOWED_USER_AGENTS": [re.compile("^Bad")]}
    promise = Promise(settings={**ALLOWED, **robots}, headers={"User-Agent": agent}, gives={})
    common, answers = "django.middleware.common.CommonMiddleware", []
    for middleware in (THEIRS, OURS):
        with site(middleware, interface, promise, below=common) as ask:
            answers.append({path: whole(ask(path)) for path in PAGES})
            assert ask("/page/").header("access-control-allow-origin") == (ORIGIN if agent == "curl" else None)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("interface", ["wsgi", "asgi"])
@pytest.mark.parametrize("option", ["SECURE_SSL_REDIRECT", "PREPEND_WWW"])
def test_what_a_middleware_below_answers_has_headers_from_both(interface: Interface, option: str) -> None:
    promise = Promise(settings={**ALLOWED, option: True}, gives={})
    answers = []
    for middleware in (THEIRS, OURS):
        with site(middleware, interface, promise) as ask:
            answers.append({path: whole(ask(path)) for path in (*PAGES, *ROUTES)})
            assert (ask("/page/").status, ask("/page/").header("access-control-allow-origin")) == (301, ORIGIN)
    assert answers[0] == answers[1]
