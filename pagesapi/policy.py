"""How long a page lives, what it depends on, and what becomes of paths that nobody listed."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Fallback = Literal[True, False, "blocking"]


class Unset(enum.Enum):
    """A value that is not given, where `None` means something."""

    UNSET = "not set"


UNSET = Unset.UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Raises `ValueError` for a wrong value."""

    revalidate: int | None = None  # seconds; None: until the next build
    fallback: Fallback = True  # paths that were not listed: rendered when first asked for, or 404
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checked_revalidate(self.revalidate)
        checked_tags(self.tags)
        if not isinstance(self.fallback, bool) and self.fallback != "blocking":
            raise ValueError(f'fallback takes True, "blocking" or False, not {self.fallback!r}.')


def checked_revalidate(value: int | Unset | None) -> int | Unset | None:
    if value is None or value is UNSET or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return value
    raise ValueError(f"revalidate takes whole seconds above 0, or None for no renewal by time, not {value!r}.")


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    if isinstance(tags, str):
        raise ValueError(f"tags takes a list of texts; write [{tags!r}].")
    if not isinstance(tags, Iterable):
        raise ValueError(f"tags takes a list of texts, not {tags!r}.")
    found = tuple(tags)
    for tag in found:
        if not isinstance(tag, str) or not tag or len(tag) > 256:
            raise ValueError(f"A tag is a text of 1 to 256 characters, not {tag!r:.300}.")
    return tuple(dict.fromkeys(found))
