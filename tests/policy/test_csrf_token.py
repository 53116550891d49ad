"""`RouteConfig(csrf="token")`: the check of Django's own `CsrfViewMiddleware`, wherever that stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient, Client
from pytest_django import Settings

from pagesapi import call_route
from pagesapi.testing import route_tree
from tests.machinery.asking import asking
from tests.machinery.checking import found
from tests.policy.trees import config, layers
from tests.policy.visitor import Visitor

TOKEN = config(csrf="'token'")
TREE = {
    "page.py": f"from django.middleware.csrf import get_token\n{TOKEN}def GET(request): return get_token(request)",
    "apage.py": f"from django.middleware.csrf import get_token\n{TOKEN}"
    "async def handler(req, res): res.send(get_token(req.django))",
    "handler.py": f"{TOKEN}def handler(req, res): res.json({{'body': req.body, 'files': sorted(req.files)}})",
    "ahandler.py": f"{TOKEN}async def handler(req, res): res.json({{'body': req.body, 'files': sorted(req.files)}})",
    "method.py": f"{TOKEN}def POST(request): return {{'body': request.api.body, 'files': sorted(request.FILES)}}\n"
    "PUT = PATCH = DELETE = POST",
    "amethod.py": f"{TOKEN}"
    "async def POST(request): return {'body': request.api.body, 'files': sorted(request.FILES)}",
    "folder/_middleware.py": TOKEN + layers("folder"),
    "folder/x.py": "def POST(request): return {'body': request.api.body}",
    "folder/y.py": config(csrf="'origin'") + "def POST(request): return 1",
    "small.py": config(csrf="'token'", body_limit="100") + "def handler(req, res): res.json(req.body)",
    "large.py": config(csrf="'token'", body_limit="'3mb'") + "def handler(req, res): res.json(len(req.raw))",
    "unread.py": config(csrf="'token'", parse_body="False") + "def handler(req, res): res.send(req.read())",
    "login.py": "from django.contrib.auth import login\nfrom django.contrib.auth.models import User\n"
    f"{TOKEN}def POST(request):\n    login(request, User.objects.get())\n    return 'in'",
    "error.py": f"from pagesapi import HTTPError\n{TOKEN}def POST(request): raise HTTPError(409)",
    "rotates.py": "from django.middleware.csrf import rotate_token\nfrom pagesapi import HTTPError\n"
    f"{TOKEN}def POST(request):\n    rotate_token(request)\n    raise HTTPError(409)",
    "open.py": "def POST(request): return 1",
}
ENDPOINTS = ("handler", "ahandler", "method", "amethod", "folder/x")
Kind = type[Client] | type[AsyncClient]
FORM = "application/x-www-form-urlencoded"


class Page(Visitor):
    """A browser that has loaded a page with a token."""

    def __init__(self, kind: Any, page: str = "page") -> None:
        super().__init__(kind)
        self.token = self.send("GET", f"/api/{page}").content.decode()


@pytest.fixture(params=["wsgi", "asgi"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return Client if request.param == "wsgi" else AsyncClient


@pytest.fixture(autouse=True, params=["with Django's middleware", "without"])
def _installed(request: pytest.FixtureRequest, settings: Settings) -> None:
    if request.param == "without":
        settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "CsrfViewMiddleware" not in path]


def assert_refused(response: Any) -> None:
    assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
    assert "CSRF" in response.json()["detail"]


@pytest.mark.parametrize("page", ["page", "apage"])
@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_form_with_the_token_passes_and_its_fields_are_there(kind: Kind, name: str, page: str) -> None:
    with route_tree(TREE):
        visitor = Page(kind, page)
        response = visitor.send(
            "POST", f"/api/{name}", data=f"csrfmiddlewaretoken={visitor.token}&a=1&b=2&b=3", content_type=FORM
        )
    assert response.status_code == 200
    body = response.json()["body"]
    assert (body["a"], body["b"]) == ("1", ["2", "3"])


@pytest.mark.parametrize("name", ["handler", "ahandler", "method", "amethod"])
def test_a_form_with_a_file_passes_too(kind: Kind, name: str) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        data = {"csrfmiddlewaretoken": visitor.token, "a": "1", "file": SimpleUploadedFile("a.txt", b"x" * 5000)}
        response = visitor.post(f"/api/{name}", data)
    assert response.status_code == 200
    assert (response.json()["body"]["a"], response.json()["files"]) == ("1", ["file"])


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_json_body_passes_with_the_token_in_the_header(kind: Kind, name: str) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        options: dict[str, Any] = {"data": json.dumps({"a": 1}), "content_type": "application/json"}
        response = visitor.send("POST", f"/api/{name}", **options, headers={"X-CSRFToken": visitor.token})
        assert (response.status_code, response.json()["body"]) == (200, {"a": 1})
        assert_refused(visitor.send("POST", f"/api/{name}", **options))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_method_that_is_not_safe_needs_it(kind: Kind, method: str) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        assert_refused(visitor.send(method, "/api/method"))
        assert_refused(visitor.send(method, "/api/handler"))
        headers = {"X-CSRFToken": visitor.token}
        assert visitor.send(method, "/api/method", headers=headers).status_code == 200
        assert visitor.send(method, "/api/handler", headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_reading_needs_none(kind: Kind, method: str) -> None:
    with route_tree(TREE):
        assert Page(kind).send(method, "/api/handler", headers={"Origin": "https://evil.example"}).status_code == 200


@pytest.mark.parametrize("name", ENDPOINTS)
def test_without_the_cookie_or_with_another_token_it_is_a_403(kind: Kind, calls: list[str], name: str) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        for token in ("", "wrong", "x" * 64, visitor.token[:-1], visitor.token.swapcase(), "\xe9" * 64):
            assert_refused(visitor.send("POST", f"/api/{name}", headers={"X-CSRFToken": token}))
        assert_refused(visitor.send("POST", f"/api/{name}", data="csrfmiddlewaretoken=wrong", content_type=FORM))
        assert_refused(visitor.send("POST", f"/api/{name}"))
        visitor.client.cookies.clear()
        assert_refused(visitor.send("POST", f"/api/{name}", headers={"X-CSRFToken": visitor.token}))
    assert calls == []  # nor does a folder's middleware see it


def test_the_token_in_the_query_or_in_json_does_not_count(kind: Kind) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        query = {"csrfmiddlewaretoken": visitor.token}
        assert_refused(visitor.send("POST", "/api/handler", query_params=query))
        assert_refused(visitor.send("POST", "/api/handler", data=json.dumps(query), content_type="application/json"))


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_another_origin_is_refused_with_the_token_too(kind: Kind, headers: dict[str, str]) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        assert_refused(visitor.send("POST", "/api/handler", headers={**headers, "X-CSRFToken": visitor.token}))
        same = {"Origin": "http://testserver", "X-CSRFToken": visitor.token}
        assert visitor.send("POST", "/api/handler", headers=same).status_code == 200


def test_under_https_the_referer_has_to_be_of_the_site() -> None:
    with route_tree(TREE):
        visitor = Page(Client)
        options: dict[str, Any] = {"secure": True, "content_type": "text/plain"}
        token = {"X-CSRFToken": visitor.token}
        assert_refused(visitor.send("POST", "/api/handler", **options, headers=token))
        evil = {**token, "Referer": "https://evil.example/"}
        assert_refused(visitor.send("POST", "/api/handler", **options, headers=evil))
        own = {**token, "Referer": "https://testserver/form"}
        assert visitor.send("POST", "/api/handler", **options, headers=own).status_code == 200


@pytest.mark.parametrize("page", ["page", "apage"])
def test_a_second_page_keeps_the_token_of_the_first(kind: Kind, page: str) -> None:
    with route_tree(TREE):
        visitor = Page(kind, page)
        visitor.send("GET", f"/api/{page}")
        assert visitor.send("POST", "/api/method", headers={"X-CSRFToken": visitor.token}).status_code == 200
        visitor.send("GET", "/api/page")
        assert visitor.send("POST", "/api/method", headers={"X-CSRFToken": visitor.token}).status_code == 200


def test_a_page_that_asks_for_no_token_sets_no_cookie(kind: Kind) -> None:
    with route_tree(TREE):
        response = Visitor(kind).send("GET", "/api/handler")
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


def test_a_page_with_a_token_varies_by_the_cookie(kind: Kind) -> None:
    with route_tree(TREE):
        response = Page(kind).send("GET", "/api/page")
    assert "csrftoken" in response.cookies
    assert "cookie" in response["Vary"].lower()


@pytest.mark.django_db
def test_logging_in_rotates_the_token_and_the_new_cookie_is_set(kind: Kind) -> None:
    User.objects.create_user("ann")
    with route_tree(TREE):
        visitor = Page(kind)
        before = visitor.client.cookies["csrftoken"].value
        response = visitor.send("POST", "/api/login", headers={"X-CSRFToken": visitor.token})
        assert (response.status_code, response.content) == (200, b"in")
        assert response.cookies["csrftoken"].value not in ("", before)
        assert_refused(visitor.send("POST", "/api/method", headers={"X-CSRFToken": visitor.token}))
        again = visitor.send("GET", "/api/page").content.decode()
        assert visitor.send("POST", "/api/method", headers={"X-CSRFToken": again}).status_code == 200


def test_a_token_that_was_rotated_before_an_error_is_set_too(kind: Kind) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        response = visitor.send("POST", "/api/rotates", headers={"X-CSRFToken": visitor.token})
    assert response.status_code == 409
    assert response.cookies["csrftoken"].value


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["page", "apage"])
@pytest.mark.parametrize("name", ENDPOINTS)
def test_the_token_may_live_in_the_session(kind: Kind, settings: Settings, name: str, page: str) -> None:
    settings.CSRF_USE_SESSIONS = True
    with route_tree(TREE):
        visitor = Page(kind, page)
        assert set(visitor.client.cookies) == {"sessionid"}
        assert visitor.send("POST", f"/api/{name}", headers={"X-CSRFToken": visitor.token}).status_code == 200
        assert_refused(visitor.send("POST", f"/api/{name}", headers={"X-CSRFToken": "wrong"}))
        visitor.client.cookies.clear()
        assert_refused(visitor.send("POST", f"/api/{name}", headers={"X-CSRFToken": visitor.token}))


def test_the_projects_names_of_the_cookie_and_the_header_hold(kind: Kind, settings: Settings) -> None:
    settings.CSRF_COOKIE_NAME, settings.CSRF_HEADER_NAME = "xsrf", "HTTP_X_XSRF"
    with route_tree(TREE):
        visitor = Page(kind)
        assert set(visitor.client.cookies) == {"xsrf"}
        assert visitor.send("POST", "/api/method", headers={"X-Xsrf": visitor.token}).status_code == 200
        assert_refused(visitor.send("POST", "/api/method", headers={"X-CSRFToken": visitor.token}))


def test_the_check_comes_before_the_405_and_a_bad_body(kind: Kind) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        assert_refused(visitor.send("PUT", "/api/amethod"))
        assert_refused(visitor.send("POST", "/api/handler", data="{", content_type="application/json"))
        headers = {"X-CSRFToken": visitor.token}
        assert visitor.send("PUT", "/api/amethod", headers=headers).status_code == 405
        bad = visitor.send("POST", "/api/handler", data="{", content_type="application/json", headers=headers)
        assert bad.status_code == 400


def test_a_folders_rule_holds_beneath_it_and_a_route_may_have_another(kind: Kind) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        assert_refused(visitor.send("POST", "/api/folder/x"))
        assert visitor.send("POST", "/api/folder/y").status_code == 200
        assert visitor.send("POST", "/api/open").status_code == 200


def test_a_test_client_that_enforces_nothing_needs_none(kind: Kind) -> None:
    with route_tree(TREE):
        assert asking(kind)("/api/method", method="POST").status_code == 200


def test_a_call_in_process_needs_none() -> None:
    with route_tree(TREE):
        assert call_route("method", method="POST", body={"a": 1}).status_code == 200


def test_it_is_no_fault_to_have_it() -> None:
    with route_tree({"x.py": TREE["method.py"]}):
        assert found(fine=True) == []
