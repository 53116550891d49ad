"""A subclass of `Guard`: what admits, what refuses, and what is said of a slip."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from pytest_django import Settings

from pagesapi.guards import require_staff, require_user
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.trees import GET

HEAD = """
from django.http import HttpResponse
from pagesapi import HTTPError, RouteConfig
from pagesapi.guards import *
"""
OWN = (
    HEAD
    + """
class Own(Guard):
    {check}

config = RouteConfig(middleware=[Own()])
"""
)
KEY = "request.headers.get('X-Key') == 'k'"
CHECKS = {
    "a value": f"def check(self, request): return {KEY}",
    "a coroutine": f"async def check(self, request): return {KEY}",
    "an awaitable": f"def check(self, request):\n        async def own(): return {KEY}\n        return own()",
    "an exception": f"def check(self, request):\n        if not {KEY}: raise HTTPError(403)\n        return True",
    "with a name of its own": f"def __init__(self): pass\n    def check(self, request): return {KEY}",
}


@pytest.mark.parametrize("function", [GET, "async def GET(request): return 'secret'\n"])
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_true_admits_and_false_is_a_403(ask: Ask, check: str, function: str) -> None:
    with route_tree({"x.py": OWN.format(check=check) + function}):
        assert ask("/api/x", headers={"X-Key": "k"}).content == b"secret"
        assert ask("/api/x").status_code == 403


SLIPS = {
    "nothing": ("def check(self, request): pass", "return True or False"),
    "a text": ("def check(self, request): return 'k'", "return True or False"),
    "no check": ("def has_permission(self, request): return True", "has no check(request)"),
}


@pytest.mark.parametrize(("check", "said"), SLIPS.values(), ids=SLIPS)
def test_a_slip_lets_nobody_in_and_is_named(ask: Ask, settings: Settings, check: str, said: str) -> None:
    settings.DEBUG = True
    with route_tree({"x.py": OWN.format(check=check) + GET}):
        response = ask("/api/x")
    assert response.status_code == 500
    assert said in response.json()["detail"]


WRONG = {
    "a class": ("config = RouteConfig(middleware=[Guard])", "write Guard(…)"),
    "not called": ("config = RouteConfig(middleware=[require_bearer])", "write require_bearer(…)"),
    "called": ("config = RouteConfig(middleware=[require_user()])", "without the parentheses"),
    "one guard": ("config = RouteConfig(middleware=[require_any(require_user)])", "two guards or more"),
    "a function that is none": ("GET = require_bearer", "Write @require_bearer(…)"),
    "a decorator not called": ("@require_bearer\ndef GET(request): return 1", "Write @require_bearer(…)"),
    "a factory that fails": (
        "config = RouteConfig(middleware=['tests.policy.layers.CALLS'])",
        "cannot be made|no middleware",
    ),
    "cors beside the config": ("from pagesapi import Cors\ncors = Cors('*')", "RouteConfig(cors=…)"),
    "csrf beside the config": ("csrf = False", "RouteConfig(csrf=…)"),
    "a variable of the environment": ("import os\nkey = os.environ['NOT_SET_BY_ANYBODY']", "environment variable"),
    "marks that disagree": (
        "def mark(f):\n    f.rate_limited = True\n    return f\n@mark\ndef POST(request): return 1",
        "'rate_limited'",
    ),
}


@pytest.mark.parametrize(("slip", "said"), WRONG.values(), ids=WRONG)
def test_check_says_what_to_write(slip: str, said: str) -> None:
    source = f"{HEAD}{'' if 'GET' in slip else GET}{slip}\n"
    with route_tree({"x.py": source}):
        found = " ".join(f"{message.msg} {message.hint}" for message in run_checks() if "x.py" in message.msg)
    assert any(part in found for part in said.split("|")), found


def test_a_factory_that_fails_when_it_is_called_is_an_error_of_check() -> None:
    source = f"{HEAD}def broken(get_response): return None\nconfig = RouteConfig(middleware=[broken])\n{GET}"
    with route_tree({"x.py": source}):
        (found,) = [message for message in run_checks() if "x.py" in message.msg]
    assert (found.id, "returned None" in found.msg) == ("pagesapi.E028", True)


def test_a_guard_that_asks_for_a_user_whom_nobody_sets_is_a_warning(settings: Settings) -> None:
    settings.MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware", "django.middleware.common.CommonMiddleware"]
    tree = {"a/_middleware.py": f"{HEAD}middleware = require_user", "a/x.py": GET, "y.py": GET}
    with route_tree(tree):
        found = [message.msg for message in run_checks() if message.id == "pagesapi.W029"]
    assert [message.partition(" ")[0] for message in found] == ["a/x.py"]


BEARERS = "require_bearer(lambda request, token: token == 't')"


@pytest.mark.parametrize("function", [GET, "async def GET(request): return 'secret'\n"])
@pytest.mark.parametrize("guard", [BEARERS, f"require_any(require_user, {BEARERS})"])
def test_caches_keep_an_answer_for_each_token(ask: Ask, guard: str, function: str) -> None:
    with route_tree({"x.py": f"{HEAD}config = RouteConfig(middleware=[{guard}])\n{function}", "y.py": GET}):
        for headers in ({"Authorization": "Bearer t"}, {}):
            assert "Authorization" in ask("/api/x", headers=headers)["Vary"]
        assert "Authorization" not in ask("/api/y").get("Vary", "")


def test_a_guard_says_its_name() -> None:
    assert (repr(require_user), repr(require_staff)) == ("user", "staff")


def impersonating(get_response):  # type: ignore[no-untyped-def]
    """Of a package that knows nothing of `auser`."""

    def run(request: HttpRequest) -> object:
        request.user = AnonymousUser()
        return get_response(request)

    return run


@pytest.mark.parametrize("function", [GET, "async def GET(request): return 'secret'\n"])
@pytest.mark.parametrize("lazy", [False, True])
def test_whoever_middleware_makes_the_user_is_asked(ask: Ask, function: str, lazy: bool) -> None:
    own = f"{__name__}.{'lazily' if lazy else 'impersonating'}"
    with route_tree({"_middleware.py": f"{HEAD}middleware = [{own!r}, require_user]", "x.py": function}):
        assert ask("/api/x").status_code == 401


def lazily(get_response):  # type: ignore[no-untyped-def]
    def run(request: HttpRequest) -> object:
        request.user = SimpleLazyObject(AnonymousUser)  # type: ignore[assignment]
        return get_response(request)

    return run


class Impatient:
    """Calls the view itself, as Django lets `process_view` do."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> object:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse:  # type: ignore[no-untyped-def]
        response: HttpResponse = view(request, *args, **kwargs)
        response["X-Called"] = "by hand"
        return response


def test_middleware_may_call_the_view_itself(ask: Ask) -> None:
    with route_tree({"_middleware.py": f"middleware = {__name__ + '.Impatient'!r}", "x.py": GET}):
        response = ask("/api/x")
    assert (response.content, response["X-Called"]) == (b"secret", "by hand")


def in_tokyo(get_response):  # type: ignore[no-untyped-def]
    def run(request: HttpRequest) -> object:
        timezone.activate("Asia/Tokyo")
        return get_response(request)

    return run


def test_a_time_zone_is_active_within_the_folder_alone(ask: Ask) -> None:
    here = "from django.utils import timezone\ndef GET(request): return timezone.get_current_timezone_name()\n"
    with route_tree({"a/_middleware.py": f"middleware = {__name__ + '.in_tokyo'!r}", "a/x.py": here, "y.py": here}):
        assert [ask(url).content for url in ("/api/a/x", "/api/y")] == [b"Asia/Tokyo", b"UTC"]
