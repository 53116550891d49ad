"""`require_user`, `require_staff` and `require_permission`: who is let in, who gets a 401, who a 403."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.test import AsyncClient, Client
from pytest_django import Settings

from pagesapi import acall_route, call_route
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask

IMPORTS = """
from pagesapi import RouteConfig
from pagesapi.guards import *
"""
FORMS = {
    "folder": {"_middleware.py": "middleware = [{guard}]", "x.py": "{function}"},
    "folder above": {"_middleware.py": "middleware = {guard}", "(a)/x.py": "{function}"},
    "config of a folder": {"_middleware.py": "config = RouteConfig(middleware={guard})", "x.py": "{function}"},
    "route": {"x.py": "config = RouteConfig(middleware=[{guard}])\n{function}"},
    "decorator": {"x.py": "@{guard}\n{function}"},
}
FUNCTIONS = {
    "method": "def GET(request): return 'secret'",
    "amethod": "async def GET(request): return 'secret'",
    "handler": "def handler(req, res): res.send('secret')",
    "ahandler": "async def handler(req, res): res.send('secret')",
}


def tree_of(form: str, guard: str, function: str) -> dict[str, str]:
    """A route `x` behind a guard, in one of the places where a guard can stand."""
    return {
        file: IMPORTS + source.replace("{guard}", guard).replace("{function}", function)
        for file, source in FORMS[form].items()
    }


CALLERS = ("nobody", "user", "staff", "editor", "inactive")
GUARDS: dict[str, tuple[int, ...]] = {
    "require_user": (401, 200, 200, 200, 401),
    "require_staff": (401, 403, 200, 403, 401),
    "require_permission('blog.change_post')": (401, 403, 403, 200, 401),
    "require_permission('blog.change_post', 'blog.delete_post')": (401, 403, 403, 200, 401),
    "require_permission('blog.change_post', 'blog.add_post')": (401, 403, 403, 403, 401),
    "require_permission('nothing.of_this_name')": (401, 403, 403, 403, 401),
    "require_any(require_staff, require_permission('blog.change_post'))": (401, 403, 200, 200, 401),
}


@pytest.fixture
def people(db: None) -> dict[str, User | None]:
    editor = User.objects.create_user("editor")
    editor.user_permissions.set(Permission.objects.filter(codename__in=["change_post", "delete_post"]))
    return {
        "nobody": None,
        "user": User.objects.create_user("user"),
        "staff": User.objects.create_user("staff", is_staff=True),
        "editor": editor,
        "inactive": User.objects.create_superuser("inactive", is_active=False),
    }


def assert_refused(response: Any, status: int) -> None:
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert b"secret" not in response.content
    problem = json.loads(response.content)
    assert (problem["status"], problem["title"]) == (status, {401: "Unauthorized", 403: "Forbidden"}[status])
    assert response.has_header("WWW-Authenticate") is (status == 401)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("guard", ["require_user", "require_staff", "require_permission('blog.change_post')"])
def test_a_guard_is_middleware_of_a_folder_or_route_and_a_decorator(
    ask: Ask, people: dict[str, User | None], guard: str, form: str, function: str
) -> None:
    with route_tree(tree_of(form, guard, function)):
        for caller, status in zip(CALLERS, GUARDS[guard], strict=True):
            response = ask("/api/x", user=people[caller])
            if status == 200:
                assert response.content == b"secret"
            else:
                assert_refused(response, status)


@pytest.mark.parametrize("guard", GUARDS)
def test_who_is_let_in_is_a_table(ask: Ask, people: dict[str, User | None], guard: str) -> None:
    with route_tree(tree_of("folder", guard, FUNCTIONS["method"])):
        found = tuple(ask("/api/x", user=people[caller]).status_code for caller in CALLERS)
    assert found == GUARDS[guard]


def test_a_superuser_has_every_permission(ask: Ask, people: dict[str, User | None]) -> None:
    with route_tree(tree_of("folder", "require_permission('blog.change_post')", FUNCTIONS["amethod"])):
        assert ask("/api/x", user=User.objects.create_superuser("root")).content == b"secret"


@pytest.mark.parametrize("form", ["folder", "decorator"])
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_403_names_the_permission_that_is_missing(
    ask: Ask, people: dict[str, User | None], form: str, function: str
) -> None:
    with route_tree(tree_of(form, "require_permission('blog.change_post')", function)):
        assert "blog.change_post" in ask("/api/x", user=people["user"]).json()["detail"]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_user_who_is_made_inactive_is_out_at_once(people: dict[str, User | None], kind: type) -> None:
    client, user = kind(), people["user"]
    assert user is not None
    get = async_to_sync(client.get) if kind is AsyncClient else client.get
    client.force_login(user)
    with route_tree(tree_of("folder", "require_user", FUNCTIONS["amethod"])):
        assert get("/api/x").status_code == 200
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert get("/api/x").status_code == 401


@pytest.mark.parametrize("guard", ["require_staff", "require_permission('blog.change_post')"])
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_an_inactive_user_of_another_backend_has_no_rights(
    ask: Ask, settings: Settings, people: dict[str, User | None], guard: str, function: str
) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
    user = people["inactive"]
    assert user is not None
    User.objects.filter(pk=user.pk).update(is_staff=True)
    with route_tree(tree_of("folder", guard, function)):
        assert_refused(ask("/api/x", user=user), 403)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("caller", [call_route, async_to_sync(acall_route)], ids=["call_route", "acall_route"])
def test_a_call_in_process_has_to_pass_too(
    people: dict[str, User | None], caller: Any, form: str, function: str
) -> None:
    with route_tree(tree_of(form, "require_permission('blog.change_post')", function)):
        assert_refused(caller("x"), 401)
        assert_refused(caller("x", user=people["user"]), 403)
        assert caller("x", user=people["editor"]).content == b"secret"


def test_only_the_function_that_is_decorated_is_guarded(ask: Ask, people: dict[str, User | None]) -> None:
    source = f"{IMPORTS}\ndef GET(request): return 'open'\n@require_user\ndef POST(request): return 'secret'"
    with route_tree({"x.py": source}):
        assert ask("/api/x").content == b"open"
        assert ask("/api/x", method="HEAD").status_code == 200
        assert_refused(ask("/api/x", method="POST"), 401)
        assert ask("/api/x", method="POST", user=people["user"]).content == b"secret"


@pytest.mark.parametrize("function", ["method", "amethod"])
def test_head_is_as_guarded_as_the_get_that_it_comes_from(
    ask: Ask, people: dict[str, User | None], function: str
) -> None:
    with route_tree(tree_of("decorator", "require_user", FUNCTIONS[function])):
        assert ask("/api/x", method="HEAD").status_code == 401
        assert ask("/api/x", method="HEAD", user=people["user"]).status_code == 200


def test_two_decorators_have_to_be_passed_both(ask: Ask, people: dict[str, User | None]) -> None:
    function = "@require_permission('blog.change_post')\ndef GET(request): return 'secret'"
    with route_tree(tree_of("decorator", "require_staff", function)):
        assert [ask("/api/x", user=people[name]).status_code for name in ("staff", "editor")] == [403, 403]
        assert ask("/api/x", user=User.objects.create_superuser("root")).content == b"secret"


def test_a_decorated_function_gets_its_path_parameters(ask: Ask, people: dict[str, User | None]) -> None:
    tree = {
        "[id=int].py": f"{IMPORTS}\n@require_user\ndef GET(request, id): return id",
        "a/[id=int].py": f"{IMPORTS}\n@require_user\nasync def GET(request, id): return id",
        "h/[id=int].py": f"{IMPORTS}\n@require_user\ndef handler(req, res): return req.query.id",
        "v/[id=int].py": f"{IMPORTS}from django.http import HttpResponse\nfrom django.views import View\n"
        "class Shows(View):\n    def get(self, request, id): return HttpResponse(str(id))\n"
        "GET = require_user(Shows.as_view())",
    }
    with route_tree(tree):
        for folder in ("", "a/", "h/", "v/"):
            assert ask(f"/api/{folder}7", user=people["user"]).content == b"7"
            assert_refused(ask(f"/api/{folder}7"), 401)


def test_a_decorator_keeps_what_others_have_left_on_the_function(ask: Ask, people: dict[str, User | None]) -> None:
    source = (
        f"{IMPORTS}from django.views.decorators.csrf import csrf_exempt\n"
        "@require_user\n@csrf_exempt\ndef POST(request):\n    '''Says so.'''\n    return 'secret'"
    )
    with route_tree({"x.py": source}):
        headers = {"Origin": "https://evil.example"}
        assert ask("/api/x", method="POST", user=people["user"], headers=headers).content == b"secret"
        assert_refused(ask("/api/x", method="POST", headers=headers), 401)


class Plain:
    """A user of a project's own model, without `PermissionsMixin`: no `has_perm`, no `is_staff`."""

    is_authenticated, is_anonymous, is_active = True, False, True


@pytest.mark.parametrize("guard", ["require_permission('blog.change_post')", "require_staff"])
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_user_model_without_rights_is_never_let_in(guard: str, function: str) -> None:
    with route_tree(tree_of("folder", guard, function)):
        try:
            response = call_route("x", user=Plain())
        except (TypeError, AttributeError):
            return  # a 500 that says what is missing
    assert_refused(response, 403)


def test_a_user_model_without_rights_passes_where_a_user_is_enough() -> None:
    with route_tree(tree_of("folder", "require_user", FUNCTIONS["method"])):
        assert call_route("x", user=Plain()).content == b"secret"  # type: ignore[attr-defined]
        assert_refused(call_route("x", user=AnonymousUser()), 401)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("guard", ["require_user", "require_staff", "require_permission('blog.change_post')"])
def test_without_sessions_nobody_is_let_in_and_the_log_says_why(
    ask: Ask, settings: Settings, records: list[Any], guard: str, function: str
) -> None:
    settings.MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware"]
    with route_tree(tree_of("folder", guard, function)):
        response = ask("/api/x")
    assert response.status_code == 500
    assert b"secret" not in response.content
    assert "AuthenticationMiddleware" in str(records[0].exc_info[1])


def test_middleware_above_sees_the_refusal_as_an_answer(ask: Ask, calls: list[str]) -> None:
    tree = {
        "_middleware.py": "from tests.policy.layers import layer\nmiddleware = layer('class', 'outer')",
        "a/_middleware.py": f"{IMPORTS}middleware = require_user",
        "a/x.py": FUNCTIONS["method"],
    }
    with route_tree(tree):
        response = ask("/api/a/x")
    assert_refused(response, 401)
    assert (response["X-Layers"], calls) == ("outer ", ["outer request GET", "outer response 401"])
