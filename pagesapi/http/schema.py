"""A body made into a type, and what is wrong with each of its fields."""

from __future__ import annotations

import builtins
import dataclasses
import re
import typing
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

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
    # The keys are wrong where annotations are text (`from __future__ import annotations`), the hints are right.
    return {name: (_bare(hint), name in required and not _may_lack(hint)) for name, hint in hints.items()}


def _with_lists(value: Mapping[str, Any], type: Any) -> dict[str, Any]:
    """A form sends a list of one as a single value."""
    many = {name for name, (hint, _) in _fields_of(type).items() if _is_list(hint)}
    return {name: [item] if name in many and isinstance(item, str) else item for name, item in value.items()}


def _may_lack(hint: Any) -> bool:
    return getattr(get_origin(hint), "_name", None) == "NotRequired"


def _bare(hint: Any) -> Any:
    """`NotRequired[int]` → `int`. By name: older Pythons have it from `typing_extensions`."""
    while getattr(get_origin(hint), "_name", None) in ("NotRequired", "Required", "ReadOnly"):
        (hint,) = get_args(hint)
    return hint


def _is_list(hint: Any) -> bool:
    """Whether a type is a list, or one of several that are, none of them text: `list[str] | None`."""
    if get_origin(hint) is Annotated:
        return _is_list(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return str not in get_args(hint) and any(map(_is_list, get_args(hint)))
    return (get_origin(hint) or hint) in (list, set, tuple, frozenset)
