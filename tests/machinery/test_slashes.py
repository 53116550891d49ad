"""`APPEND_SLASH` and the API's own slash rule, side by side."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.machinery.conftest import UseUrls

ECHO = {"echo.py": "def handler(req, res): res.json({'method': req.method, 'body': req.body})"}


@csrf_exempt
def old(request: HttpRequest, **params: object) -> JsonResponse:
    return JsonResponse({"old": request.path, "method": request.method})


OLD = [path("api/v1/", old), path("api/v1/posts/<int:pk>/", old), path("about/", old)]


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_a_final_slash_is_redirected_whatever_the_method(
    ask: Ask, settings: Settings, debug: bool, method: str
) -> None:
    settings.DEBUG = debug
    with route_tree(ECHO):
        response = ask("/api/echo/?a=1&b=%20", method=method)
    assert (response.status_code, response["Location"]) == (308, "/api/echo?a=1&b=%20")


@pytest.mark.parametrize("debug", [True, False])
def test_a_client_that_follows_the_redirect_keeps_its_body(ask: Ask, settings: Settings, debug: bool) -> None:
    settings.DEBUG = debug
    with route_tree(ECHO):
        target = ask("/api/echo/", method="POST", json={"a": 1})["Location"]
        response = ask(target, method="POST", json={"a": 1})
    assert response.json() == {"method": "POST", "body": {"a": 1}}


@pytest.mark.parametrize("first", ["the tree", "the old API"])
def test_an_old_api_with_slashes_lives_on(ask: Ask, use_urls: UseUrls, first: str) -> None:
    tree = [path("", include("pagesapi.urls"))]
    use_urls(*(tree + OLD if first == "the tree" else OLD + tree))
    with route_tree({"[id].py": "def handler(req, res): res.json({'id': req.query.id})"}):
        assert ask("/api/v1/").json() == {"old": "/api/v1/", "method": "GET"}
        assert ask("/api/v1/posts/3/", method="POST").json() == {"old": "/api/v1/posts/3/", "method": "POST"}
        appended = ask("/api/v1/posts/3?a=1")
        assert (appended.status_code, appended["Location"]) == (301, "/api/v1/posts/3/?a=1")
        assert ask("/api/v2").json() == {"id": "v2"}
        assert ask("/api/v2/")["Location"] == "/api/v2"


@pytest.mark.parametrize("first", ["the tree", "the old API"])
def test_slashes_are_appended_outside_the_prefix_as_ever(ask: Ask, use_urls: UseUrls, first: str) -> None:
    tree = [path("", include("pagesapi.urls"))]
    use_urls(*(tree + OLD if first == "the tree" else OLD + tree))
    with route_tree(ECHO):
        response = ask("/about?a=1")
    assert (response.status_code, response["Location"]) == (301, "/about/?a=1")


def test_a_slash_that_leads_nowhere_is_a_404(ask: Ask) -> None:
    with route_tree(ECHO):
        response = ask("/api/nothing/", method="POST")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_both_forms_are_served_where_both_are_accepted(ask: Ask) -> None:
    with route_tree(ECHO, TRAILING_SLASH="accept"):
        for url in ("/api/echo", "/api/echo/"):
            assert ask(url, method="POST", json=[1]).json() == {"method": "POST", "body": [1]}


def test_a_final_slash_is_redirected_without_append_slash_too(ask: Ask, settings: Settings) -> None:
    settings.APPEND_SLASH = False
    with route_tree(ECHO):
        assert ask("/api/echo/").status_code == 308


# Django's clients take "//x/" for a host, hence `PATH_INFO`.


@pytest.mark.parametrize(
    ("path_info", "location"),
    [
        ("/api//echo", "/api/echo"),
        ("/api/echo//", "/api/echo/"),
        ("//api/echo", "/api/echo"),
        ("///api///echo", "/api/echo"),
    ],
)
def test_double_slashes_are_collapsed(client: Client, path_info: str, location: str) -> None:
    with route_tree(ECHO):
        response = client.post("/?a=1", PATH_INFO=path_info)
    assert (response.status_code, response["Location"]) == (308, f"{location}?a=1")


@pytest.mark.parametrize(
    "path_info", ["//evil.example/", "/\\evil.example/", "//evil.example//", "///evil.example/../", "//"]
)
@pytest.mark.parametrize("slash", ["redirect", "accept"])
def test_no_redirect_leads_to_another_host(client: Client, use_urls: UseUrls, path_info: str, slash: str) -> None:
    use_urls(path("", include("pagesapi.urls")))
    with route_tree({"[...all].py": "def GET(request, all): return all"}, API_PREFIX="", TRAILING_SLASH=slash):
        location = client.get("/", PATH_INFO=path_info).get("Location", "/")
    assert location[:1] == "/"
    assert location[1:2] not in ("/", "\\")


def test_double_slashes_outside_the_tree_are_left_alone(client: Client) -> None:
    with route_tree(ECHO):
        response = client.get("/", PATH_INFO="/api//nothing")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
