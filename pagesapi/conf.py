"""The one place that reads settings. Every property is read live, so `override_settings` works."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http.request import host_validation_re

NOT_PLAIN = re.compile(r"[<>%?#\\\s]|//")
KNOWN = (
    "API_DIR",
    "API_PREFIX",
    "TRAILING_SLASH",
    "BODY_LIMIT",
    "OUTPUT_DIR",
    "SITE_URL",
    "STORE",
    "BUILD_ID",
    "CACHE_IN_DEBUG",
    "SHARED_MAX_AGE",
    "REGENERATE",
    "PREVIEW",
)
DEFAULT_STORE = "pagesapi.pages.store.FileStore"
SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)\s*", re.IGNORECASE)
LONGEST_SIZE = 100  # characters, so that it is a number that there is
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
    if isinstance(value, str) and len(value) < LONGEST_SIZE and (match := SIZE.fullmatch(value)):
        return Size(int(float(match[1]) * UNITS[match[2].lower()]), value)
    raise ValueError(f'{value!r} is no size; write bytes (1048576), text with a unit ("1mb"), or None for no limit.')


class SiteURL(NamedTuple):
    scheme: str
    host: str  # with its port, if it has one

    @property
    def port(self) -> int:
        default = 443 if self.scheme == "https" else 80
        return urlsplit(f"//{self.host}").port or default

    @property
    def name(self) -> str:
        return urlsplit(f"//{self.host}").hostname or ""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}"


class StoreOptions(NamedTuple):
    backend: str  # a dotted path
    options: dict[str, Any]


class PreviewOptions(NamedTuple):
    max_age: int  # seconds
    samesite: str
    secure: bool


class Conf:
    """`PAGESAPI` of the project's settings, with defaults; a wrong value raises `ImproperlyConfigured`."""

    _project: tuple[Any, Any] | None = None
    has_test_store = False  # set while tests have a store for their pages

    @property
    def given(self) -> dict[str, Any]:
        value = getattr(settings, "PAGESAPI", {})
        if not isinstance(value, dict):
            raise ImproperlyConfigured(f"PAGESAPI must be a dict, not {type(value).__name__}.")
        return value

    @property
    def api_dir(self) -> Path:
        value = self.given.get("API_DIR")
        if isinstance(value, (str, Path)) and value != "" and "\0" not in str(value):
            return Path(getattr(settings, "BASE_DIR", ""), value)  # a relative one is below it, wherever one stands
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
        if value in ("redirect", "accept"):
            return value  # type: ignore[no-any-return]
        raise ImproperlyConfigured(f'PAGESAPI["TRAILING_SLASH"] is "redirect" or "accept", not {value!r}.')

    @property
    def function(self) -> str | None:
        """The name of the serverless function that `manage.py deploy` wrote and this process is; None on a server."""
        return os.environ.get("PAGESAPI_FUNCTION") or None

    @property
    def is_serverless(self) -> bool:
        """Whether this process may be frozen as soon as it has answered; on AWS or Vercel, whoever wrote it."""
        return self.function is not None or "AWS_LAMBDA_FUNCTION_NAME" in os.environ or "VERCEL_REGION" in os.environ

    @property
    def is_renewed_by_platform(self) -> bool:
        """Whether this process is the function that a platform asks when a page of its own store is stale."""
        return self.function == "pages"

    @property
    def is_testing(self) -> bool:
        """Whether this is a test run of the project, and the store that is set is the one of its own settings.

        Then neither that store nor what was built is read or written. A test that sets another place means it.
        """
        if not self.has_test_store:
            utils: Any = sys.modules.get("django.test.utils")  # only where something tests
            if utils is None or not hasattr(utils._TestState, "saved_data"):
                return False
        own_base, own_store = self._project or self._place()
        base, store = self._place()
        return base == own_base and store in (None, own_store)  # a test's dict that names no store means no place

    def remember_project(self) -> None:
        """Called when apps are ready: before a test sets anything, and again when one sets `INSTALLED_APPS`."""
        self._project = self._project or self._place()

    def _place(self) -> tuple[Any, Any]:
        given = getattr(settings, "PAGESAPI", None)
        return getattr(settings, "BASE_DIR", None), given.get("STORE") if isinstance(given, dict) else None

    def _base_dir(self, key: str) -> Path:
        if not hasattr(settings, "BASE_DIR"):
            raise ImproperlyConfigured(f'Set PAGESAPI["{key}"]: the settings have no BASE_DIR.')
        return Path(settings.BASE_DIR)

    @property
    def work_dir(self) -> Path:
        """What the build and the `FileStore` keep, and nobody is served: `BASE_DIR / ".pagesapi"`; in a serverless
        function, what `deploy` wrote there, which is only read."""
        return self._base_dir("STORE") / (".pagesapi" if self.function is None else "_pagesapi")

    @property
    def store_dir(self) -> Path:
        """Where the `FileStore` writes; in a serverless function, the one folder that can be written."""
        return Path(tempfile.gettempdir()) / "pagesapi" if self.is_serverless else self.work_dir

    @property
    def output_dir(self) -> Path:
        """Where `prerender` writes the site."""
        if self.function is not None:
            return self.work_dir / "out"
        value = self.given.get("OUTPUT_DIR")
        if value is None:
            return self._base_dir("OUTPUT_DIR") / "out"
        if isinstance(value, (str, Path)) and value != "":
            return Path(
                getattr(settings, "BASE_DIR", ""), value
            )  # a relative one is the project's, wherever one stands
        raise ImproperlyConfigured(f'PAGESAPI["OUTPUT_DIR"] must be a path, not {value!r}.')

    @property
    def site_url(self) -> SiteURL | None:
        """Scheme and host that a page sees which nobody asked for; None without `SITE_URL` and without `DEBUG`."""
        value = self.given.get("SITE_URL", "http://localhost:8000" if settings.DEBUG else None)
        if value is None:
            return None
        try:
            return _site_url(value)
        except (TypeError, ValueError):
            raise ImproperlyConfigured(
                f'PAGESAPI["SITE_URL"] is a scheme and a host, as "https://example.com", not {value!r}.'
            ) from None

    @property
    def store(self) -> StoreOptions:
        value = self.given.get("STORE", {})
        backend = value.get("BACKEND", DEFAULT_STORE) if isinstance(value, dict) else None
        options = value.get("OPTIONS", {}) if isinstance(value, dict) else None
        if isinstance(backend, str) and isinstance(options, dict) and not set(value) - {"BACKEND", "OPTIONS"}:
            return StoreOptions(backend, options)
        raise ImproperlyConfigured(
            f'PAGESAPI["STORE"] is {{"BACKEND": a dotted path, "OPTIONS": {{…}}}}, not {value!r}.'
        )

    @property
    def build_id(self) -> str | None:
        """The name of the build that this process serves; None: the last that `prerender` wrote."""
        value = self.given.get("BUILD_ID")
        if value is None or (isinstance(value, str) and value):
            return value
        raise ImproperlyConfigured(f'PAGESAPI["BUILD_ID"] is text, such as the commit, not {value!r}.')

    @property
    def cache_in_debug(self) -> bool:
        value = self.given.get("CACHE_IN_DEBUG", False)
        if isinstance(value, bool):
            return value
        raise ImproperlyConfigured(f'PAGESAPI["CACHE_IN_DEBUG"] is True or False, not {value!r}.')

    @property
    def shared_max_age(self) -> int | None:
        """The longest `s-maxage`, in seconds."""
        value = self.given.get("SHARED_MAX_AGE")
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        raise ImproperlyConfigured(f'PAGESAPI["SHARED_MAX_AGE"] is a number of seconds or None, not {value!r}.')

    @property
    def regenerate(self) -> Literal["thread", "task", "sync"]:
        value = self.given.get("REGENERATE", "sync" if self.is_serverless else "thread")
        if value == "task" and django.VERSION < (6, 0):
            raise ImproperlyConfigured('PAGESAPI["REGENERATE"] = "task" needs Django 6.0 or newer.')
        if value in ("thread", "task", "sync"):
            return value  # type: ignore[no-any-return]
        raise ImproperlyConfigured(f'PAGESAPI["REGENERATE"] is "thread", "task" or "sync", not {value!r}.')

    @property
    def preview(self) -> PreviewOptions:
        value = self.given.get("PREVIEW", {})
        if not isinstance(value, dict) or set(value) - {"max_age", "samesite", "secure"}:
            raise ImproperlyConfigured(
                f'PAGESAPI["PREVIEW"] is a dict with max_age, samesite and secure, not {value!r}.'
            )
        options = PreviewOptions(
            value.get("max_age", 86400), value.get("samesite", "Lax"), value.get("secure", not settings.DEBUG)
        )
        if not isinstance(options.max_age, int) or isinstance(options.max_age, bool) or options.max_age <= 0:
            raise ImproperlyConfigured(
                f'PAGESAPI["PREVIEW"]["max_age"] is a number of seconds above 0, not {options.max_age!r}.'
            )
        if options.samesite not in ("Lax", "Strict", "None") or not isinstance(options.secure, bool):
            raise ImproperlyConfigured(
                'PAGESAPI["PREVIEW"]: samesite is "Lax", "Strict" or "None", and secure True or False.'
            )
        return options

    @property
    def script_name(self) -> str:
        """What stands before every path of the site, without a slash at its end: "/app", or ""."""
        return (settings.FORCE_SCRIPT_NAME or "").rstrip("/")

    @property
    def host(self) -> str:
        """A host that the project answers to, for requests that come from nowhere."""
        named = [host for host in settings.ALLOWED_HOSTS if not host.startswith("*")]
        exact = (host for host in named if not host.startswith("."))
        return next(exact, named[0][1:] if named else "localhost")

    @property
    def body_limit(self) -> Size:
        value = self.given.get("BODY_LIMIT", "1mb")
        try:
            return size_of(value)
        except (TypeError, ValueError) as error:
            raise ImproperlyConfigured(f'PAGESAPI["BODY_LIMIT"]: {error}') from None


@lru_cache
def _site_url(value: str) -> SiteURL:
    if not isinstance(value, str):
        raise TypeError
    parts = urlsplit(value)
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
    is_host = host_validation_re.fullmatch(parts.netloc.lower()) and parts.hostname
    if parts.scheme not in ("http", "https") or not is_host or not plain or parts.port == 0:
        raise ValueError
    return SiteURL(parts.scheme, parts.netloc)


@lru_cache  # asked for by every request
def _prefix(value: str) -> str | None:
    prefix = value.strip("/")
    return None if NOT_PLAIN.search(prefix) else prefix


conf = Conf()
