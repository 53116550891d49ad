from __future__ import annotations

from typing import Any

import pytest

from pagesapi import RouteConfig
from pagesapi.endpoints.config import Rules


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body_limit": "lots"}, "'lots' is no size"),
        ({"body_limit": True}, "True is no size"),
        ({"body_limit": -1}, "-1 is no size"),
        ({"parse_body": 1}, "RouteConfig(parse_body=…)"),
        ({"etag": None}, "RouteConfig(etag=…)"),
        ({"csrf": "none"}, "RouteConfig(csrf=…)"),
        ({"csrf": True}, "RouteConfig(csrf=…)"),
        ({"csrf": 0}, "RouteConfig(csrf=…)"),
        ({"methods": "GET"}, "RouteConfig(methods=…)"),
        ({"methods": ["get"]}, "RouteConfig(methods=…)"),
        ({"methods": []}, "RouteConfig(methods=…)"),
        ({"methods": [3]}, "RouteConfig(methods=…)"),
    ],
)
def test_a_wrong_value_is_refused_by_name(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        RouteConfig(**fields)
    assert said in str(caught.value)


def test_a_wrong_field_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="bodylimit"):
        RouteConfig(bodylimit="1mb")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("size", "count", "text"),
    [
        ("5mb", 5 * 1024**2, "5mb"),
        ("1.5 KB", 1536, "1.5 KB"),
        ("10b", 10, "10b"),
        ("1gb", 1024**3, "1gb"),
        (0, 0, "0 bytes"),
        (10, 10, "10 bytes"),
        (None, None, "None"),
    ],
)
def test_a_size_is_counted_by_1024(size: Any, count: int | None, text: str) -> None:
    limit = Rules.of([RouteConfig(body_limit=size)]).limit
    assert (limit.bytes, limit.text) == (count, text)


def test_without_a_limit_of_its_own_a_route_has_the_projects(settings: Any) -> None:
    assert Rules().limit.text == "1mb"
    settings.PAGESAPI = {"BODY_LIMIT": 7}
    assert Rules().limit.bytes == 7
