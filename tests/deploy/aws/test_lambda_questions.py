"""What is asked of both sites."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls.converters import StringConverter, get_converters, register_converter
from pytest_django import Settings

from pagesapi.deploy.verify.questions import Asker, Inquiry, inquiries
from pagesapi.deploy.writing.plan import make_plan
from pagesapi.testing import route_tree

GET = "def GET(request, **params): return params"


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.STATIC_URL = "https://cdn.example/"


def asked(files: dict[str, str], *pages: str, folder: Path | None = None, **options: object) -> list[Inquiry]:
    with route_tree(files, SITE_URL="https://example.com", **options):
        return list(inquiries(make_plan(per_route=False, interface="wsgi", python="3.13"), pages, folder))


def lines(found: list[Inquiry]) -> list[str]:
    return [str(each.question) for each in found if each.is_asked]


def test_an_endpoint_is_asked_in_every_safe_way_and_by_a_method_that_it_has_not() -> None:
    found = asked({"posts.py": "def GET(request): ...\ndef POST(request): ..."})
    of_posts = [each for each in found if each.question.path == "/api/posts"]
    assert lines(of_posts) == [
        f"{method} /api/posts" for method in ("GET", "HEAD", "OPTIONS", "GET", "OPTIONS", "DELETE")
    ]
    assert [str(each.question) for each in of_posts if not each.is_asked] == ["POST /api/posts"]
    origins = [bool(each.question.values("Origin")) for each in of_posts]
    assert origins == [False, False, False, True, True, False, False]


def test_a_method_that_may_write_is_never_asked() -> None:
    every = "def handler(req, res): ..."
    some = "\n".join(f"def {method}(request): ..." for method in ("GET", "POST", "PUT", "PATCH", "DELETE"))
    found = asked({"every.py": every, "some.py": some})
    assert not [line for line in lines(found) if not line.startswith(("GET", "HEAD", "OPTIONS"))]
    assert [str(each.question) for each in found if not each.is_asked] == [
        f"{method} /api/{name}" for name in ("every", "some") for method in ("DELETE", "PATCH", "POST", "PUT")
    ]


def test_parameters_have_values_that_their_converters_take() -> None:
    found = asked(
        {
            "a/[id].py": GET,
            "b/[id=int].py": GET,
            "c/[id=uuid].py": GET,
            "d/[id=slug].py": GET,
            "e/[...path].py": GET,
            "f/[[...path]].py": GET,
        }
    )
    targets = list(dict.fromkeys(each.question.path for each in found))
    assert targets[:7] == [
        "/api/a/1",
        "/api/b/1",
        "/api/c/0190163d-8694-739b-aea5-966c26f8ad91",
        "/api/d/1",
        "/api/e/a/b",
        "/api/f",
        "/api/f/a/b",
    ]


class Never(StringConverter):
    regex = "(?!.)"


def test_a_parameter_that_takes_nothing_of_what_is_tried_is_not_asked() -> None:
    if "never" not in get_converters():
        register_converter(Never, "never")
    assert not [line for line in lines(asked({"x/[id=never].py": GET})) if "/api/x" in line]


def test_a_stored_answer_is_asked_by_a_path_that_was_built() -> None:
    static = f"from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\n{GET}"
    paths = "\ndef get_static_paths(): return [{'id': '7'}]"
    found = asked({"a/[id].py": static + paths, "b.py": static}, "/about/", "/api/a/7", "/api/c")
    targets = [each.question.path for each in found]
    assert "/api/a/7" in targets
    assert "/api/a/1" not in targets
    assert "/api/b" in targets
    assert len(set(found)) == len(found)


def test_a_page_is_asked_with_its_etag_and_by_its_other_spelling() -> None:
    found = [each for each in asked({}, "/", "/über/", "/feed.xml") if "pagesapi" not in each.question.target]
    assert [(str(each.question), each.is_conditional) for each in found] == [
        ("GET /", False),
        ("HEAD /", False),
        ("GET /", True),
        ("GET /%C3%BCber/", False),
        ("HEAD /%C3%BCber/", False),
        ("GET /%C3%BCber/", True),
        ("GET /%C3%BCber", False),
        ("GET /feed.xml", False),
        ("HEAD /feed.xml", False),
        ("GET /feed.xml", True),
        ("GET /feed.xml/", False),
    ]


def test_what_is_not_there_is_asked_too() -> None:
    assert lines(asked({})) == ["GET /pagesapi/verify/no/such/page", "GET /api/pagesapi/verify/no/such/page"]
    assert lines(asked({}, API_PREFIX="")) == ["GET /pagesapi/verify/no/such/page"]
    assert lines(asked({"index.py": GET}, API_PREFIX=""))[0] == "GET /"


@pytest.mark.parametrize(("url", "is_asked"), [("/static/", True), ("https://cdn.example/s/", False), ("/", False)])
def test_one_static_file_is_asked(settings: Settings, tmp_path: Path, url: str, is_asked: bool) -> None:
    settings.STATIC_URL = url
    assert lines(asked({}, folder=tmp_path))[2:] == []
    (tmp_path / "static" / "a b").mkdir(parents=True)
    (tmp_path / "static" / "a b" / "ü.css").touch()
    (tmp_path / "static" / "z.css").touch()
    of_file = [f"{method} /static/a%20b/%C3%BC.css" for method in ("GET", "HEAD")]
    assert lines(asked({}, folder=tmp_path))[2:] == (of_file if is_asked else [])


def test_the_host_is_that_of_the_site_or_one_that_is_allowed(settings: Settings) -> None:
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = [".example.org"]
    with route_tree({}, SITE_URL="https://example.com:8443"):
        assert Asker.of_project().host == "example.com:8443"
    with route_tree({}, SITE_URL=None):
        assert Asker.of_project().host == "example.org"
