"""The JSON encoder: whatever value it is given, valid JSON that says the same, or an error that names a place."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

import msgspec
import pydantic
import pytest
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import example, given
from hypothesis import strategies as st

from pagesapi.exceptions import JSONEncodeError
from pagesapi.http.json import encode
from pagesapi.http.value_response import JsonResponse

UTC = datetime.timezone.utc  # `datetime.UTC` came with Python 3.11
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
KEYS = st.text("abc $.[]é", max_size=4)
PLAIN = (
    st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
)
PLAIN_VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=15
)


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


@dataclass
class Point:
    x: Any
    y: Any = None


class Struct(msgspec.Struct):
    inner: Any


class Model(pydantic.BaseModel):
    inner: Any


class Nothing:
    """What has no JSON form."""


HARD = st.sampled_from(
    [Nothing(), Nothing, object(), 1j, range(3), len, ..., float("nan"), float("inf"), "\ud800", {1, (2, Nothing())},
     {(1, 2): 3}, {None: 1}, {"\udcff": 1}, iter([1])]
)  # fmt: skip
RICH = st.sampled_from(
    [Colour.RED, Level.HIGH, uuid.UUID(int=5), decimal.Decimal("1.50"), decimal.Decimal("NaN"), mark_safe("<b>"),
     lazystr("late"), gettext_lazy("Yes"), datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, tzinfo=UTC),
     datetime.time(3), datetime.timedelta(seconds=3), b"\xff\x00", bytearray(b"x"), frozenset({1}), (1, 2)]
)  # fmt: skip


def encoded_or_refused(value: Any) -> bytes | str:
    """The JSON text of a value, or what the error says."""
    try:
        return encode(value)
    except JSONEncodeError as error:
        return str(error)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(
            KEYS | st.integers() | RICH.filter(lambda key: isinstance(key, str | int)), inner, max_size=3
        )
        | st.builds(Point, inner, inner)
        | st.builds(Struct, inner)
        | st.builds(Model, inner=inner)
    )


@given(PLAIN_VALUES)
@example([0.1, -0.0, 1e308, 5e-324])
@example({"a": None, "nan": "NaN", "null": "null"})
def test_a_plain_value_is_read_back(value: Any) -> None:
    content = encode(value)
    assert json.loads(content) == value
    assert content.decode("utf-8") == content.decode()


@given(st.recursive(PLAIN | RICH | RICH | HARD, nested, max_leaves=10))
@example([None, float("nan")])
@example({"a": [None, {"b": Nothing()}]})
@example(Point(Struct(Model(inner=[float("inf"), None]))))
@example({"a": {"b": [1, {"c": 1j}]}})
@example([2**70, None, float("nan")])
def test_any_value_is_valid_json_or_an_error_that_names_a_place(value: Any) -> None:
    outcome = encoded_or_refused(value)
    if isinstance(outcome, str):
        assert "$" in outcome or "nested too deep" in outcome
    else:
        json.loads(outcome, parse_constant=pytest.fail)


PLACES: list[tuple[Any, str, str]] = [
    (Nothing(), "$", "Nothing"),
    ([1, Nothing()], "$[1]", "Nothing"),
    ({"a": {"b": [0, float("nan")]}}, "$.a.b[1]", "nan"),
    ((1, [float("-inf")]), "$[1][0]", "-inf"),
    (Point(1, Nothing()), "$.y", "Nothing"),
    (Struct([Nothing()]), "$.inner[0]", "Nothing"),
    ({"a": "\ud800"}, "$.a", "surrogate"),
    ([{"a": float("nan"), "b": None}], "$[0].a", "nan"),
    ({"list": [None] * 50 + [1j]}, "$.list[50]", "complex"),
]


@pytest.mark.parametrize(("value", "place", "kind"), PLACES)
def test_the_place_and_the_type_are_named(value: Any, place: str, kind: str) -> None:
    with pytest.raises(JSONEncodeError, match=re.escape(kind)) as caught:
        encode(value)
    assert f"{place} " in str(caught.value)


@pytest.mark.parametrize("depth", [100, 400, 700, 2_000, 50_000])
@pytest.mark.parametrize("leaf", [1, None, Nothing(), float("nan")], ids=["1", "None", "Nothing", "nan"])
@pytest.mark.parametrize("kind", ["list", "dict", "mixed"])
def test_a_deep_value_is_json_or_refused(depth: int, leaf: Any, kind: str) -> None:
    value = leaf
    for level in range(depth):
        value = [value] if kind == "list" or (kind == "mixed" and level % 2) else {"a": value}
    assert encoded_or_refused(value)


@pytest.mark.parametrize("depth", [0, 1, 50])
def test_a_value_that_contains_itself_is_refused(depth: int) -> None:
    value: list[Any] = []
    inner = value
    for _ in range(depth):
        inner.append([])
        inner = inner[0]
    inner.append(value)
    with pytest.raises(JSONEncodeError, match=r"contains itself|nested too deep"):
        encode(value)


def test_a_mapping_that_contains_itself_is_refused() -> None:
    value: dict[str, Any] = {}
    value["self"] = value
    with pytest.raises(JSONEncodeError):
        encode(value)


RICH_VALUES: list[tuple[Any, Any]] = [
    (Colour.RED, "red"),
    (Level.HIGH, 3),
    (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
    (decimal.Decimal("1.50"), "1.50"),
    (mark_safe("<b>"), "<b>"),
    ({mark_safe("k"): mark_safe("v")}, {"k": "v"}),
    (lazystr("late"), "late"),
    ({gettext_lazy("Yes"): gettext_lazy("No")}, {"Yes": "No"}),
    (datetime.date(2026, 1, 2), "2026-01-02"),
    (datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05Z"),
    (Point(1, [Point(2)]), {"x": 1, "y": [{"x": 2, "y": None}]}),
    (Struct(Model(inner=1)), {"inner": {"inner": 1}}),
    ({1}, [1]),
    ((), []),
    ({3: "int key"}, {"3": "int key"}),
    ({uuid.UUID(int=5): 1}, {"00000000-0000-0000-0000-000000000005": 1}),
    ({Colour.RED: 1}, {"red": 1}),
]


@pytest.mark.parametrize(("value", "expected"), RICH_VALUES, ids=lambda value: str(value)[:30])
def test_what_a_project_has_in_its_hands_is_encoded(value: Any, expected: Any) -> None:
    assert json.loads(encode(value)) == expected
    assert json.loads(JsonResponse(value).content) == expected
