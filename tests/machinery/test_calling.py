"""Endpoints called in process: `call_route` and `acall_route`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.http.response import HttpResponseBase

from pagesapi import acall_route, call_route
from pagesapi.exceptions import RouteNotFound
from pagesapi.testing import route_tree

ECHO = """
    def answer(req):
        return {"method": req.method, "path": req.path, "params": req.params, "query": req.query, "body": req.body,
                "type": req.django.content_type, "user": str(req.user), "header": req.headers.get("X-Own")}
"""
TREE = {
    "sync/[id].py": f"{ECHO}\n    def handler(req, res): res.json(answer(req))\n",
    "async/[id].py": f"{ECHO}\n    async def handler(req, res): res.json(answer(req))\n",
    "typed/[id=int]/[...rest].py": "def GET(request, id, rest): return [id, rest]",
    "methods.py": "def GET(request): return 1\nasync def POST(request): return request.api.body\n",
    "open/[[...rest]].py": "def GET(request, rest=None): return rest or []",
    "denied.py": "from pagesapi import HTTPError\ndef GET(request): raise HTTPError(409, 'No.')",
    "boom.py": "def GET(request): raise ZeroDivisionError('boom')",
    "user.py": "async def GET(request): return [str(request.user), str(await request.auser())]",
}


def acalled(name: str, **options: Any) -> HttpResponseBase:
    return async_to_sync(acall_route)(name, **options)


@pytest.fixture(params=[call_route, acalled], ids=["call_route", "acall_route"])
def call(request: pytest.FixtureRequest) -> Any:
    return request.param


def json_of(response: Any) -> Any:
    return json.loads(response.content)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_call_is_a_request_without_a_server(call: Any, kind: str) -> None:
    with route_tree(TREE):
        response = call(
            f"{kind}/[id]",
            method="patch",
            params={"id": "a b"},
            body={"title": "Hi"},
            query={"q": ["1", "2"]},
            headers={"X-Own": "yes"},
        )
    assert response.status_code == 200
    assert json_of(response) == {
        "method": "PATCH",
        "path": f"/api/{kind}/a b",
        "params": {"id": "a b"},
        "query": {"id": "a b", "q": ["1", "2"]},
        "body": {"title": "Hi"},
        "type": "application/json",
        "user": "AnonymousUser",
        "header": "yes",
    }


@pytest.mark.parametrize(
    ("body", "content_type", "value"),
    [
        ({"a": 1}, "application/json", {"a": 1}),
        ([1], "application/json", [1]),
        ("text é", "text/plain", "text é"),
        (None, "", {}),
    ],
)
def test_the_type_of_a_body_follows_from_its_value(call: Any, body: Any, content_type: str, value: Any) -> None:
    with route_tree(TREE):
        answer = json_of(call("sync/[id]", method="POST", params={"id": "1"}, body=body))
    assert (answer["type"], answer["body"]) == (content_type, value)


def test_a_body_of_another_type_names_it(call: Any) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with route_tree(TREE):
        answer = json_of(call("sync/[id]", method="POST", params={"id": "1"}, body=b"a=1&b=2", headers=headers))
    assert answer["body"] == {"a": "1", "b": "2"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sync/[id]", "async/[id]"])
def test_the_user_is_the_one_given(call: Any, name: str) -> None:
    user = User.objects.create_user("ann")
    with route_tree(TREE):
        assert json_of(call(name, params={"id": "1"}, user=user))["user"] == "ann"
        assert json_of(call("user", user=user)) == ["ann", "ann"]


def test_parameters_arrive_as_a_request_would_bring_them(call: Any) -> None:
    with route_tree(TREE):
        for rest in (["a", "b"], "a/b", ("a", "b")):
            assert json_of(call("typed/[id=int]/[...rest]", params={"id": "7", "rest": rest})) == [7, ["a", "b"]]
        assert json_of(call("open/[[...rest]]")) == []
        assert json_of(call("open/[[...rest]]", params={"rest": []})) == []
        assert json_of(call("open/[[...rest]]", params={"rest": [1, 2]})) == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "params", "error"),
    [
        ("sync/[id]", {}, TypeError),
        ("sync/[id]", {"id": "1", "other": 2}, TypeError),
        ("sync/[id]", {"id": ""}, ValueError),
        ("sync/[id]", {"id": "a/b"}, ValueError),
        ("typed/[id=int]/[...rest]", {"id": "x", "rest": "a"}, ValueError),
        ("typed/[id=int]/[...rest]", {"id": 1, "rest": []}, ValueError),
        ("typed/[id=int]/[...rest]", {"id": 1, "rest": "a//b"}, ValueError),
        ("nothing", {}, RouteNotFound),
    ],
)
def test_what_no_request_could_bring_is_an_error(call: Any, name: str, params: Any, error: type[Exception]) -> None:
    with route_tree(TREE), pytest.raises(error):
        call(name, params=params)


def test_errors_that_are_answers_are_answers_and_others_are_raised(call: Any) -> None:
    with route_tree(TREE):
        response = call("denied")
        assert (response.status_code, json_of(response)["detail"]) == (409, "No.")
        assert call("methods", method="DELETE").status_code == 405
        with pytest.raises(ZeroDivisionError):
            call("boom")


def test_every_method_of_a_file_is_called_whichever_way_it_is_written(call: Any) -> None:
    with route_tree(TREE):
        assert json_of(call("methods")) == 1
        assert json_of(call("methods", method="POST", body=[2])) == [2]
