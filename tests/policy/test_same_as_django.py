"""The same middleware twice: in `MIDDLEWARE` around a view of the URLconf, and in a folder around an endpoint.

Every hook is called with the same, in the same order; the answer, the log and the signals are the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import include, path
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.acts import ACTS
from tests.policy.conftest import UseMiddleware, UseUrls
from tests.policy.layers import KINDS, layer
from tests.policy.views import VIEWS

Compare = Callable[..., Any]
TREE = {
    "_middleware.py": "from tests.policy.test_same_as_django import LAYERS\nmiddleware = list(LAYERS)",
    **{f"{name}/[id].py": f"from tests.policy.views import VIEWS\nGET = POST = VIEWS[{name!r}]" for name in VIEWS},
}
LAYERS: list[Any] = []
SOME = ("fine", "acrash", "none_such", "template", "atemplate_that_breaks", "stream")
FORM = {"data": "a=1&b=2", "content_type": "application/x-www-form-urlencoded"}


@pytest.fixture
def outcomes(
    ask: Ask,
    settings: Settings,
    use_middleware: UseMiddleware,
    use_urls: UseUrls,
    calls: list[str],
    records: list[logging.LogRecord],
    signalled: list[Any],
) -> Compare:
    """What a caller, the layers and the log see: around a view of the URLconf, and around an endpoint."""
    views = [path(f"plain/{name}/<str:id>", view) for name, view in VIEWS.items()]
    use_urls(*views, path("", include("pagesapi.urls")))
    own = settings.MIDDLEWARE

    def outcome(url: str, options: dict[str, Any]) -> dict[str, Any]:
        for kept in (calls, records, signalled):
            kept.clear()
        response = ask(url, **options)
        return {
            "status": response.status_code,
            "content": response.content if response.status_code < 400 and not response.streaming else None,
            "layers": response.get("X-Layers"),
            "calls": list(calls),
            "log": [(record.name, record.levelname, record.__dict__.get("status_code")) for record in records],
            "signals": len(signalled),
        }

    def both(view: str, *layers: Any, **options: Any) -> Any:
        use_middleware(*layers)
        expected = outcome(f"/plain/{view}/7", options)
        settings.MIDDLEWARE = own
        LAYERS[:] = layers
        with route_tree(TREE):
            return expected, outcome(f"/api/{view}/7", options)

    return both


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_single_middleware_sees_and_does_the_same(outcomes: Compare, kind: str, view: str) -> None:
    expected, found = outcomes(view, layer(kind))
    assert found == expected


@pytest.mark.parametrize("inner", KINDS)
@pytest.mark.parametrize("outer", KINDS)
def test_two_kinds_around_each_other_run_in_the_same_order(outcomes: Compare, outer: str, inner: str) -> None:
    expected, found = outcomes("acrash", layer(outer, "outer"), layer(inner, "inner"))
    assert found == expected


@pytest.mark.parametrize("view", SOME)
@pytest.mark.parametrize("act", ACTS)
def test_what_a_middleware_does_between_two_others_has_the_same_effect(outcomes: Compare, act: str, view: str) -> None:
    expected, found = outcomes(view, layer("class", "outer"), ACTS[act], layer("class", "inner"))
    assert found == expected


@pytest.mark.parametrize("view", ["post_of", "apost_of"])
@pytest.mark.parametrize("act", ["ReadsTheBody", "ReadsTheForm", "ChangesTheArguments"])
def test_a_body_that_middleware_has_read_is_there_for_the_view(outcomes: Compare, act: str, view: str) -> None:
    expected, found = outcomes(view, ACTS[act], method="POST", **FORM)
    assert (found, found["content"]) == (expected, b"1 7")
