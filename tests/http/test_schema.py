from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec
import pytest
from typing_extensions import NotRequired, TypedDict

from pagesapi.exceptions import HTTPError
from pagesapi.http.schema import convert


@dataclass
class Order:
    email: str
    count: int
    tags: list[str] = field(default_factory=list)
    note: str = ""


class Item(msgspec.Struct, rename="camel"):
    item_id: int
    price: Annotated[float, msgspec.Meta(gt=0)] = 1.0


class Basket(TypedDict, total=False):
    items: list[Item]


class Sparse(TypedDict):
    a: int
    b: NotRequired[int]
    tags: NotRequired[Annotated[list[str] | None, "labels"]]


def test_a_key_that_need_not_be_there_is_checked_where_it_is() -> None:
    assert convert({"a": "1", "tags": "x"}, Sparse, strict=False) == {"a": 1, "tags": ["x"]}
    with pytest.raises(HTTPError) as caught:
        convert({"a": "x", "b": "y"}, Sparse, strict=True)
    assert set(caught.value.extra["errors"]) == {"a", "b"}


class Address(TypedDict):
    city: str


@pytest.mark.parametrize("strict", [True, False])
def test_a_body_becomes_the_type(strict: bool) -> None:
    body = {"email": "a@b.c", "count": 3, "tags": ["x"]}
    assert convert(body, Order, strict=strict) == Order("a@b.c", 3, ["x"])
    assert convert({"itemId": 3}, Item, strict=strict) == Item(3)
    assert convert({"items": [{"itemId": 3}]}, Basket, strict=strict) == {"items": [Item(3)]}


def test_a_form_has_text_for_numbers_and_one_value_for_a_list() -> None:
    body = {"email": "a@b.c", "count": "3", "tags": "x"}
    assert convert(body, Order, strict=False) == Order("a@b.c", 3, ["x"])
    with pytest.raises(HTTPError):
        convert(body, Order, strict=True)


@pytest.mark.parametrize(
    ("body", "type", "errors"),
    [
        (
            {"count": "x"},
            Order,
            {"email": ["This field is required."], "count": ["Expected `int`, got `str`"]},
        ),
        ({"itemId": 3, "price": -1}, Item, {"price": ["Expected `float` > 0.0"]}),
        ({}, Item, {"itemId": ["This field is required."]}),
        ({"items": [{"itemId": "x"}]}, Basket, {"items.[0].itemId": ["Expected `int`, got `str`"]}),
        ({}, Address, {"city": ["This field is required."]}),
        ([1], Order, {"__all__": ["Expected `object`, got `array`"]}),
        ("x", int, {"__all__": ["Expected `int`, got `str`"]}),
        ({"a": 1}, dict[str, str], {"[...]": ["Expected `str`, got `int`"]}),
    ],
)
def test_every_field_that_is_wrong_is_named(body: Any, type: Any, errors: dict[str, list[str]]) -> None:
    with pytest.raises(HTTPError) as caught:
        convert(body, type, strict=True)
    assert caught.value.status == 400
    assert caught.value.extra == {"errors": errors}
