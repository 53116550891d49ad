from __future__ import annotations

import dataclasses
import datetime
import enum
import uuid
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec
import pydantic
import pytest
from django.contrib.auth.models import User
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from pagesapi.exceptions import JSONEncodeError
from pagesapi.http.fields import Fields
from pagesapi.http.json import encode


@dataclasses.dataclass
class Point:
    x: float
    label: Any = None


class Struct(msgspec.Struct):
    value: Any


class Model(pydantic.BaseModel):
    born: datetime.date


class Colour(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": 1, "u": "é"}, '{"a":1,"u":"é"}'),
        (Point(1.5), '{"x":1.5,"label":null}'),
        (Struct([1]), '{"value":[1]}'),
        (Model(born=datetime.date(2020, 1, 2)), '{"born":"2020-01-02"}'),
        ([Model(born=datetime.date(2020, 1, 2))], '[{"born":"2020-01-02"}]'),
        (datetime.datetime(2020, 1, 2, 3, 4, tzinfo=datetime.timezone.utc), '"2020-01-02T03:04:00Z"'),
        (datetime.timedelta(days=1), '"P1D"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (Decimal("1.50"), '"1.50"'),
        (Colour.RED, '"red"'),
        ({1, 2}, "[1,2]"),
        ((1, None), "[1,null]"),
        (lazystr("later"), '"later"'),
        ({lazystr("key"): mark_safe("<b>")}, '{"key":"<b>"}'),
        (MappingProxyType({"a": 1}), '{"a":1}'),
        (Fields(a=Fields(b=None)), '{"a":{"b":null}}'),
        ({1: 2, 1.5: 3, datetime.date(2020, 1, 2): 4}, '{"1":2,"1.5":3,"2020-01-02":4}'),
        (10**30, "1" + "0" * 30),
        ([None, 10**30], "[null,1" + "0" * 30 + "]"),
        ({"bytes that look like a NaN": "\u7ff8", "n": None}, '{"bytes that look like a NaN":"\u7ff8","n":null}'),
    ],
)
def test_a_value_has_its_json(value: Any, text: str) -> None:
    assert encode(value).decode() == text


@pytest.mark.django_db
def test_a_queryset_of_values_is_a_list() -> None:
    User.objects.create(username="ann")
    assert encode({"users": User.objects.values("username")}) == b'{"users":[{"username":"ann"}]}'


async def coroutine() -> None:
    """Never awaited."""


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        (float("nan"), ["nan at $ is no JSON value"]),
        ({"a": [1, float("inf")]}, ["inf at $.a[1]"]),
        (Point(float("-inf")), ["-inf at $.x"]),
        (Struct({"deep": float("nan")}), ["nan at $.value.deep"]),
        ({"users": [User(username="ann")]}, ["django.contrib.auth.models.User", "$.users[0]", "model_to_dict"]),
        ({"f": open}, ["builtin_function_or_method at $.f"]),
        ([object()], ["The object at $[0]"]),
        ({"t": "\ud800"}, ["$.t", "surrogate"]),
        ({None: 1}, ["$"]),
        ({(1, 2): 1}, ["$"]),
    ],
)
def test_what_has_no_json_is_named_with_its_place(value: Any, parts: list[str]) -> None:
    with pytest.raises(JSONEncodeError) as caught:
        encode(value)
    assert all(part in str(caught.value) for part in parts), str(caught.value)


@pytest.mark.django_db
def test_a_queryset_of_instances_names_the_cure() -> None:
    User.objects.create(username="ann")
    with pytest.raises(JSONEncodeError, match=r"User at \$.users\[0\].*model_to_dict"):
        encode({"users": User.objects.all()})


def test_a_forgotten_await_is_named() -> None:
    unawaited = coroutine()
    with pytest.raises(JSONEncodeError, match=r"coroutine at \$.a.*await"):
        encode({"a": unawaited})
    unawaited.close()


def test_a_circle_and_a_depth_beyond_reason_are_errors() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(JSONEncodeError, match="contains itself"):
        encode(circle)


def test_a_model_of_pydantic_that_holds_a_nan_is_named() -> None:
    class Reading(pydantic.BaseModel):
        value: float | None
        note: None = None

    # Pydantic itself writes null, which is then what is sent.
    assert encode([Reading(value=float("nan"))]) == b'[{"value":null,"note":null}]'


def test_a_leaf_nested_too_deep_is_an_error() -> None:
    class Deep(pydantic.BaseModel):
        inner: list[Any]

        def model_dump(self, **options: Any) -> Any:
            circle: list[Any] = []
            circle.append(circle)
            return circle

    with pytest.raises(JSONEncodeError, match=r"nested too deep"):
        encode({"a": Deep(inner=[])})
