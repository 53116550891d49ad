"""`RouteConfig(csrf="token")`: the check of Django's own `CsrfViewMiddleware`, wherever that stands."""

from __future__ import annotations

import copy
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware

from pagesapi.endpoints.body_limit import limit_body
from pagesapi.endpoints.config import Rules
from pagesapi.endpoints.cross_site import SAFE_METHODS
from pagesapi.exceptions import CrossSiteError
from pagesapi.http.request import Request
from pagesapi.http.source import DjangoSource


class TokenCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        raise CrossSiteError(403, f"CSRF verification failed. {reason}")


def _unmarked(request: HttpRequest) -> Any:
    """A view that nobody exempted; only its attributes are looked at."""


_check = TokenCheck(_unmarked)


def check_token(request: HttpRequest, rules: Rules) -> None:
    """403 for an unsafe method without the token, in a header or in a form's field; 413 for a form that is too big.

    A form is read only for its field: not if there is a header, or no cookie, with which it fails anyway.
    """
    if "CSRF_COOKIE" not in request.META:
        _check.process_request(request)
    if request.method not in SAFE_METHODS:
        source = DjangoSource(request)
        if "CSRF_COOKIE" in request.META and settings.CSRF_HEADER_NAME not in request.META and source.announces_body:
            limit_body(source, Request(source, {}, rules), rules)
        else:
            request = _without_form(request)
    _check.process_view(request, _unmarked, (), {})


def _without_form(request: HttpRequest) -> HttpRequest:
    """The same request, of which Django reads no form."""
    seen = copy.copy(request)
    seen._post = QueryDict()  # type: ignore[attr-defined]
    return seen


def add_token_cookie(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The cookie of a token that was made or rotated; nothing is left to do for a `CsrfViewMiddleware` above."""
    return _check.process_response(request, response)
