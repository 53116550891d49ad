"""Unknown paths: JSON below the prefix, the project's own page elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.machinery.conftest import UseUrls

TREE = {
    "posts/[id=int].py": "def GET(request, id): return id",
    "posts/index.py": "def GET(request): return []",
    "about.py": "def GET(request): return {}",
    "missing.py": "from django.http import Http404\ndef GET(request): raise Http404('gone')",
}
PROBLEM = "application/problem+json"


def own_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("our own page", status=404)


def own_json_404(request: HttpRequest, exception: Exception) -> JsonResponse:
    return JsonResponse({"ours": True}, status=404)


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_below_the_prefix_an_unknown_path_is_a_problem_document(ask: Ask, method: str, accept: str) -> None:
    with route_tree(TREE):
        response = ask("/api/nothing/here?a=1", method=method, headers={"Accept": accept})
    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)
    assert response.json()["title"] == "Not Found"
    assert response.json()["instance"] == "/api/nothing/here"


def test_it_does_not_list_the_routes_without_debug(ask: Ask) -> None:
    with route_tree(TREE) as folder:
        response = ask("/api/abuot")
    assert "about.py" not in response.content.decode()
    assert str(folder) not in response.content.decode()
    assert "near" not in response.json()


def test_head_of_an_unknown_path_has_no_body(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/nothing", method="HEAD")
    assert (response.status_code, response.content) == (404, b"")


@pytest.mark.parametrize(
    ("path", "file", "reason"),
    [
        ("/api/posts/abc", "posts/[id=int].py", "int"),
        ("/api/abuot", "about.py", "about"),
        ("/api/About", "about.py", "case"),
        ("/api/about.py", "about.py", ".py"),
        ("/api/about/us", "about.py", "us"),
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_in_debug_it_says_which_routes_came_near_and_why_each_did_not_match(
    ask: Ask, settings: Settings, path: str, file: str, reason: str, accept: str
) -> None:
    settings.DEBUG = True
    with route_tree(TREE):
        response = ask(path, headers={"Accept": accept})
    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)
    near = {miss["file"]: miss["reason"] for miss in response.json()["near"]}
    assert reason in near[file]


def test_in_debug_a_path_that_is_like_nothing_says_so(ask: Ask, settings: Settings) -> None:
    settings.DEBUG = True
    with route_tree(TREE):
        response = ask("/api/zzzz")
    assert (response.status_code, response.json()["near"]) == (404, [])


@pytest.mark.parametrize("debug", [True, False])
def test_outside_the_prefix_nothing_changes(ask: Ask, settings: Settings, debug: bool) -> None:
    settings.DEBUG = debug
    with route_tree(TREE):
        for outside in ("/nothing", "/apix", "/apix/posts"):
            response = ask(outside)
            assert (response.status_code, response["Content-Type"].split(";")[0]) == (404, "text/html")


def test_the_projects_own_404_is_left_to_its_own_paths(ask: Ask, use_urls: UseUrls) -> None:
    use_urls(path("", include("pagesapi.urls")), handler404=own_404)
    with route_tree(TREE):
        assert ask("/nothing").content == b"our own page"
        assert ask("/api/nothing")["Content-Type"] == PROBLEM
        assert ask("/api/missing").json()["detail"] == "gone"


def test_a_404_of_the_project_that_is_json_already_stays(ask: Ask, use_urls: UseUrls) -> None:
    use_urls(path("", include("pagesapi.urls")), handler404=own_json_404)
    with route_tree(TREE):
        assert ask("/api/nothing").json() == {"ours": True}


@pytest.mark.parametrize("debug", [True, False])
def test_with_an_empty_prefix_at_the_root_the_projects_404_stays(
    ask: Ask, settings: Settings, use_urls: UseUrls, debug: bool
) -> None:
    settings.DEBUG = debug
    use_urls(path("", include("pagesapi.urls")), handler404=own_404)
    with route_tree(TREE, API_PREFIX=""):
        assert ask("/about").json() == {}
        response = ask("/nothing")
        assert (response.status_code, response["Content-Type"].split(";")[0]) == (404, "text/html")
        assert ask("/missing")["Content-Type"] == PROBLEM


def test_with_an_empty_prefix_below_a_path_that_path_is_the_apis(ask: Ask, use_urls: UseUrls) -> None:
    use_urls(path("service/", include("pagesapi.urls")), handler404=own_404)
    with route_tree(TREE, API_PREFIX=""):
        assert ask("/service/about").json() == {}
        assert ask("/service/nothing")["Content-Type"] == PROBLEM
        assert ask("/nothing").content == b"our own page"


@pytest.mark.parametrize("debug", [True, False])
def test_a_404_of_the_projects_own_view_below_the_prefix_stays_its_own(
    ask: Ask, settings: Settings, use_urls: UseUrls, debug: bool
) -> None:
    settings.DEBUG = debug

    def old(request: HttpRequest) -> HttpResponse:
        return HttpResponse("<p>the old API's own 404", status=404)

    use_urls(path("api/v1/", old), path("", include("pagesapi.urls")))
    with route_tree(TREE):
        assert ask("/api/v1/").content == b"<p>the old API's own 404"


@pytest.mark.parametrize("debug", [True, False])
def test_a_refused_tree_answers_500_on_all_of_its_urls_and_the_project_lives(
    ask: Ask, settings: Settings, debug: bool
) -> None:
    settings.DEBUG = debug
    with route_tree({**TREE, "posts/[number=int].py": "", "x[y].py": ""}):
        answers: dict[str, Any] = {url: ask(url) for url in ("/api/about", "/api/posts/3", "/api/x", "/nothing")}
    assert {url: answer.status_code for url, answer in answers.items()} == {
        "/api/about": 500,
        "/api/posts/3": 500,
        "/api/x": 500,
        "/nothing": 404,
    }
    assert all(answers[url]["Content-Type"] == PROBLEM for url in ("/api/about", "/api/posts/3", "/api/x"))
    assert ("x[y].py" in answers["/api/about"].content.decode()) is debug
