"""`runserver` tells in the line of a request which route file answered."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.urls import resolve

from pagesapi.routing.route import Route

LOGGER = "django.server"  # of runserver alone


class RouteFilter(logging.Filter):
    """`"GET /api/posts/3 HTTP/1.1" 200 27` → `"GET /api/posts/3 HTTP/1.1" 200 27 api/posts/[id].py`"""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and record.args:
            route = _route_of(str(record.args[0]))
            if route is not None:
                record.msg, record.args = f"{record.msg} %s", (*record.args, _shown(route))
        return True


def name_route_files() -> None:
    """Called when apps are ready."""
    logger = logging.getLogger(LOGGER)
    if not any(isinstance(each, RouteFilter) for each in logger.filters):
        logger.addFilter(RouteFilter())


def _route_of(request_line: str) -> Route | None:
    words = request_line.split(" ")
    if len(words) != 3 or not words[1].startswith("/"):
        return None
    try:
        match = resolve(unquote(words[1].partition("?")[0]))
    except Exception:  # noqa: BLE001 - nothing answers there, or a URLconf that is broken: that request has told it
        return None
    return getattr(match.func, "pagesapi_route", None)


def _shown(route: Route) -> str:
    file = Path(route.root, route.file)
    base = Path(getattr(settings, "BASE_DIR", "") or os.curdir).resolve()
    return (file.relative_to(base) if file.is_relative_to(base) else file).as_posix()
