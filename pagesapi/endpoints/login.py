"""`LoginRequiredMiddleware`'s rule for endpoints: an anonymous caller gets a 401, not a redirect to a page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from asgiref.sync import sync_to_async
from django.apps import apps
from django.conf import settings
from django.utils.functional import LazyObject, empty
from django.utils.module_loading import import_string

from pagesapi.exceptions import HTTPError

# RFC 9110 §15.5.2 wants a challenge; sessions have no registered scheme.
CHALLENGE = {"WWW-Authenticate": 'Session realm="api"'}


def needs_login(functions: Iterable[Any]) -> bool:
    """Whether the project's middleware wants a user and not all of the functions are marked `login_not_required`."""
    marked = all(getattr(function, "login_required", True) is False for function in functions)
    return not marked and _installed(tuple(settings.INSTALLED_APPS), tuple(settings.MIDDLEWARE))


@lru_cache  # asked for by every request for a page
def _installed(installed_apps: tuple[str, ...], middleware: tuple[str, ...]) -> bool:
    if not apps.is_installed("django.contrib.auth"):
        return False
    from django.contrib.auth.middleware import LoginRequiredMiddleware  # noqa: PLC0415 - needs the app's models

    found = (import_string(path) for path in middleware)
    return any(isinstance(item, type) and issubclass(item, LoginRequiredMiddleware) for item in found)


async def auser_of(request: Any) -> Any:
    """`request.user` where it may not be read: asked by `auser` if nothing but Django's own middleware has set it."""
    user = request.__dict__.get("user")
    if not isinstance(user, LazyObject):
        return request.user
    setup = user.__dict__.get("_setupfunc")
    if user._wrapped is empty and getattr(setup, "__module__", "") == "django.contrib.auth.middleware":
        return await request.auser()
    await sync_to_async(bool)(user)
    return user


def check_user(user: Any) -> None:
    if not user.is_authenticated:
        raise HTTPError(401, "Log in first.", headers=CHALLENGE)
