"""The project's own `CORS_*` settings, for endpoints and for everything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from corsheaders.signals import check_request_enabled
from django.http import HttpRequest
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask

ORIGIN = "https://app.example"
TREE = {
    "methods.py": "def GET(request): return 1\ndef POST(request): return 1\n",
    "handled.py": "def handler(req, res): res.set_header('X-Answered', req.method).json(req.method)",
    "boom.py": "def GET(request): raise RuntimeError('boom')",
    "stream.py": "def GET(request): return iter([b'a', b'b'])",
}
PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"}


def cors_headers(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.items() if name.lower().startswith("access-control-")}


def test_without_settings_no_origin_is_allowed(ask: Ask) -> None:
    with route_tree(TREE):
        for path in ("/api/methods", "/api/nothing", "/api/boom"):
            assert cors_headers(ask(path, headers={"Origin": ORIGIN})) == {}


def test_without_settings_a_preflight_reaches_the_endpoint(ask: Ask) -> None:
    with route_tree(TREE):
        methods = ask("/api/methods", method="OPTIONS", headers=PREFLIGHT)
        handled = ask("/api/handled", method="OPTIONS", headers=PREFLIGHT)
    assert (methods.status_code, methods["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert (handled.status_code, handled["X-Answered"]) == (200, "OPTIONS")
    assert cors_headers(methods) == cors_headers(handled) == {}


@pytest.fixture
def _allowed(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize("path", ["/api/methods", "/api/nothing", "/api/boom", "/api/stream", "/api/methods/"])
def test_an_allowed_origin_is_named_on_answers_errors_streams_and_redirects(ask: Ask, path: str) -> None:
    with route_tree(TREE):
        response = ask(path, headers={"Origin": ORIGIN})
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert "origin" in response["Vary"].lower()


@pytest.mark.usefixtures("_allowed")
def test_another_origin_gets_no_header_but_the_vary(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/methods", headers={"Origin": "https://evil.example"})
    assert cors_headers(response) == {}
    assert "origin" in response["Vary"].lower()


@pytest.mark.usefixtures("_allowed")
def test_with_settings_a_preflight_is_answered_before_the_endpoint(ask: Ask, settings: Settings) -> None:
    settings.CORS_ALLOW_CREDENTIALS = True
    with route_tree(TREE):
        response = ask("/api/handled", method="OPTIONS", headers=PREFLIGHT)
    assert (response.status_code, response.content) == (200, b"")
    assert "X-Answered" not in response
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert "PUT" in response["Access-Control-Allow-Methods"]
    assert response["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.usefixtures("_allowed")
def test_an_options_request_that_is_no_preflight_reaches_the_endpoint(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/handled", method="OPTIONS", headers={"Origin": ORIGIN})
    assert response["X-Answered"] == "OPTIONS"
    assert response["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CORS_ALLOW_ALL_ORIGINS", True),
        ("CORS_ALLOWED_ORIGIN_REGEXES", [r"^https://\w+\.example$"]),
    ],
)
def test_every_way_to_allow_an_origin_counts(ask: Ask, settings: Settings, name: str, value: object) -> None:
    setattr(settings, name, value)
    with route_tree(TREE):
        simple = ask("/api/methods", headers={"Origin": ORIGIN})
        preflight = ask("/api/handled", method="OPTIONS", headers=PREFLIGHT)
    assert simple["Access-Control-Allow-Origin"] in (ORIGIN, "*")
    assert "X-Answered" not in preflight
    assert preflight["Access-Control-Allow-Origin"] in (ORIGIN, "*")


@pytest.fixture
def _by_signal() -> Iterator[None]:
    def allow(sender: object, request: HttpRequest, **kwargs: Any) -> bool:
        return request.path.startswith("/api/handled")

    check_request_enabled.connect(allow)
    yield
    check_request_enabled.disconnect(allow)


@pytest.mark.usefixtures("_by_signal")
def test_a_receiver_of_the_signal_allows_too(ask: Ask) -> None:
    with route_tree(TREE):
        assert ask("/api/handled", headers={"Origin": ORIGIN})["Access-Control-Allow-Origin"] == ORIGIN
        assert "X-Answered" not in ask("/api/handled", method="OPTIONS", headers=PREFLIGHT)
        assert cors_headers(ask("/api/methods", headers={"Origin": ORIGIN})) == {}


@pytest.mark.usefixtures("_allowed")
def test_urls_outside_the_pattern_of_the_settings_are_left_alone(ask: Ask, settings: Settings) -> None:
    settings.CORS_URLS_REGEX = r"^/api/methods$"
    with route_tree(TREE):
        assert cors_headers(ask("/api/handled", headers={"Origin": ORIGIN})) == {}
        assert ask("/api/methods", headers={"Origin": ORIGIN})["Access-Control-Allow-Origin"] == ORIGIN
        assert ask("/api/handled", method="OPTIONS", headers=PREFLIGHT)["X-Answered"] == "OPTIONS"


@pytest.mark.usefixtures("_allowed")
def test_an_origin_that_may_read_may_not_change_anything_for_that(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/methods", method="POST", headers={"Origin": ORIGIN})
    assert response.status_code == 403
    assert response["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.django_db
def test_pages_outside_the_tree_answer_preflights_as_corsheaders_does(ask: Ask) -> None:
    response = ask("/", method="OPTIONS", headers=PREFLIGHT)
    assert (response.status_code, response.content, cors_headers(response)) == (200, b"", {})
