"""JSON by msgspec: whatever a Django project has in its hands, as compact UTF-8."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from django.db.models import Model, QuerySet
from django.utils.functional import Promise, SimpleLazyObject

from pagesapi.exceptions import JSONEncodeError

# msgspec writes NaN and the infinities as `null`. In MessagePack they are themselves: a 64-bit float whose exponent
# is all ones.
NOT_FINITE = re.compile(rb"\xcb[\x7f\xff][\xf0-\xff]")


def encode(value: Any) -> bytes:
    """The JSON text of a value; `JSONEncodeError` names the type and the place of what has none."""
    try:
        return _encode(value)
    except RecursionError:
        raise JSONEncodeError("The value is nested too deep for JSON, or contains itself.") from None


def _encode(value: Any) -> bytes:
    try:
        content = encoder.encode(value)
    except (TypeError, ValueError) as error:
        raise JSONEncodeError(_fault(value, "$") or str(error)) from None
    # From the end: CPython looks so twice as fast as from the beginning, and it may be long.
    if content.rfind(b"null") >= 0 and _may_hold_nan(value) and (fault := _fault(value, "$")):
        raise JSONEncodeError(fault)
    return content


def _convert(value: Any) -> Any:
    """msgspec's hook: a value of a type that it does not know, as one that it knows."""
    if isinstance(value, (str, Promise)):
        return str.__str__(str(value))  # SafeString and its like, as an exact str
    if isinstance(value, QuerySet):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "model_dump"):  # pydantic
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)


encoder = msgspec.json.Encoder(enc_hook=_convert)
packer = msgspec.msgpack.Encoder(enc_hook=_convert)


def _may_hold_nan(value: Any) -> bool:
    try:
        return NOT_FINITE.search(packer.encode(value)) is not None
    except (TypeError, ValueError, OverflowError):  # an integer beyond 64 bits, say
        return True


def _fault(value: Any, place: str) -> str | None:
    """What in a value has no JSON form, and where; None if all of it has. Slow: called after a failure only."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} at {place} is no JSON value: send None, or a text."
    for name, child in _children(value):
        if fault := _fault(child, place + name):
            return fault
    try:
        encoder.encode(value)
    except UnicodeEncodeError:
        return f"The text at {place} holds half of a surrogate pair, which no JSON text may hold."
    except (TypeError, ValueError) as error:
        return f"{_named(value)} at {place} is no JSON value{_cure(value) or f' ({error}).'}"
    return None


def _children(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, QuerySet):
        value = list(value)
    if isinstance(value, Mapping):
        yield from ((f".{key}", item) for key, item in value.items())
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from ((f"[{index}]", item) for index, item in enumerate(value))
    elif isinstance(value, msgspec.Struct):
        yield from ((f".{name}", getattr(value, name)) for name in value.__struct_fields__)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from ((f".{field.name}", getattr(value, field.name)) for field in dataclasses.fields(value))


def _named(value: Any) -> str:
    kind = type(value)
    return (
        f"The {kind.__qualname__}" if kind.__module__ == "builtins" else f"The {kind.__module__}.{kind.__qualname__}"
    )


def _cure(value: Any) -> str:
    if isinstance(value, (Model, SimpleLazyObject)):  # request.user is a lazy one
        return ": send a dict of its fields (model_to_dict(instance), or .values() of a queryset)."
    if hasattr(value, "__await__"):
        return ": an await is missing."
    return ""
