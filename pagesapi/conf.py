"""The one place that reads settings. Every property is read live, so `override_settings` works."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NOT_PLAIN = re.compile(r"[<>%?#\\\s]|//")
KNOWN = ("API_DIR", "API_PREFIX", "TRAILING_SLASH", "BODY_LIMIT")
SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)\s*", re.IGNORECASE)
UNITS = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}


class Size(NamedTuple):
    bytes: int | None  # None: no limit
    text: str  # as it is written, so that errors can name it


@lru_cache(typed=True)  # asked for by every request; typed, or True would be 1
def size_of(value: object) -> Size:
    """`1000`, `"10kb"`, `"1.5mb"` (1024-based, as Next.js's `sizeLimit`), or `None` for no limit.

    Raises `ValueError` for anything else, and `TypeError` for what cannot be hashed.
    """
    if value is None:
        return Size(None, "None")
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Size(value, f"{value} bytes")
    if isinstance(value, str) and (match := SIZE.fullmatch(value)):
        return Size(int(float(match[1]) * UNITS[match[2].lower()]), value)
    raise ValueError(f'{value!r} is no size; write bytes (1048576), text with a unit ("1mb"), or None for no limit.')


class Conf:
    """`PAGESAPI` of the project's settings, with defaults; a wrong value raises `ImproperlyConfigured`."""

    @property
    def given(self) -> dict[str, Any]:
        value = getattr(settings, "PAGESAPI", {})
        if not isinstance(value, dict):
            raise ImproperlyConfigured(f"PAGESAPI must be a dict, not {type(value).__name__}.")
        return value

    @property
    def api_dir(self) -> Path:
        value = self.given.get("API_DIR")
        if isinstance(value, (str, Path)) and value != "":
            return Path(value)
        if value is not None:
            raise ImproperlyConfigured(f'PAGESAPI["API_DIR"] must be a path, not {value!r}.')
        if not hasattr(settings, "BASE_DIR"):
            raise ImproperlyConfigured('Set PAGESAPI["API_DIR"]: the settings have no BASE_DIR to find "api" in.')
        return Path(settings.BASE_DIR) / "api"

    @property
    def api_prefix(self) -> str:
        """First URL segments without slashes at the ends: `"api"`, `"v2/api"`, or `""`."""
        value = self.given.get("API_PREFIX", "api")
        if isinstance(value, str) and (prefix := _prefix(value)) is not None:
            return prefix
        raise ImproperlyConfigured(
            f'PAGESAPI["API_PREFIX"] must be plain URL segments such as "api" or "", not {value!r}.'
        )

    @property
    def trailing_slash(self) -> Literal["redirect", "accept"]:
        value = self.given.get("TRAILING_SLASH", "redirect")
        if value in {"redirect", "accept"}:
            return value  # type: ignore[no-any-return]
        raise ImproperlyConfigured(f'PAGESAPI["TRAILING_SLASH"] is "redirect" or "accept", not {value!r}.')

    @property
    def host(self) -> str:
        """A host that the project answers to, for requests that come from nowhere."""
        named = (host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*")))
        return next(named, "localhost")

    @property
    def body_limit(self) -> Size:
        value = self.given.get("BODY_LIMIT", "1mb")
        try:
            return size_of(value)
        except (TypeError, ValueError) as error:
            raise ImproperlyConfigured(f'PAGESAPI["BODY_LIMIT"]: {error}') from None


@lru_cache  # asked for by every request
def _prefix(value: str) -> str | None:
    prefix = value.strip("/")
    return None if NOT_PLAIN.search(prefix) else prefix


conf = Conf()
