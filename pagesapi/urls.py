"""`path("", include("pagesapi.urls"))`: the API at its prefix. A second include takes `namespace=`."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from pagesapi.endpoints.dispatch import view_name
from pagesapi.resolver import ApiResolver

if not apps.is_installed("pagesapi"):
    from django.core.management import CommandError  # commands print it as one line, where others are a traceback

    class NotInstalled(ImproperlyConfigured, CommandError):
        pass

    raise NotInstalled(
        'Add "pagesapi" to INSTALLED_APPS: without it there are no checks, no "manage.py routes", and no reload.'
    )
app_name = "pagesapi"
urlpatterns = [ApiResolver()]


def __getattr__(name: str) -> Any:
    """A route's view by its dotted name, which is how admindocs finds it."""
    for pattern in urlpatterns[0].url_patterns:
        view: Any = pattern.callback
        if view_name(view.pagesapi_route) == name:
            return view
    raise AttributeError(f"module 'pagesapi.urls' has no attribute {name!r}")
