"""Every kind of answer of a route with a policy carries its headers: errors, redirects, streams, 304s."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.cors.conftest import UseMiddleware
from tests.cors.telling import APP, EVIL, may_read, preflight, told, varies_by, with_cors
from tests.machinery.asking import Ask

SECURITY = "django.middleware.security.SecurityMiddleware"
GZIP = "django.middleware.gzip.GZipMiddleware"
CONDITIONAL = "django.middleware.http.ConditionalGetMiddleware"
FOLDER = with_cors(f"Cors(origins=['{APP}'], expose_headers=['X-One'])")
TREE = {
    "_middleware.py": FOLDER,
    "echo.py": "def handler(req, res): res.json(req.body)",
    "aecho.py": "async def handler(req, res): res.json(req.body)",
    "methods.py": "def GET(request): return 1\nasync def PUT(request): return 1",
    "small.py": "from pagesapi import RouteConfig\nconfig = RouteConfig(body_limit=3)\ndef POST(request): return 1",
    "boom.py": "def GET(request): raise RuntimeError('boom')",
    "aboom.py": "async def handler(req, res): raise RuntimeError('boom')",
    "broken.py": "1 / 0",
    "teapot.py": "from pagesapi import HTTPError\ndef GET(request): raise HTTPError(418, 'Short and stout')",
    "gone.py": "from django.http import Http404\nasync def GET(request): raise Http404",
    "forbidden.py": (
        "from django.core.exceptions import PermissionDenied\ndef handler(req, res): raise PermissionDenied"
    ),
    "silent.py": "def handler(req, res): pass",
    "account/_middleware.py": "from pagesapi.guards import require_user\nmiddleware = [require_user]",
    "account/a.py": "def GET(request): return 1",
    "closed/_middleware.py": "1 / 0",
    "closed/a.py": "def GET(request): return 1",
    "away.py": "def handler(req, res): res.redirect('/elsewhere')",
    "stream.py": "def handler(req, res): res.stream([b'a', b'b'])",
    "astream.py": """
        async def GET(request):
            async def pieces():
                yield b"a"
                yield b"b"
            return pieces()
    """,
    "sse.py": "def handler(req, res): res.sse(['one', 'two'])",
    "long.py": "def GET(request): return 'long ' * 1000",
    "text.py": "def GET(request): return 'text'",
    "empty.py": "def GET(request): pass",
    "file.py": "from django.http import HttpResponse\ndef GET(request): return HttpResponse(b'as it is')",
}
JSON = {"content_type": "application/json"}
ERRORS: dict[str, tuple[int, str, str, dict[str, Any]]] = {
    "a bad body": (400, "POST", "/api/echo", {"data": "{", **JSON}),
    "a bad body, async": (400, "POST", "/api/aecho", {"data": "{", **JSON}),
    "no user": (401, "GET", "/api/account/a", {}),
    "a request of another site": (403, "POST", "/api/echo", {"headers": {"Cookie": "a=b"}}),
    "a permission": (403, "GET", "/api/forbidden", {}),
    "an unknown URL": (404, "GET", "/api/nothing", {}),
    "an unknown URL below a guard": (404, "GET", "/api/account/nothing", {}),
    "Http404": (404, "GET", "/api/gone", {}),
    "a method": (405, "DELETE", "/api/methods", {}),
    "a long body": (413, "POST", "/api/small", {"data": "[1, 2]", **JSON}),
    "a charset": (415, "POST", "/api/echo", {"data": "a", "content_type": "text/plain; charset=punycode"}),
    "one's own status": (418, "GET", "/api/teapot", {}),
    "an exception": (500, "GET", "/api/boom", {}),
    "an exception, async": (500, "GET", "/api/aboom", {}),
    "a forgotten answer": (500, "GET", "/api/silent", {}),
    "a broken file": (500, "GET", "/api/broken", {}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(("status", "method", "path", "options"), ERRORS.values(), ids=ERRORS)
def test_an_error_carries_the_headers(
    ask: Ask, settings: Settings, status: int, method: str, path: str, options: dict[str, Any], debug: bool
) -> None:
    settings.DEBUG = debug
    more = options.get("headers", {})
    with route_tree(TREE):
        for origin, headers in {
            APP: {"allow-origin": APP, "expose-headers": "X-One"},
            EVIL: {},
            "http://testserver": {},
        }.items():
            if method == "GET" or origin == APP:
                response = ask(path, method=method, **{**options, "headers": {"Origin": origin, **more}})
                assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
                assert (told(response), "origin" in varies_by(response)) == (headers, True)


@pytest.mark.parametrize("path", ["/api/boom", "/api/aboom"])
def test_djangos_technical_page_carries_them_too(ask: Ask, settings: Settings, path: str) -> None:
    settings.DEBUG = True
    with route_tree(TREE):
        response = ask(path, headers={"Origin": APP, "Accept": "text/html"})
        other = ask(path, headers={"Origin": EVIL, "Accept": "text/html"})
    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")
    assert may_read(response)
    assert told(other) == {}


@pytest.mark.django_db
def test_a_login_that_the_project_asks_for(ask: Ask, use_middleware: UseMiddleware) -> None:
    use_middleware("django.contrib.auth.middleware.LoginRequiredMiddleware")
    with route_tree(TREE):
        response = ask("/api/text", headers={"Origin": APP})
        asked = preflight(ask, "/api/text", "GET")
        assert told(ask("/api/text", headers={"Origin": EVIL})) == {}
    assert (response.status_code, may_read(response)) == (401, True)
    assert (asked.status_code, may_read(asked)) == (204, True)


def test_a_broken_policy_opens_nothing(ask: Ask, settings: Settings) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = True
    settings.CORS_ALLOW_CREDENTIALS = True
    with route_tree(TREE):
        response = ask("/api/closed/a", headers={"Origin": EVIL})
    assert response.status_code == 500
    assert told(response) == {}


# Answers that are no errors

FINE: dict[str, tuple[int, str, str]] = {
    "a redirect": (307, "GET", "/api/away"),
    "a final slash": (308, "GET", "/api/text/"),
    "a final slash and a body": (308, "POST", "/api/echo/"),
    "two slashes": (308, "GET", "/api//text"),
    "a stream": (200, "GET", "/api/stream"),
    "an async stream": (200, "GET", "/api/astream"),
    "events": (200, "GET", "/api/sse"),
    "nothing": (204, "GET", "/api/empty"),
    "HEAD": (200, "HEAD", "/api/text"),
    "HEAD of a stream": (200, "HEAD", "/api/stream"),
    "a response of Django": (200, "GET", "/api/file"),
    "OPTIONS": (204, "OPTIONS", "/api/methods"),
}


@pytest.mark.django_db  # HEAD closes a stream at once, and with it old connections
@pytest.mark.parametrize(("status", "method", "path"), FINE.values(), ids=FINE)
def test_every_other_answer_does_too(ask: Ask, status: int, method: str, path: str) -> None:
    with route_tree(TREE):
        response = ask(path, method=method, headers={"Origin": APP})
        other = ask(path, method=method, headers={"Origin": EVIL})
    assert response.status_code == other.status_code == status
    assert told(response) == {"allow-origin": APP, "expose-headers": "X-One"}
    assert (told(other), varies_by(other).count("origin")) == ({}, 1)


@pytest.mark.parametrize("path", ["/api/text", "/api/file"])
def test_an_answer_that_has_not_changed(ask: Ask, use_middleware: UseMiddleware, path: str) -> None:
    use_middleware(CONDITIONAL)
    with route_tree(TREE):
        tag = ask(path)["ETag"]
        response = ask(path, headers={"Origin": APP, "If-None-Match": tag})
        other = ask(path, headers={"Origin": EVIL, "If-None-Match": tag})
    assert response.status_code == other.status_code == 304
    assert may_read(response)
    assert not may_read(other)


def test_the_tag_of_an_answer_is_the_same_for_every_origin(ask: Ask) -> None:
    with route_tree(TREE):
        tags = {ask("/api/text", headers={"Origin": origin})["ETag"] for origin in (APP, EVIL, "null")}
    assert len(tags) == 1


def test_compression(ask: Ask, use_middleware: UseMiddleware) -> None:
    use_middleware(GZIP, before=SECURITY)
    with route_tree(TREE):
        response = ask("/api/long", headers={"Origin": APP, "Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert may_read(response)
    assert sorted(varies_by(response)) == ["accept-encoding", "origin"]


# Answers of the project's middleware, which no endpoint has seen


def test_a_host_that_is_not_allowed(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/text", headers={"Origin": APP, "Host": "evil.example"})
    assert response.status_code == 400
    assert may_read(response)


def test_a_redirect_to_https(ask: Ask, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    with route_tree(TREE):
        for path in ("/api/text", "/api/nothing"):
            response = ask(path, headers={"Origin": APP})
            assert (response.status_code, response["Location"]) == (301, f"https://testserver{path}")
            assert may_read(response)
            assert not may_read(ask(path, headers={"Origin": EVIL}))


class Maintenance(MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("later", status=503, headers={"Retry-After": "60", "Access-Control-Allow-Origin": "*"})


class Crashing(MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> HttpResponse:
        raise RuntimeError("crash")


@pytest.mark.parametrize(("middleware", "status"), [(Maintenance, 503), (Crashing, 500)])
def test_a_middleware_that_answers_for_the_site(
    ask: Ask, use_middleware: UseMiddleware, middleware: type, status: int
) -> None:
    use_middleware(middleware, before=SECURITY)
    with route_tree(TREE):
        response = ask("/api/text", headers={"Origin": APP})
        other = ask("/api/text", headers={"Origin": EVIL})
    assert response.status_code == status
    assert may_read(response)
    assert told(other) == {}


def test_csrf_failures_of_djangos_own_middleware_on_a_page_stay_its_own(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/admin/login/", method="POST", headers={"Origin": APP, "Cookie": "csrftoken=a"})
    assert told(response) == {}
