"""Bodies behind `RouteConfig(csrf="token")`: Django reads a form for the token before the endpoint does."""

from __future__ import annotations

import json

import pytest
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.policy.test_csrf_token import FORM, TREE, Kind, Page, _installed, kind

__all__ = ["_installed", "kind"]


def test_a_form_beyond_the_limit_is_refused_before_it_is_read(kind: Kind) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        data = f"a={'x' * 200}&csrfmiddlewaretoken={visitor.token}"
        response = visitor.send("POST", "/api/small", data=data, content_type=FORM)
        assert (response.status_code, response["Content-Type"]) == (413, "application/problem+json")
        fits = f"csrfmiddlewaretoken={visitor.token}"
        assert visitor.send("POST", "/api/small", data=fits, content_type=FORM).status_code == 200


@pytest.mark.parametrize("content_type", [FORM, "application/json"])
def test_a_limit_above_djangos_holds(kind: Kind, settings: Settings, content_type: str) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    with route_tree(TREE):
        visitor = Page(kind)
        data = f"a={'x' * 5000}" if content_type == FORM else json.dumps("x" * 5000)
        headers = {"X-CSRFToken": visitor.token}
        response = visitor.send("POST", "/api/large", data=data, content_type=content_type, headers=headers)
    assert (response.status_code, response.content.decode()) == (200, str(len(data)))


def test_a_body_that_nobody_parses_can_still_be_read(kind: Kind) -> None:
    with route_tree(TREE):
        visitor = Page(kind)
        headers = {"X-CSRFToken": visitor.token}
        response = visitor.send("POST", "/api/unread", data="[1", content_type="application/json", headers=headers)
        assert (response.status_code, response.content) == (200, b"[1")
