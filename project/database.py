"""A database URL as Django's `DATABASES` wants it, with the standard library alone."""

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FORMS = "postgres://user:password@host:5432/name or sqlite:///path/to/file"


def database_from_url(url: str) -> dict[str, Any]:
    """`postgres://ada:pw@db:5432/blog` -> the entry of `DATABASES`; other text is ImproperlyConfigured.

    The message never repeats the URL: it holds a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be read. Write {FORMS}; in a password, / : @ ? # are %2F %3A %40 %3F %23."
        ) from None
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ImproperlyConfigured(f"DATABASE_URL names no database. Write {FORMS}.")
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgres(parts, name, port)
    if parts.scheme == "sqlite" and not parts.netloc:
        return sqlite(name)
    raise ImproperlyConfigured(f"DATABASE_URL is of an unknown kind, {parts.scheme!r}. Write {FORMS}.")


def sqlite(name: object) -> dict[str, Any]:
    # A second writer waits for the first instead of failing with "database is locked".
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    }


def _postgres(parts: SplitResult, name: str, port: int | None) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),  # empty: the Unix socket
        "PORT": str(port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),  # ?sslmode=require
    }
