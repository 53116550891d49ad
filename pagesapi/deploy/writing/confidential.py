"""The values that nobody else may read: of the settings that the project sets itself, and of the environment."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import global_settings, settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.views.debug import get_default_exception_reporter_filter

# Django's own that are secret by their name; of all others that it knows, only what they hold can be.
OF_DJANGO = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "EMAIL_HOST_PASSWORD"}
NOT_BY_NAME = {name for name in dir(global_settings) if name.isupper()} - OF_DJANGO | {"PAGESAPI"}
# Names of what is said about a secret: AUTH_USER_MODEL, API_PREFIX, TOKEN_HEADER, RECAPTCHA_PUBLIC_KEY.
ABOUT = re.compile(
    r"PUBLIC|PUBLISHABLE|(?:_|^)(?:NAME|USER|USERNAME|ID|HEADER|COOKIE|FIELD|MODEL|URL|URI|HOST|DOMAIN|PATH|DIR|FILE|"
    r"CLASS|BACKEND|FUNCTION|VIEW|TEMPLATE|TIMEOUT|AGE|LIFETIME|PREFIX|VERSION|ALGORITHM|TYPE|REGION|PARAM|VALIDATOR|"
    r"HASHER|SERIALIZER|TITLE|DESCRIPTION|MESSAGE|ARN|FORMAT|SCOPE|SOCK)(?:E?S)?$",
    re.IGNORECASE,
)
SURE = re.compile(r"(?:SECRET|PASSWORD|PASSWD|PASSPHRASE)(?:_?KEY)?S?(?:_FALLBACKS)?$", re.IGNORECASE)
PASSWORD = re.compile(r"(?:PASSWORD|PASSWD|PASSPHRASE)$", re.IGNORECASE)
LIKELY = re.compile(r"SECRET|PASS|TOKEN|CREDENTIAL|PRIVATE|KEYS?$", re.IGNORECASE)
DOTTED_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
SHORTEST = 8  # characters; what is shorter stands in too many files by chance


@dataclass(frozen=True, slots=True)
class Confidential:
    value: str
    names: tuple[str, ...]  # of settings, then of variables: 'DATABASES["default"]["PASSWORD"]'

    @property
    def is_word(self) -> bool:
        return _is_word(self.value)


def confidential_values() -> list[Confidential]:
    """Each value once, with all of its names."""
    names: dict[str, list[str]] = {}
    for name, value in (*_of_settings(), *_of_environment(os.environ)):
        names.setdefault(value, []).append(name)
    return [Confidential(value, tuple(each)) for value, each in names.items()]


def _of_settings() -> Iterator[tuple[str, str]]:
    project: Any = settings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # who uses a setting that is to go has been told by Django
        values = {
            name: getattr(project, name) for name in dir(project) if name.isupper() and project.is_overridden(name)
        }
    for name, value in values.items():
        yield from _within(name, name, value, is_hidden=False)


def _of_environment(variables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in sorted(variables.items()):
        yield from _within(name, name, value, is_hidden=False)


def _within(path: str, key: str, value: object, *, is_hidden: bool) -> Iterator[tuple[str, str]]:
    """`key`: the last name that leads to a value; what is below a hidden name is hidden too."""
    is_hidden = key not in NOT_BY_NAME and not ABOUT.search(key) and (is_hidden or _is_hidden(key))
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(inner, str) and _is_word(inner) and list(value.values()).count(inner) > 1:
                continue  # a password that is the user's name, or the database's, is none
            # What is below it is judged by its parent's name where its own says nothing: API_KEYS["stripe"].
            said = str(name) if not is_hidden or _is_hidden(str(name)) or ABOUT.search(str(name)) else key
            yield from _within(f'{path}["{name}"]', said, inner, is_hidden=is_hidden)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for number, inner in enumerate(value):
            yield from _within(f"{path}[{number}]", key, inner, is_hidden=is_hidden)
    elif isinstance(value, (str, bytes)):
        text = value if isinstance(value, str) else value.decode("utf-8", "replace")
        if password := _password_in(text):
            yield path, password
        elif is_hidden and _is_telling(key, text):
            yield path, text


def _is_hidden(name: str) -> bool:
    """By Django's own list, or by the project's."""
    reporter: Any = get_default_exception_reporter_filter()
    return reporter.hidden_settings.search(name) is not None


def _password_in(text: str) -> str | None:
    """Of a URL, "postgres://user:password@host/name", one that is no ordinary word."""
    if "://" not in text or "@" not in text:
        return None
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    password = unquote(parts.password or "")
    is_said_beside = password in (parts.username, parts.hostname, parts.path.strip("/"))
    return password if len(password) >= SHORTEST and not is_said_beside and not _is_known(password) else None


def _is_telling(name: str, value: str) -> bool:
    """Whether a value is one that was made to be kept, rather than a word, a path or a title."""
    if len(value) < SHORTEST or _is_path(value) or "://" in value or value.startswith("arn:"):
        return False
    if _is_word(value):
        return PASSWORD.search(name) is not None and not _is_known(value)
    if name in OF_DJANGO:
        return True
    if any(character.isspace() for character in value):
        return "PRIVATE KEY-----" in value
    if SURE.search(name):
        return True
    changes, length = (3, 12) if LIKELY.search(name) else (5, 16)
    return len(value) >= length and _changes(value) >= changes


def _is_word(value: str) -> bool:
    return value.isalpha() and len(value) < 20


def _is_known(value: str) -> bool:
    """A password that everybody would try first, such as "postgres", protects nothing, and stands in many files."""
    return _is_word(value) and value.lower() in _common_passwords()


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords) | {"postgres", "postgresql", "database", "localhost"}


def _is_path(value: str) -> bool:
    """To a module, or to a file of a folder that is there."""
    if DOTTED_PATH.fullmatch(value):
        return True
    return os.path.isabs(value) and os.path.exists(os.path.dirname(value))  # noqa: PTH110, PTH117, PTH120 - any text


def _changes(value: str) -> int:
    """How often letters follow digits, or large letters small ones, or the other way: random text does it often."""
    kinds = [(character.isdigit(), character.isupper()) for character in value if character.isalnum()]
    return sum(before != after for before, after in pairwise(kinds))
