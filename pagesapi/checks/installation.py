"""`MIDDLEWARE`, `INSTALLED_APPS` and the ASGI application."""

from __future__ import annotations

import difflib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

from pagesapi.middleware import ApiMiddleware

OURS = "pagesapi.middleware.ApiMiddleware"
MUST_STAND_BELOW = (
    "django.contrib.sessions.middleware.SessionMiddleware",  # these set cookies, which no shared page may carry
    "django.middleware.locale.LocaleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.cache.CacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # its answers would be without CORS headers
)


def check_install(**kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = [*(import_messages() or _middleware_messages())]
    if "corsheaders" not in settings.INSTALLED_APPS and not any(
        app.startswith("corsheaders.") for app in settings.INSTALLED_APPS
    ):
        hint = 'Add "corsheaders" to INSTALLED_APPS: its own checks look after the CORS_* settings.'
        messages.append(Warning("django-cors-headers is not installed as an app.", hint=hint, id="pagesapi.W031"))
    if _asgi_application():
        messages += _asgi_messages(_asgi_application().rpartition(".")[0])
    return messages


def check_deployment(**kwargs: Any) -> list[CheckMessage]:
    """For `check --deploy`. A project has an `asgi.py` by `startproject`, whether it uses it or not."""
    module = f"{settings.ROOT_URLCONF.rpartition('.')[0]}.asgi"
    return [] if _asgi_application() else list(_asgi_messages(module))


def import_messages() -> list[CheckMessage]:
    """Of middleware that is not there under its name; with one of them, no endpoint can be looked at either."""
    messages: list[CheckMessage] = []
    for path in settings.MIDDLEWARE:
        try:
            import_string(path)
        except ImportError as error:
            alike = difflib.get_close_matches(path, [OURS], cutoff=0.8)
            hint = f'Write "{OURS}".' if alike else "Mend its name, or install what it imports."
            messages.append(Error(f"MIDDLEWARE has {path!r}: {error}", hint=hint, id="pagesapi.E031"))
    return messages


def _middleware_messages() -> Iterator[CheckMessage]:
    classes = [import_string(path) for path in settings.MIDDLEWARE]
    places = [
        index for index, item in enumerate(classes) if isinstance(item, type) and issubclass(item, ApiMiddleware)
    ]
    if not places:
        hint = (
            f'Put "{OURS}" first in MIDDLEWARE: without it no Cors(…) takes effect, and unknown URLs and errors of '
            "endpoints are HTML."
        )
        yield Error("ApiMiddleware is not in MIDDLEWARE.", hint=hint, id="pagesapi.E030")
        return
    above = [path for path in settings.MIDDLEWARE[: places[0]] if _must_stand_below(path)]
    if above:
        hint = f'Move "{OURS}" to the top: what answers before it does so without CORS headers and problem documents.'
        yield Warning(f"ApiMiddleware stands below {', '.join(above)}.", hint=hint, id="pagesapi.W030")
    if "corsheaders.middleware.CorsMiddleware" in settings.MIDDLEWARE:
        hint = "Remove corsheaders' own: ApiMiddleware is a subclass of it, and headers would be set twice."
        yield Warning("Two CORS middlewares are installed.", hint=hint, id="pagesapi.W032")


def signs_in() -> bool:
    """Whether the project's middleware may set `request.user`; one that is not Django's is taken to know better."""
    return any(
        not path.startswith("django.") or "auth.middleware.Authent" in path
        for path in settings.MIDDLEWARE
        if path != OURS
    )


def _must_stand_below(path: str) -> bool:
    """Whether it is one of those, or a subclass."""
    found = import_string(path)
    bases = found.__mro__ if isinstance(found, type) else (found,)
    names = {f"{base.__module__}.{base.__qualname__}" for base in bases}
    redirects = settings.SECURE_SSL_REDIRECT and "django.middleware.security.SecurityMiddleware" in names
    return redirects or not names.isdisjoint(MUST_STAND_BELOW)


def _asgi_application() -> str:
    return getattr(settings, "ASGI_APPLICATION", None) or ""


def _asgi_messages(module: str) -> Iterator[CheckMessage]:
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return
    source = Path(spec.origin).read_text("utf-8") if spec is not None and spec.origin else ""
    if re.search(r"^\s*from django\.core\.asgi import", source, re.MULTILINE):
        yield Warning(
            f"Under {module}, Django writes a request body to disk before its limit is looked at.",
            hint="Import get_asgi_application from pagesapi.asgi, which counts the bytes as they come in.",
            id="pagesapi.W033",
        )
