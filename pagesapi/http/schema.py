"""A body made into a type, and what is wrong with each of its fields."""

from __future__ import annotations

import builtins
import dataclasses
import re
import typing
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_origin

import msgspec
from django.core.exceptions import NON_FIELD_ERRORS

from pagesapi.exceptions import HTTPError

T = TypeVar("T")
PLACE = re.compile(r" - at `\$\.?(?P<place>[^`]*)`$")


def convert(value: Any, type: type[T], *, strict: bool) -> T:
    """`value` as `type`; `HTTPError` 400 with `errors: {field: [text]}`. Not strict: "3" is a number too (a form)."""
    if not strict and isinstance(value, Mapping):
        value = _with_lists(value, type)
    try:
        return msgspec.convert(value, type, strict=strict)
    except msgspec.ValidationError as error:
        errors = dict(_field_errors(value, type, strict)) or _error(error)
        raise HTTPError(400, "The body is not valid.", errors=errors) from None


def _error(error: msgspec.ValidationError) -> dict[str, list[str]]:
    text = str(error)
    match = PLACE.search(text)
    place = match["place"] if match else ""
    return {place or NON_FIELD_ERRORS: [text[: match.start()] if match else text]}


def _field_errors(value: Any, type: Any, strict: bool) -> Iterator[tuple[str, list[str]]]:
    """Every wrong field, where msgspec stops at the first."""
    if not isinstance(value, Mapping):
        return
    for name, (hint, required) in _fields_of(type).items():
        if name not in value:
            if required:
                yield name, ["This field is required."]
            continue
        try:
            msgspec.convert(value[name], hint, strict=strict)
        except msgspec.ValidationError as error:
            for place, texts in _error(error).items():
                yield name if place == NON_FIELD_ERRORS else f"{name}.{place}", texts


def _fields_of(type: Any) -> dict[str, tuple[Any, bool]]:
    """Name in the body → (type, required)."""
    if not isinstance(type, builtins.type) or get_origin(type):  # `dict[str, int]`, `int | str`
        return {}
    hints = typing.get_type_hints(type, include_extras=True)
    if isinstance(type, msgspec.StructMeta):
        struct: Any = type
        return {field.encode_name: (hints[field.name], field.required) for field in msgspec.structs.fields(struct)}
    if dataclasses.is_dataclass(type):
        missing = dataclasses.MISSING
        return {
            field.name: (hints[field.name], field.default is missing and field.default_factory is missing)
            for field in dataclasses.fields(type)
        }
    required: frozenset[str] = getattr(type, "__required_keys__", frozenset())
    return {name: (hint, name in required) for name, hint in hints.items()}


def _with_lists(value: Mapping[str, Any], type: Any) -> dict[str, Any]:
    """A form sends a list of one as a single value."""
    kinds = {name: get_origin(hint) or hint for name, (hint, _) in _fields_of(type).items()}
    many = {name for name, kind in kinds.items() if kind in (list, set, tuple, frozenset)}
    return {name: [item] if name in many and isinstance(item, str) else item for name, item in value.items()}
