"""`RouteConfig(csrf="origin")`: who may change something, told by `Sec-Fetch-Site`, `Origin` and the route's `Cors`.

How an origin is read and compared with the request's own is in `tests.machinery.test_cross_site`.
"""

from __future__ import annotations

import itertools

import pytest
from django.test import AsyncClient, Client
from pytest_django import Settings

from pagesapi import call_route
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.trees import config
from tests.policy.visitor import Visitor

APP, TRUSTED, OWN = "https://app.example", "https://trusted.example", "http://testserver"
ANSWER = "def handler(req, res): res.send('done')"
POLICIES = {
    "none": "None",
    "no": "False",
    "any": "Cors('*')",
    "app": f"Cors([{APP!r}])",
    "credentials": f"Cors([{APP!r}], credentials=True)",
    "null": "Cors(['null'])",
}
TREE = {
    **{f"{name}.py": config(cors=policy) + ANSWER for name, policy in POLICIES.items()},
    "async.py": config(cors=POLICIES["app"]) + "async def POST(request): return 'done'",
    "inherited/_middleware.py": config(cors=POLICIES["credentials"]),
    "inherited/x.py": ANSWER,
    "inherited/stricter.py": config(cors=POLICIES["app"]) + ANSWER,
    "inherited/closed.py": config(cors="False") + ANSWER,
    "hook.py": config(csrf="False") + ANSWER,
    "tree/_middleware.py": config(csrf="False"),
    "tree/hook.py": ANSWER,
    "tree/page.py": config(csrf="'origin'") + ANSWER,
}
ALLOWS = {
    "any": {APP, TRUSTED, OWN, "https://evil.example", "null"},
    "app": {APP},
    "credentials": {APP},
    "null": {"null"},
}
SITES = (None, "same-origin", "none", "same-site", "cross-site")
ORIGINS = (None, OWN, TRUSTED, APP, "https://evil.example", "null")
COOKIES = (None, "sessionid=1")
AUTHORIZATIONS = (None, "Bearer t", "bearer t", "Basic YTpi", "Digest a=1", "Negotiate YII=", "Token t")


def passes(site: str | None, origin: str | None, cookie: str | None, authorization: str | None, policy: str) -> bool:
    """The rule as the contract words it; but what a browser says of the site goes before what a proxy left of ours."""
    if site in ("same-origin", "none") or (site is None and origin is None):
        return True
    if origin == TRUSTED or (origin == OWN and site is None):
        return True
    if origin not in ALLOWS.get(policy, set()):
        return False
    explicit = authorization is None or authorization.lower().startswith("bearer ")
    return policy == "credentials" or (cookie is None and explicit)


def given(**headers: str | None) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items() if value is not None}


@pytest.fixture(autouse=True)
def _trusted(settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [TRUSTED]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("site", SITES)
def test_the_decision_is_this_table(kind: type[Client], site: str | None, origin: str | None) -> None:
    visitor, wrong = Visitor(kind), []
    with route_tree(TREE):
        authorizations = AUTHORIZATIONS if kind is Client else AUTHORIZATIONS[:2]  # decided without a difference
        for cookie, authorization, policy in itertools.product(COOKIES, authorizations, POLICIES):
            headers = given(Sec_Fetch_Site=site, Origin=origin, Cookie=cookie, Authorization=authorization)
            expected = 200 if passes(site, origin, cookie, authorization, policy) else 403
            found = visitor.send("POST", f"/api/{policy}", headers=headers).status_code
            if found != expected:
                wrong.append((policy, headers, found))
    assert wrong == []


@pytest.mark.parametrize("with_django", [True, False])
@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "GET", "HEAD", "OPTIONS"])
def test_it_is_the_same_with_and_without_djangos_own_middleware(
    settings: Settings, kind: type[Client], method: str, with_django: bool
) -> None:
    if not with_django:
        settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "CsrfViewMiddleware" not in path]
    visitor = Visitor(kind)
    with route_tree(TREE):
        evil = visitor.send(method, "/api/none", headers={"Origin": "https://evil.example", "Cookie": "csrftoken=1"})
        page = visitor.send(method, "/api/none", headers={"Origin": OWN, "Cookie": "csrftoken=1; sessionid=1"})
        curl = visitor.send(method, "/api/none")
    assert evil.status_code == (200 if method in ("GET", "HEAD", "OPTIONS") else 403)
    assert (page.status_code, curl.status_code) == (200, 200)


@pytest.mark.parametrize("path", ["/api/async", "/api/inherited/x", "/api/app"])
def test_an_allowed_origin_passes_wherever_the_policy_stands(ask: Ask, path: str) -> None:
    with route_tree(TREE):
        response = ask(path, method="POST", headers={"Origin": APP})
        refused = ask(path, method="POST", headers={"Origin": "https://evil.example"})
    assert (response.content, response["Access-Control-Allow-Origin"]) == (b"done", APP)
    assert refused.status_code == 403
    assert "Access-Control-Allow-Origin" not in refused


def test_a_route_may_take_back_what_its_folder_allows(ask: Ask) -> None:
    headers = {"Origin": APP, "Cookie": "sessionid=1"}
    with route_tree(TREE):
        found = [ask(f"/api/inherited/{name}", method="POST", headers=headers) for name in ("x", "stricter", "closed")]
    assert [response.status_code for response in found] == [200, 403, 403]


def test_the_projects_cors_settings_lift_nothing(ask: Ask, settings: Settings) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = True
    settings.CORS_ALLOW_CREDENTIALS = True
    with route_tree(TREE):
        assert ask("/api/none", method="POST", headers={"Origin": APP}).status_code == 403


def test_a_user_that_the_server_names_counts_as_a_credential(settings: Settings) -> None:
    """`REMOTE_USER`, of a browser that sends a certificate or a Kerberos ticket by itself."""
    with route_tree(TREE):
        for path, status in (("any", 403), ("app", 403), ("credentials", 200)):
            response = Client().post(f"/api/{path}", headers={"Origin": APP}, REMOTE_USER="ann")
            assert response.status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Origin": "null", "Cookie": "sessionid=1"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "junk"},
        {},
    ],
)
@pytest.mark.parametrize("path", ["/api/hook", "/api/tree/hook"])
def test_with_false_every_site_may(ask: Ask, path: str, headers: dict[str, str]) -> None:
    with route_tree(TREE):
        assert ask(path, method="POST", headers=headers).content == b"done"


def test_a_route_below_an_open_folder_may_close_itself(ask: Ask) -> None:
    with route_tree(TREE):
        assert ask("/api/tree/page", method="POST", headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_call_in_process_comes_from_no_other_site() -> None:
    with route_tree(TREE):
        assert call_route("none", method="POST").status_code == 200
        assert call_route("none", method="POST", headers={"Origin": "https://evil.example"}).status_code == 403
