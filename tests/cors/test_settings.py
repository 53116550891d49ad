"""The project's own `CORS_*` settings, for endpoints without a policy. See test_promises.py for everything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from corsheaders.signals import check_request_enabled
from django.http import HttpRequest
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.cors.telling import APP, EVIL, told
from tests.machinery.asking import Ask

TREE = {
    "methods.py": "def GET(request): return 1\ndef POST(request): return 1\n",
    "handled.py": "def handler(req, res): res.set_header('X-Answered', req.method).json(req.method)",
    "boom.py": "def GET(request): raise RuntimeError('boom')",
    "stream.py": "def GET(request): return iter([b'a', b'b'])",
}
PREFLIGHT = {"Origin": APP, "Access-Control-Request-Method": "PUT"}


def test_without_settings_no_origin_is_allowed(ask: Ask) -> None:
    with route_tree(TREE):
        for path in ("/api/methods", "/api/nothing", "/api/boom"):
            assert told(ask(path, headers={"Origin": APP})) == {}


@pytest.fixture
def _allowed(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [APP]


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize("path", ["/api/methods", "/api/nothing", "/api/boom", "/api/stream", "/api/methods/"])
def test_an_allowed_origin_is_named_on_answers_errors_streams_and_redirects(ask: Ask, path: str) -> None:
    with route_tree(TREE):
        response = ask(path, headers={"Origin": APP})
    assert response["Access-Control-Allow-Origin"] == APP
    assert "origin" in response["Vary"].lower()


@pytest.mark.usefixtures("_allowed")
def test_another_origin_gets_no_header_but_the_vary(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/methods", headers={"Origin": EVIL})
    assert told(response) == {}
    assert "origin" in response["Vary"].lower()


@pytest.mark.usefixtures("_allowed")
def test_with_settings_a_preflight_is_answered_before_the_endpoint(ask: Ask, settings: Settings) -> None:
    settings.CORS_ALLOW_CREDENTIALS = True
    with route_tree(TREE):
        response = ask("/api/handled", method="OPTIONS", headers=PREFLIGHT)
    assert (response.status_code, response.content) == (200, b"")
    assert "X-Answered" not in response
    assert response["Access-Control-Allow-Origin"] == APP
    assert "PUT" in response["Access-Control-Allow-Methods"]
    assert response["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.usefixtures("_allowed")
def test_an_options_request_that_is_no_preflight_reaches_the_endpoint(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/handled", method="OPTIONS", headers={"Origin": APP})
    assert response["X-Answered"] == "OPTIONS"
    assert response["Access-Control-Allow-Origin"] == APP


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
        simple = ask("/api/methods", headers={"Origin": APP})
        preflight = ask("/api/handled", method="OPTIONS", headers=PREFLIGHT)
    assert simple["Access-Control-Allow-Origin"] in (APP, "*")
    assert "X-Answered" not in preflight
    assert preflight["Access-Control-Allow-Origin"] in (APP, "*")


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
        assert ask("/api/handled", headers={"Origin": APP})["Access-Control-Allow-Origin"] == APP
        assert "X-Answered" not in ask("/api/handled", method="OPTIONS", headers=PREFLIGHT)
        assert told(ask("/api/methods", headers={"Origin": APP})) == {}


@pytest.mark.usefixtures("_allowed")
def test_urls_outside_the_pattern_of_the_settings_are_left_alone(ask: Ask, settings: Settings) -> None:
    settings.CORS_URLS_REGEX = r"^/api/methods$"
    with route_tree(TREE):
        assert told(ask("/api/handled", headers={"Origin": APP})) == {}
        assert ask("/api/methods", headers={"Origin": APP})["Access-Control-Allow-Origin"] == APP
        assert ask("/api/handled", method="OPTIONS", headers=PREFLIGHT)["X-Answered"] == "OPTIONS"


@pytest.mark.usefixtures("_allowed")
def test_an_origin_that_may_read_may_not_change_anything_for_that(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/methods", method="POST", headers={"Origin": APP})
    assert response.status_code == 403
    assert response["Access-Control-Allow-Origin"] == APP
