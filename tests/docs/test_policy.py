from __future__ import annotations

import inspect
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client, override_settings

import pagesapi.guards
from pagesapi.proxy import proxy
from pagesapi.testing import route_tree
from tests.docs.kinds import run
from tests.docs.page import Page
from tests.docs.served import problems

PAGE = Page("policy")
TABLE = PAGE.block("URL                     METHODS")
SNAPSHOT = PAGE.block("assert_policy(")
CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}


def test_a_guarded_folder(site: Path, client: Client, db: None) -> None:
    assert client.get("/api/account/profile").status_code == 401
    client.force_login(User.objects.create_user("ada"))
    assert client.get("/api/account/profile").json() == {"name": "ada"}
    large = b"a" * (65 * 1024)
    assert client.post("/api/account/photo", large, "image/png").json() == {"size": len(large)}
    assert client.post("/api/account/profile", large, "image/png").status_code == 405


def test_guards_of_functions(site: Path, client: Client, db: None) -> None:
    url = "/api/articles/3"
    assert [client.get(url).status_code, client.patch(url).status_code, client.delete(url).status_code] == [
        200,
        401,
        401,
    ]
    ada = User.objects.create_user("ada", is_staff=True)
    client.force_login(ada)
    assert [client.patch(url).status_code, client.delete(url).status_code] == [403, 200]
    ada.user_permissions.add(Permission.objects.get(codename="change_post"))
    assert client.patch(url).json() == {"changed": 3}


def test_each_guard_is_listed() -> None:
    listed = {row[0].strip("`").partition("(")[0] for row in PAGE.rows_below("Guards")}
    assert listed == set(pagesapi.guards.__all__) - {"Guard"}


def test_tokens(site: Path, client: Client, db: None) -> None:
    User.objects.create_user("ada")
    url = "/api/reports/today"
    assert client.get(url, headers={"Authorization": "Bearer ada"}).json() == {"for": "ada"}
    refused = client.get(url, headers={"Authorization": "Bearer eve"})
    assert (refused.status_code, "Bearer" in refused["WWW-Authenticate"]) == (401, True)


def test_a_guard_of_ones_own(site: Path, client: Client) -> None:
    assert client.get("/api/beta/news").status_code == 403
    assert client.get("/api/beta/news", headers={"X-Beta": "yes"}).json() == ["soon"]


def test_a_folder_for_another_origin(site: Path, client: Client) -> None:
    headers = {"Origin": "https://shop.example"}
    for path, status in (("catalog/prices", 200), ("catalog/anything", 404)):
        answer = client.get(f"/api/{path}", headers=headers)
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (status, "https://shop.example")
    for path, origin in (("articles/3", "https://shop.example"), ("catalog/prices", "https://evil.example")):
        assert "Access-Control-Allow-Origin" not in client.get(f"/api/{path}", headers={"Origin": origin})
    preflight = client.options("/api/catalog/prices", headers={**headers, "Access-Control-Request-Method": "POST"})
    assert (preflight.status_code, preflight["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_what_passes_the_cross_site_check(site: Path, client: Client) -> None:
    def sent(path: str, **headers: str) -> int:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post(f"/api/{path}", {"tea": 1, "id": 7}, "application/json", headers=names).status_code

    with route_tree({"a.py": "def POST(request): return True"}):
        for site_, origin, status in (
            ("same-origin", "http://testserver", 200),
            ("none", "null", 200),
            ("same-site", "http://testserver:1", 403),
            ("cross-site", "https://evil.example", 403),
        ):
            assert sent("a", Sec_Fetch_Site=site_, Origin=origin) == status
        assert [sent("a"), sent("a", Origin="http://testserver"), sent("a", Origin="null")] == [200, 200, 403]
        with override_settings(CSRF_TRUSTED_ORIGINS=["https://friend.example"]):
            assert sent("a", Sec_Fetch_Site="cross-site", Origin="https://friend.example") == 200
        with override_settings(CORS_ALLOW_ALL_ORIGINS=True):
            assert sent("a", Sec_Fetch_Site="cross-site", Origin="https://evil.example") == 403
    shop = {"Sec_Fetch_Site": "cross-site", "Origin": "https://shop.example"}
    assert sent("catalog/prices", **shop) == 200
    assert sent("catalog/prices", **shop, Authorization="Bearer x") == 200
    assert sent("catalog/prices", **shop, Authorization="Basic x") == 403
    assert sent("catalog/prices", **shop, Cookie="a=1") == 403


def test_the_token_of_django(client: Client) -> None:
    source = "from pagesapi import RouteConfig\nconfig = RouteConfig(csrf='token')\ndef POST(request): return True"
    with route_tree({"a.py": source}):
        assert Client(enforce_csrf_checks=True).post("/api/a").status_code == 403


def test_a_webhook(site: Path, client: Client) -> None:
    def sent(token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}", **CROSS_SITE}
        return client.post("/api/hooks/payment", {"id": 7}, "application/json", headers=headers)

    assert sent("t0ken").json() == {"received": 7}
    assert sent("other").status_code == 401


def test_another_service(site: Path, client: Client) -> None:
    """Nothing listens there; what a service says is shown by the tests of the proxy."""
    assert client.get("/api/weather/today?city=Rome").status_code == 502
    assert client.get("/api/weather/%252e%252e/admin").status_code == 400
    assert client.post("/api/weather/today").status_code == 405


def test_the_options_of_the_proxy() -> None:
    listed = {row[0].strip("`"): row[1].strip("`") for row in PAGE.rows_below("Another service behind your URL")}
    parameters = list(inspect.signature(proxy).parameters.values())[1:]
    assert listed == {each.name: repr(each.default).replace("'", '"') for each in parameters}


def test_a_policy_that_cannot_be_read_closes_its_folder(client: Client) -> None:
    with route_tree({"_middleware.py": "1 / 0", "a.py": "def GET(request): return 1"}):
        assert client.get("/api/a").status_code == 500
        assert "E028" in problems()[0]
    with route_tree({"_midleware.py": "", "a.py": "def GET(request): return 1"}):
        assert "E028" in problems()[0]


def test_the_table_of_who_may_call_is_what_the_command_prints(site: Path) -> None:
    call_command("routes", policy=True, stdout=(stdout := StringIO()))
    assert stdout.getvalue() == TABLE.text


def test_a_policy_is_held_to(site: Path, tmp_path: Path) -> None:
    test = run(SNAPSHOT, __file__=str(tmp_path / "test_policy.py"))["test_who_may_call_is_as_it_was_agreed"]
    call_command("routes", policy=True, json=True, stdout=(stdout := StringIO()))
    (tmp_path / "policy.json").write_text(stdout.getvalue())
    test()
    with route_tree({}), pytest.raises(AssertionError, match="Who may call has changed"):
        test()
