"""What the caller sent under names: the query, a form, or a JSON object."""

from __future__ import annotations

from typing import Any, TypeVar

from django.utils.datastructures import MultiValueDict

from pagesapi.exceptions import MissingField

V = TypeVar("V")
NESTED = (dict, list)


class Fields(dict[str, V]):
    """A dict whose missing key is the caller's fault, and whose keys can be read as attributes.

    `fields["id"]` → the value, or `MissingField`, which becomes a 400 that names the key
    `fields.id` → the value, or None; `fields.get("id", default)` as in any dict
    """

    def __missing__(self, key: str) -> V:
        raise MissingField(key)

    def __getattr__(self, name: str) -> V | None:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name)


def flat(values: MultiValueDict[str, Any]) -> Fields[Any]:
    """One value → the value, repeated → a list: `a=1&b=1&b=2` → `{"a": "1", "b": ["1", "2"]}` (as Next.js)."""
    return Fields((name, items[0] if len(items) == 1 else items) for name, items in values.lists() if items)


def with_fields(value: Any) -> Any:
    """A decoded JSON value with every object in it as `Fields`."""
    if type(value) is dict:
        fields: Fields[Any] = Fields(value)
        for name, item in value.items():
            if type(item) in NESTED:
                fields[name] = with_fields(item)
        return fields
    if type(value) is list:
        return [with_fields(item) if type(item) in NESTED else item for item in value]
    return value
