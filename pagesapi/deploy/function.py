"""What a serverless function runs: the project's own WSGI or ASGI application, and its routes imported beforehand."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from pagesapi.deploy.static_files import ASGIStaticFiles, WSGIStaticFiles
from pagesapi.endpoints.tree import PartialTree, get_tree

logger = logging.getLogger("pagesapi.deploy")


def wsgi_application() -> Callable[..., Any]:
    """`WSGI_APPLICATION`, with the static files that were deployed beside it."""
    django.setup()
    named = settings.WSGI_APPLICATION
    application = import_string(named) if named else get_wsgi_application()
    warm()
    return WSGIStaticFiles(application)


def asgi_application() -> Callable[..., Any]:
    """`ASGI_APPLICATION`, which is no setting of Django's own but of several packages; the same."""
    django.setup()
    named = getattr(settings, "ASGI_APPLICATION", None)
    application = import_string(named) if named else get_asgi_application()
    warm()
    return ASGIStaticFiles(application)


def warm() -> None:
    """Import what a function of few routes serves while it starts, when platforms give it the most processor.

    A route that cannot be imported says so when it is asked.
    """
    tree = get_tree()
    if not isinstance(tree, PartialTree):
        return
    for route in tree.own:
        view = tree.view(route)
        if not hasattr(view, "pagesapi_endpoint"):
            logger.error("The route %s cannot be imported; its requests are answered with 500.", route.file)
