"""What Django's security middleware says with every page: a file on Vercel's network passes through no middleware."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

from pagesapi.conf import conf

MODULES = ("django.middleware.security", "django.middleware.clickjacking", "django.middleware.csp")


def middleware_headers() -> dict[str, str]:
    """The headers of an answer that nobody's view has made, over HTTPS.

    Of subclasses, too, but of no other middleware: what that says may depend on who asks.
    """
    response: HttpResponseBase = HttpResponse()
    before = set(response.headers)
    for path in reversed(settings.MIDDLEWARE):
        middleware = import_string(path)
        if any(base.__module__ in MODULES for base in getattr(middleware, "__mro__", ())):
            response = _passed_through(middleware, response)
    return {name.lower(): value for name, value in response.headers.items() if name not in before}


class SecureRequest(HttpRequest):
    def _get_scheme(self) -> str:
        return "https"


def _passed_through(middleware: Any, response: HttpResponseBase) -> HttpResponseBase:
    request = SecureRequest()
    request.method = "GET"
    host = conf.site_url.host if conf.site_url else conf.host
    request.META = {"HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PORT": "443"}
    request.path = request.path_info = "/"
    return middleware(lambda _: response)(request)  # type: ignore[no-any-return]
