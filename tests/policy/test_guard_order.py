"""When a guard runs: after the cross-site check, before whatever tells a stranger something; not for preflights."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from django.test import AsyncClient, Client
from pytest_django import Settings

from pagesapi.asgi import get_asgi_application
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.conftest import UseMiddleware
from tests.policy.test_bearer import bearer_tree
from tests.policy.test_guards import assert_refused
from tests.policy.tokens import TOKEN
from tests.policy.trees import layers
from tests.policy.visitor import Visitor

LOGIN_REQUIRED = "django.contrib.auth.middleware.LoginRequiredMiddleware"
SMALL = "config = RouteConfig(body_limit=10)\n"
GUARDS = ("require_user", "require_bearer(acheck)", "require_any(require_user, require_bearer(check))")
HANDLERS = {
    "handler": "def handler(req, res): res.send('secret')",
    "ahandler": "async def handler(req, res): res.send('secret')",
    "methods": "def GET(request): return 'secret'\ndef POST(request): return 'secret'",
    "amethods": "async def GET(request): return 'secret'\nasync def POST(request): return 'secret'",
}
BAD: dict[str, dict[str, Any]] = {
    "a body that is too big": {"data": "x" * 100, "content_type": "text/plain"},
    "a broken body": {"data": "{", "content_type": "application/json"},
    "a form without a boundary": {"data": "--x", "content_type": "multipart/form-data"},
    "an unknown charset": {"data": "x", "content_type": "text/plain; charset=punycode"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("function", HANDLERS.values(), ids=HANDLERS)
@pytest.mark.parametrize("guard", GUARDS)
def test_it_comes_before_405_and_413_and_400(ask: Ask, guard: str, function: str) -> None:
    with route_tree(bearer_tree("folder", guard, SMALL + function)):
        for options in BAD.values():
            assert_refused(ask("/api/x", method="POST", **options), 401)
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "PROPFIND"):
            assert ask("/api/x", method=method).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("function", [HANDLERS["handler"], HANDLERS["ahandler"], "def POST(request): return 'secret'"])
def test_a_decorated_function_comes_before_413_and_400_too(ask: Ask, function: str, bad: str) -> None:
    tree = bearer_tree("decorator", "require_user", function)
    with route_tree({"x.py": f"{tree['x.py']}\n{SMALL}"}):
        assert_refused(ask("/api/x", method="POST", **BAD[bad]), 401)


@pytest.mark.django_db
def test_who_is_let_in_gets_the_405_and_413_and_400(ask: Ask) -> None:
    ann = User.objects.create_user("ann")
    with route_tree(bearer_tree("folder", "require_user", SMALL + "def handler(req, res): res.end()")):
        found = [ask("/api/x", method="POST", user=ann, **options).status_code for options in BAD.values()]
    assert found == [413, 400, 400, 415]
    with route_tree(bearer_tree("folder", "require_user", "def GET(request): return 1")):
        assert ask("/api/x", method="PUT", user=ann).status_code == 405
        assert ask("/api/x", method="OPTIONS", user=ann)["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
@pytest.mark.parametrize("guard", GUARDS)
def test_another_site_is_refused_before_a_guard_is_asked(ask: Ask, calls: list[str], guard: str) -> None:
    tree = bearer_tree("folder above", guard, HANDLERS["handler"])
    with route_tree({**tree, "(a)/_middleware.py": layers("inner")}):
        response = ask("/api/x", method="POST", headers={"Origin": "https://evil.example"})
    assert_refused(response, 403)
    assert calls == []


# Preflights


PREFLIGHT = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
CORS = "from pagesapi import Cors\nconfig = RouteConfig(cors=Cors({origins}))\n"


@pytest.mark.parametrize("function", HANDLERS.values(), ids=HANDLERS)
@pytest.mark.parametrize("origins", ["'*'", "['https://app.example'], credentials=True", "['https://other.example']"])
def test_it_never_runs_for_a_preflight(ask: Ask, calls: list[str], origins: str, function: str) -> None:
    tree = bearer_tree("folder", "layer('class', 'outer'), require_user", CORS.format(origins=origins) + function)
    tree["_middleware.py"] = "from tests.policy.layers import layer\n" + tree["_middleware.py"]
    with route_tree(tree):
        response = ask("/api/x", method="OPTIONS", headers=PREFLIGHT)
    assert (response.status_code, response.content, calls) == (204, b"", [])
    allowed = response.get("Access-Control-Allow-Origin")
    assert (allowed is None) is ("other" in origins)


def test_it_never_runs_for_a_preflight_that_the_settings_answer(
    ask: Ask, calls: list[str], settings: Settings
) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    with route_tree(bearer_tree("folder", "require_user", HANDLERS["handler"])):
        response = ask("/api/x", method="OPTIONS", headers=PREFLIGHT)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, "https://app.example")


@pytest.mark.django_db
@pytest.mark.parametrize("function", HANDLERS.values(), ids=HANDLERS)
def test_an_options_request_that_is_no_preflight_has_to_pass(ask: Ask, function: str) -> None:
    config = CORS.format(origins="['https://app.example']")
    with route_tree(bearer_tree("folder", "require_user", config + function)):
        assert_refused(ask("/api/x", method="OPTIONS"), 401)
        assert_refused(ask("/api/x", method="OPTIONS", headers={"Origin": "https://app.example"}), 401)


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["folder", "decorator"])
@pytest.mark.parametrize("function", ["handler", "ahandler"])
def test_a_refusal_can_be_read_by_an_allowed_origin(ask: Ask, form: str, function: str) -> None:
    tree = bearer_tree(form, "require_user", HANDLERS[function])
    tree["x.py"] += "\n" + CORS.format(origins="['https://app.example'], credentials=True")
    with route_tree(tree):
        response = ask("/api/x", headers={"Origin": "https://app.example"})
    assert_refused(response, 401)
    assert response["Access-Control-Allow-Origin"] == "https://app.example"
    assert response["Access-Control-Allow-Credentials"] == "true"


# Beside Django's own middleware


def send(kind: Any, path: str, user: Any = None, **options: Any) -> Any:
    return Visitor(kind, user=user).send("POST", path, **options)


SESSION_OR_TOKEN = "require_any(require_user, require_bearer(user_check))"
BOT = {"Authorization": "Bearer bot"}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("function", HANDLERS.values(), ids=HANDLERS)
@pytest.mark.parametrize("login_required", [False, True])
@pytest.mark.parametrize("guard", [SESSION_OR_TOKEN, "require_bearer(user_check)", "require_bearer(auser_check)"])
def test_a_client_with_a_token_needs_no_session_and_no_csrf_token(
    use_middleware: UseMiddleware, kind: type, function: str, guard: str, login_required: bool
) -> None:
    User.objects.create_user("bot")
    if login_required:
        use_middleware(LOGIN_REQUIRED)
    with route_tree(bearer_tree("folder", guard, function)):
        response = send(kind, "/api/x", data="{}", content_type="application/json", headers=BOT)
        assert (response.status_code, response.content) == (200, b"secret")
        assert not response.cookies
        assert_refused(send(kind, "/api/x"), 401)
        assert_refused(send(kind, "/api/x", headers={"Authorization": "Bearer nobody"}), 401)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("login_required", [False, True])
def test_a_page_of_the_site_needs_its_session_and_no_csrf_token(
    use_middleware: UseMiddleware, kind: type, login_required: bool
) -> None:
    ann = User.objects.create_user("ann")
    if login_required:
        use_middleware(LOGIN_REQUIRED)
    same, other = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    with route_tree(bearer_tree("folder", SESSION_OR_TOKEN, HANDLERS["amethods"])):
        assert send(kind, "/api/x", user=ann, headers=same).content == b"secret"
        assert_refused(send(kind, "/api/x", user=ann, headers=other), 403)
        assert_refused(send(kind, "/api/x", headers=same), 401)


@pytest.mark.django_db
@pytest.mark.parametrize("marked", ["", "@login_not_required\n"])
def test_a_token_without_a_user_is_no_login(use_middleware: UseMiddleware, ask: Ask, marked: str) -> None:
    use_middleware(LOGIN_REQUIRED)
    head = f"from django.contrib.auth.decorators import login_not_required\n{marked}"
    with route_tree(bearer_tree("folder", "require_bearer(TOKEN)", f"{head}def GET(request): return 'secret'")):
        response = ask("/api/x", headers={"Authorization": f"Bearer {TOKEN}"})
        assert response.status_code == (200 if marked else 401)
        assert_refused(ask("/api/x"), 401)


@pytest.mark.django_db
@pytest.mark.parametrize("function", HANDLERS.values(), ids=HANDLERS)
def test_a_guard_says_403_before_the_project_asks_for_a_login(
    use_middleware: UseMiddleware, ask: Ask, function: str
) -> None:
    use_middleware(LOGIN_REQUIRED)
    ann = User.objects.create_user("ann")
    with route_tree(bearer_tree("folder", "require_staff", function)):
        assert_refused(ask("/api/x"), 401)
        assert_refused(ask("/api/x", user=ann), 403)


# Senders that are no browser

SENDERS: dict[str, dict[str, str]] = {
    "curl": {"User-Agent": "curl/8.5.0", "Accept": "*/*"},
    "requests": {"User-Agent": "python-requests/2.32", "Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"},
    "GitHub": {
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Event": "push",
        "X-Hub-Signature-256": "sha256=0",
        "Accept": "*/*",
    },
    "Stripe": {"User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)", "Stripe-Signature": "t=1,v1=0"},
    "Postman": {"User-Agent": "PostmanRuntime/7.37", "Postman-Token": "1", "Cache-Control": "no-cache"},
    "a proxy of ours": {"Via": "1.1 nginx", "X-Forwarded-For": "10.0.0.1", "X-Request-Id": "1"},
}


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("function", HANDLERS.values(), ids=HANDLERS)
def test_a_sender_that_is_no_browser_passes_with_its_token(kind: type, function: str, sender: str) -> None:
    headers = {**SENDERS[sender], "Authorization": f"Bearer {TOKEN}"}
    with route_tree(bearer_tree("folder", "require_bearer(TOKEN)", function)):
        response = send(kind, "/api/x", data="{}", content_type="application/json", headers=headers)
        assert (response.status_code, response.content) == (200, b"secret")
        assert_refused(send(kind, "/api/x", headers=SENDERS[sender]), 401)


@pytest.mark.parametrize("function", HANDLERS.values(), ids=HANDLERS)
def test_httpx_passes_with_its_token(function: str) -> None:
    with route_tree(bearer_tree("folder", "require_bearer(TOKEN)", function)):
        with httpx.Client(
            transport=httpx.WSGITransport(app=get_wsgi_application()), base_url="http://testserver"
        ) as client:
            token = {"Authorization": f"Bearer {TOKEN}"}
            assert client.post("/api/x", json={"a": 1}, headers=token).text == "secret"
            assert client.post("/api/x", json={"a": 1}).status_code == 401

        async def ask_asgi() -> list[str]:
            transport = httpx.ASGITransport(app=get_asgi_application())
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as aclient:
                answer = await aclient.post("/api/x", json={"a": 1}, headers=token)
                refused = await aclient.post("/api/x", json={"a": 1}, headers={"Authorization": "Bearer wrong"})
                return [answer.text, str(refused.status_code)]

        assert async_to_sync(ask_asgi)() == ["secret", "401"]
