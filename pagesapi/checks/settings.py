"""`PAGESAPI` in the settings."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

from pagesapi.conf import KNOWN, conf

# The properties of `conf` that raise for a wrong value; the first is the dict itself.
SETTINGS = (
    "given",
    "api_dir",
    "api_prefix",
    "trailing_slash",
    "body_limit",
    "output_dir",
    "site_url",
    "store",
    "build_id",
    "cache_in_debug",
    "shared_max_age",
    "regenerate",
    "preview",
)


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    wrong = list(_setting_errors())
    if not isinstance(getattr(settings, "PAGESAPI", {}), dict):
        return [*wrong]
    if wrong:
        return [*wrong, *_unknown_keys()]
    return [*_unknown_keys(), *_missing_folder(), *_misspelt()]


def _unknown_keys() -> Iterator[Error]:
    for key in sorted(set(conf.given) - set(KNOWN), key=str):
        hint = f"{_meant(str(key), KNOWN)}The keys are {', '.join(KNOWN)}."
        yield Error(f"PAGESAPI has no key {key!r}.", hint=hint, id="pagesapi.E001")


def _missing_folder() -> Iterator[Error]:
    folder = Path(conf.api_dir)
    if not folder.is_dir():
        hint = (
            'Create it, with a file such as hello.py in it, or name another: PAGESAPI = {"API_DIR": BASE_DIR / "…"}.'
        )
        yield Error(f"The API folder {folder} does not exist.", hint=hint, id="pagesapi.E003")


def _misspelt() -> Iterator[Warning]:
    """A dict of the settings that is nearly called PAGESAPI."""
    names = [] if hasattr(settings, "PAGESAPI") else dir(settings)
    for name in difflib.get_close_matches("PAGESAPI", names, cutoff=0.8):
        value = getattr(settings, name)
        if isinstance(value, dict) and set(value) & set(KNOWN):
            hint = "Call it PAGESAPI."
            yield Warning(f"Nothing reads the setting {name}.", hint=hint, id="pagesapi.W038")


def _meant(word: str, known: Sequence[str]) -> str:
    alike = difflib.get_close_matches(word.upper(), known, n=1)
    return f"Did you mean {alike[0]!r}? " if alike else ""


def configured() -> bool:
    """Whether the settings can be read at all; what is wrong with them is said by `check_settings` alone."""
    return not list(_setting_errors())


def has_urls() -> bool:
    return bool(getattr(settings, "ROOT_URLCONF", None))


def _setting_errors() -> Iterator[Error]:
    for name in SETTINGS:
        if name == "output_dir" and not hasattr(settings, "BASE_DIR"):
            continue  # a project without pages needs neither; one with pages is told by check_pages
        try:
            getattr(conf, name)
        except ImproperlyConfigured as error:
            yield Error(str(error), hint="Mend PAGESAPI in the settings.", id="pagesapi.E002")
            if name == "given":
                return
