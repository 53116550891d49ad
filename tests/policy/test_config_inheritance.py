"""What a folder's `config` gives to the routes beneath it, field by field; the nearest word counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import ERROR
from django.urls import include, path
from pytest_django import Settings

from pagesapi import RouteConfig
from pagesapi.pages import iter_pages, revalidate_tag
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.machinery.checking import found, hint_of
from tests.pages.conftest import OPTIONS
from tests.policy.conftest import UseUrls
from tests.policy.trees import config

ECHO = "def handler(req, res): res.json({'body': req.body})"
EVIL = {"Origin": "https://evil.example"}


def cascade(field: str, outer: str, inner: str, own: str, source: str) -> dict[str, str]:
    """A route with nothing, one below a folder, one below two, and one with a word of its own below both."""
    return {
        "free.py": source,
        "a/_middleware.py": config(**{field: outer}),
        "a/x.py": source,
        "a/(group)/y.py": source,
        "a/b/_middleware.py": config(**{field: inner}),
        "a/b/x.py": source,
        "a/b/c/[id]/z.py": source.replace("(request)", "(request, id)"),
        "a/b/own.py": config(**{field: own}) + source,
        "a/b/other.py": config(middleware="[]") + source,
    }


PLACES = ("free", "a/x", "a/y", "a/b/x", "a/b/c/7/z", "a/b/own", "a/b/other")


def of_each(ask: Ask, **options: Any) -> list[Any]:
    return [ask(f"/api/{place}", **options) for place in PLACES]


@pytest.mark.parametrize("source", [ECHO, "def POST(request): return {'body': request.api.body}"])
def test_body_limit(ask: Ask, source: str) -> None:
    tree = cascade("body_limit", "10", "20", "'1kb'", source)
    with route_tree(tree, BODY_LIMIT=5):
        allowed = {}
        for size in (5, 10, 20, 1024):
            body = json.dumps("x" * (size - 2))
            found = of_each(ask, method="POST", data=body, content_type="application/json")
            allowed[size] = [
                place for place, response in zip(PLACES, found, strict=True) if response.status_code == 200
            ]
    assert allowed == {5: list(PLACES), 10: list(PLACES[1:]), 20: list(PLACES[3:]), 1024: ["a/b/own"]}


def test_a_route_may_lift_the_limit_of_its_folder(ask: Ask) -> None:
    with route_tree({"_middleware.py": config(body_limit="1"), "x.py": config(body_limit="None") + ECHO}):
        assert ask("/api/x", method="POST", data='"long"', content_type="application/json").status_code == 200


def test_parse_body(ask: Ask) -> None:
    source = "def handler(req, res): res.json(req.body is None)"
    with route_tree(cascade("parse_body", "False", "True", "False", source)):
        answers = of_each(ask, method="POST", data="[1]", content_type="application/json")
    assert [response.json() for response in answers] == [False, True, True, False, False, True, False]


def test_etag(ask: Ask) -> None:
    with route_tree(cascade("etag", "False", "True", "False", "def GET(request): return 1")):
        answers = of_each(ask)
    assert ["ETag" in response for response in answers] == [True, False, False, True, True, False, True]


def test_csrf(ask: Ask) -> None:
    with route_tree(cascade("csrf", "False", "'origin'", "False", "def POST(request): return 1")):
        answers = of_each(ask, method="POST", headers=EVIL)
    assert [response.status_code for response in answers] == [403, 200, 200, 403, 403, 200, 403]


def test_methods(ask: Ask) -> None:
    with route_tree(cascade("methods", "['GET']", "['POST', 'PUT']", "None", ECHO)):
        answers = of_each(ask, method="PATCH")
    assert [response.status_code for response in answers] == [200, 405, 405, 405, 405, 200, 405]
    assert [response.get("Allow") for response in answers][1:4] == ["GET, HEAD", "GET, HEAD", "POST, PUT"]


def test_the_methods_of_a_folder_say_nothing_of_files_with_method_functions(ask: Ask) -> None:
    tree = {"_middleware.py": config(methods="['GET']"), "x.py": "def POST(request): return 1", "h.py": ECHO}
    with route_tree(tree):
        assert ask("/api/x", method="POST").status_code == 200
        assert ask("/api/h", method="POST").status_code == 405
        assert [message for message in found(fine=True) if message.level >= ERROR] == []


def test_cors(ask: Ask) -> None:
    origin = "https://app.example"
    one, other = f"Cors(['{origin}'])", "Cors(['https://other.example'], credentials=True)"
    with route_tree(cascade("cors", one, other, "False", "def GET(request): return 1")):
        answers = of_each(ask, headers={"Origin": origin})
        others = of_each(ask, headers={"Origin": "https://other.example"})
    allowed = [response.get("Access-Control-Allow-Origin") for response in answers]
    assert allowed == [None, origin, origin, None, None, None, None]
    assert [response.get("Access-Control-Allow-Credentials") for response in others] == [
        None,
        None,
        None,
        "true",
        "true",
        None,
        "true",
    ]


def test_a_route_may_go_back_to_the_settings(ask: Ask, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    tree = {
        "_middleware.py": config(cors="False"),
        "x.py": config(cors="None") + ECHO,
        "y.py": ECHO,
    }
    with route_tree(tree):
        found = [ask(f"/api/{name}", headers={"Origin": "https://app.example"}) for name in "xy"]
    assert [response.get("Access-Control-Allow-Origin") for response in found] == ["https://app.example", None]


def test_one_field_of_a_route_leaves_the_others_to_its_folders(ask: Ask) -> None:
    tree = {
        "_middleware.py": config(csrf="False", etag="False", cors="Cors('*')"),
        "a/_middleware.py": config(body_limit="10"),
        "a/x.py": config(parse_body="True") + "def handler(req, res): res.json(1)",
    }
    with route_tree(tree):
        answer = ask("/api/a/x", headers={"Origin": "https://app.example"})
        assert ("ETag" in answer, answer["Access-Control-Allow-Origin"]) == (False, "*")
        assert ask("/api/a/x", method="POST", headers={"Origin": "null"}).status_code == 200
        assert ask("/api/a/x", method="POST", data="x" * 11, content_type="text/plain").status_code == 413


def test_a_group_gives_its_config_to_its_own_files_alone(ask: Ask) -> None:
    source = "def POST(request): return 1"
    tree = {"(a)/_middleware.py": config(csrf="False"), "(a)/x.py": source, "(b)/y.py": source, "z.py": source}
    with route_tree(tree):
        found = [ask(f"/api/{name}", method="POST", headers=EVIL).status_code for name in "xyz"]
    assert found == [200, 403, 403]


# Stored answers


@pytest.fixture
def site(settings: Settings, tmp_path: Path, use_urls: UseUrls) -> Iterator[None]:
    settings.BASE_DIR = tmp_path
    settings.PAGESAPI = OPTIONS
    use_urls(path("", include("pagesapi.urls")))
    return iter([None])


COUNT = "from itertools import count\nnumbers = count(1)\ndef GET(request): return next(numbers)\n"


@pytest.mark.usefixtures("site")
def test_static_and_how_long_and_by_which_tags(ask: Ask) -> None:
    tree = {
        "free.py": COUNT,
        "a/_middleware.py": config(static="True", revalidate="60", tags="['all']"),
        "a/x.py": COUNT,
        "a/longer.py": config(revalidate="600") + COUNT,
        "a/forever.py": config(revalidate="None") + COUNT,
        "a/tagged.py": config(tags="['own']") + COUNT,
        "a/live.py": config(static="False") + COUNT,
        "a/b/_middleware.py": config(revalidate="5"),
        "a/b/y.py": COUNT,
    }
    with route_tree(tree):
        urls = sorted(page.path for page in iter_pages())
        assert urls == ["/api/a/b/y", "/api/a/forever", "/api/a/longer", "/api/a/tagged", "/api/a/x"]
        ages = {url: ask(url)["Cache-Control"].split(",")[0] for url in urls}
        assert ages == {
            "/api/a/b/y": "s-maxage=5",
            "/api/a/forever": "s-maxage=31536000",
            "/api/a/longer": "s-maxage=600",
            "/api/a/tagged": "s-maxage=60",
            "/api/a/x": "s-maxage=60",
        }
        assert [ask(url).json() for url in ("/api/free", "/api/a/live")] == [1, 1]
        assert [ask(url).json() for url in ("/api/free", "/api/a/live", "/api/a/x")] == [2, 2, 1]
        revalidate_tag("all")
        assert [ask(url).json() for url in ("/api/a/x", "/api/a/b/y", "/api/a/tagged")] == [2, 2, 1]
        revalidate_tag("own")
        assert [ask(url).json() for url in ("/api/a/x", "/api/a/tagged")] == [2, 2]


@pytest.mark.usefixtures("site")
def test_a_static_folder_leaves_files_without_get_alone(ask: Ask) -> None:
    with route_tree({"_middleware.py": config(static="True"), "x.py": "def POST(request): return 1"}):
        assert ask("/api/x", method="POST").json() == 1
        assert [message for message in found(fine=True) if message.level >= ERROR] == []


@pytest.mark.usefixtures("site")
def test_a_time_or_tag_without_anything_stored_is_said_by_check(ask: Ask) -> None:
    with route_tree({"x.py": config(revalidate="60") + COUNT}):
        (message,) = [message for message in found() if message.level >= ERROR]
        assert "x.py" in message.msg
        assert "static" in hint_of(message)


# What a config takes

WRONG: dict[str, dict[str, Any]] = {
    "an unknown csrf": {"csrf": "off"},
    "csrf True": {"csrf": True},
    "csrf None": {"csrf": None},
    "csrf zero": {"csrf": 0},
    "a text as parse_body": {"parse_body": "no"},
    "None as etag": {"etag": None},
    "a text as static": {"static": "yes"},
    "a size that is none": {"body_limit": "5 elephants"},
    "a negative size": {"body_limit": -1},
    "cors True": {"cors": True},
    "a text as cors": {"cors": "*"},
    "a list as cors": {"cors": ["https://app.example"]},
    "zero as cors": {"cors": 0},
    "methods in lower case": {"methods": ["get"]},
    "a text as methods": {"methods": "GET"},
    "no methods": {"methods": []},
    "a number as middleware": {"middleware": 7},
    "None as middleware": {"middleware": None},
    "a name as middleware": {"middleware": "require_user"},
    "revalidate zero": {"static": True, "revalidate": 0},
    "a text as tags": {"static": True, "tags": "all"},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_refused_at_once(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        RouteConfig(**fields)


def test_a_config_is_a_value(ask: Ask) -> None:
    assert RouteConfig(csrf=False) == RouteConfig(csrf=False)
    with pytest.raises(AttributeError):
        RouteConfig().csrf = False  # type: ignore[misc]
