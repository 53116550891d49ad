"""`LoginRequiredMiddleware`: a caller of an API gets a 401, not a page to log in."""

from __future__ import annotations

import pytest
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import User
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.machinery.conftest import UseMiddleware

LOGIN_REQUIRED = "django.contrib.auth.middleware.LoginRequiredMiddleware"
TREE = {
    "me.py": "def GET(request): return {'me': request.user.username}",
    "ame.py": "async def GET(request): return {'me': (await request.auser()).username}",
    "handled.py": "def handler(req, res): res.json({'me': req.user.username})",
    "ahandled.py": "async def handler(req, res): res.json({'me': (await req.auser()).username})",
    "small.py": """
        from pagesapi import RouteConfig
        config = RouteConfig(body_limit=1)
        def handler(req, res): res.end()
    """,
    "free.py": "from django.contrib.auth.decorators import login_not_required\n\n"
    "@login_not_required\ndef GET(request): return 'open'",
    "afree.py": "from django.contrib.auth.decorators import login_not_required\n\n"
    "@login_not_required\nasync def handler(req, res): res.send('open')",
}
ENDPOINTS = ["me", "ame", "handled", "ahandled"]


@pytest.fixture(autouse=True)
def _login_required(use_middleware: UseMiddleware) -> None:
    use_middleware(LOGIN_REQUIRED)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ENDPOINTS)
def test_an_anonymous_caller_gets_a_401_with_a_challenge(ask: Ask, name: str) -> None:
    with route_tree(TREE):
        response = ask(f"/api/{name}")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "Unauthorized"
    assert response["WWW-Authenticate"]
    assert "Location" not in response


@pytest.mark.django_db
@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_caller_who_is_logged_in_passes(ask: Ask, name: str) -> None:
    user = User.objects.create_user("ann")
    with route_tree(TREE):
        response = ask(f"/api/{name}", user=user)
    assert (response.status_code, response.json()) == (200, {"me": "ann"})


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["free", "afree"])
def test_login_not_required_is_honoured(ask: Ask, name: str) -> None:
    with route_tree(TREE):
        response = ask(f"/api/{name}")
    assert (response.status_code, response.content) == (200, b"open")


@pytest.mark.django_db
def test_the_401_comes_before_405_and_413_and_400(ask: Ask) -> None:
    with route_tree(TREE):
        assert ask("/api/me", method="DELETE").status_code == 401
        assert ask("/api/small", method="POST", json={"too": "large"}).status_code == 401
        bad = {"method": "POST", "data": "{", "content_type": "application/json"}
        assert ask("/api/handled", **bad).status_code == 401


@pytest.mark.django_db
def test_another_site_is_refused_before_it_learns_that_a_login_is_wanted(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/handled", method="POST", headers={"Origin": "https://evil.example"})
    assert response.status_code == 403


@pytest.mark.django_db
def test_an_unknown_url_is_a_404_for_everybody(ask: Ask) -> None:
    with route_tree(TREE):
        assert ask("/api/nothing").status_code == 404


@pytest.mark.django_db
def test_pages_of_the_project_are_still_redirected_to_the_login(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_a_subclass_of_the_middleware_counts(settings: Settings, use_middleware: UseMiddleware, ask: Ask) -> None:
    class Stricter(LoginRequiredMiddleware):
        pass

    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path != LOGIN_REQUIRED]
    use_middleware(Stricter)
    with route_tree(TREE):
        assert ask("/api/me").status_code == 401


@pytest.mark.django_db
def test_without_the_middleware_nobody_has_to_log_in(settings: Settings, ask: Ask) -> None:
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path != LOGIN_REQUIRED]
    with route_tree(TREE):
        assert ask("/api/me").status_code == 200
