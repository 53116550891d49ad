"""A policy beside the project's own `CORS_*` settings: the policy alone counts, and `cors=False` denies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from corsheaders.signals import check_request_enabled
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.cors.telling import APP, DEFAULT_HEADERS, EVIL, GET, may_read, preflight, told, varies_by, with_cors
from tests.machinery.asking import Ask

HANDLER = "def handler(req, res): res.set_header('X-Answered', req.method).json(req.method)"
TREE = {
    "denied.py": with_cors("False", GET),
    "handled.py": with_cors("False", HANDLER),
    "own.py": with_cors("Cors(origins=['https://app.example'])", GET),
    "nobody.py": with_cors("Cors(origins=[])", GET),
    "unset.py": with_cors("None", GET),
    "plain.py": GET,
    "in/_middleware.py": with_cors("False"),
    "in/a.py": GET,
    "in/b.py": with_cors("None", GET),
    "in/c.py": with_cors("Cors(origins=['https://app.example'])", GET),
    "in/broken.py": "1 / 0",
}
PERMISSIVE: dict[str, dict[str, Any]] = {
    "everybody": {"CORS_ALLOW_ALL_ORIGINS": True},
    "everybody, with credentials": {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True},
    "a list": {"CORS_ALLOWED_ORIGINS": [APP, EVIL]},
    "a pattern": {"CORS_ALLOWED_ORIGIN_REGEXES": [".*"], "CORS_EXPOSE_HEADERS": ["X-One"]},
    "a signal": {},
}


def allow(sender: object, **kwargs: object) -> bool:
    return True


@pytest.fixture(params=PERMISSIVE)
def _permissive(request: pytest.FixtureRequest, settings: Settings) -> Iterator[None]:
    for name, value in PERMISSIVE[request.param].items():
        setattr(settings, name, value)
    settings.CORS_ALLOW_PRIVATE_NETWORK = True
    if request.param == "a signal":
        check_request_enabled.connect(allow)
    with route_tree(TREE):
        yield
    check_request_enabled.disconnect(allow)


@pytest.mark.usefixtures("_permissive")
@pytest.mark.parametrize(
    "path",
    ["/api/denied", "/api/handled", "/api/nobody", "/api/in/a", "/api/in/nothing", "/api/denied/", "/api/in//a"],
)
def test_a_route_that_denies_says_nothing_where_the_project_allows(ask: Ask, path: str) -> None:
    for origin in (APP, EVIL, "null", "http://testserver"):
        assert told(ask(path, headers={"Origin": origin})) == {}
        assert told(ask(path, method="POST", headers={"Origin": origin})) == {}
        assert told(preflight(ask, path, "GET", origin, private_network="true")) == {}


@pytest.mark.usefixtures("_permissive")
def test_a_broken_route_below_a_folder_that_denies_says_nothing_either(ask: Ask) -> None:
    response = ask("/api/in/broken", headers={"Origin": EVIL})
    assert (response.status_code, told(response)) == (500, {})
    assert told(preflight(ask, "/api/in/broken", origin=EVIL)) == {}


@pytest.mark.usefixtures("_permissive")
def test_the_projects_settings_add_nothing_to_a_policy(ask: Ask) -> None:
    for path in ("/api/own", "/api/in/c"):
        assert told(ask(path, headers={"Origin": APP})) == {"allow-origin": APP}
        other = ask(path, headers={"Origin": EVIL})
        assert (told(other), varies_by(other)) == ({}, ["origin"])
        answer = preflight(ask, path, private_network="true")
        assert answer.status_code == 204
        assert told(answer) == {
            "allow-origin": APP,
            "allow-methods": "GET, HEAD, OPTIONS",
            "allow-headers": DEFAULT_HEADERS,
            "max-age": "86400",
        }


@pytest.mark.usefixtures("_permissive")
@pytest.mark.parametrize("path", ["/api/plain", "/api/unset", "/api/in/b", "/api/nothing"])
def test_without_a_policy_and_with_none_the_settings_count(ask: Ask, path: str) -> None:
    assert may_read(ask(path, headers={"Origin": EVIL}), EVIL)
    answer = preflight(ask, path, origin=EVIL)
    assert (answer.status_code, may_read(answer, EVIL)) == (200, True)


@pytest.mark.usefixtures("_permissive")
def test_a_preflight_of_a_route_that_denies_reaches_its_own_options(ask: Ask) -> None:
    assert preflight(ask, "/api/handled")["X-Answered"] == "OPTIONS"
    assert (preflight(ask, "/api/denied").status_code, preflight(ask, "/api/denied")["Allow"]) == (
        204,
        "GET, HEAD, OPTIONS",
    )


def test_urls_that_the_settings_leave_out_have_their_policies_all_the_same(ask: Ask, settings: Settings) -> None:
    settings.CORS_URLS_REGEX = r"^/elsewhere/.*$"
    settings.CORS_ALLOWED_ORIGINS = [EVIL]
    with route_tree(TREE):
        assert told(ask("/api/own", headers={"Origin": APP})) == {"allow-origin": APP}
        assert preflight(ask, "/api/own").status_code == 204
        assert told(ask("/api/plain", headers={"Origin": EVIL})) == {}
