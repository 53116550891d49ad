"""What becomes of an answer after its view: known of any request, though no page may ever be asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase


def is_shared(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether this is a stored page, so an answer that caches may give to others."""
    if response.status_code not in getattr(request, "_pagesapi_shared", ()):
        return False
    said = response.headers.get("Cache-Control", "")
    return "private" not in said and "no-store" not in said


def after_answer(request: Any, response: Any) -> None:
    """Have a renewal made when this response has been sent, which middleware may have put in another's place."""
    work = getattr(request, "_pagesapi_renewal", None)
    if work is not None and work not in response._resource_closers:
        response._resource_closers.append(work)
