"""Errors as problem documents (RFC 9457)."""

from __future__ import annotations

import traceback
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import Promise

from pagesapi.exceptions import HTTPError, title_of
from pagesapi.http.headers import add_headers
from pagesapi.http.json import encode

CONTENT_TYPE = "application/problem+json"


class ProblemResponse(HttpResponse):
    """`{"type", "title", "status", "detail", "instance"}` and further members."""

    def __init__(
        self,
        request: HttpRequest,
        status: int,
        detail: str | None = None,
        headers: dict[str, str] | None = None,
        /,
        **extra: Any,
    ) -> None:
        members = {"type": "about:blank", "title": title_of(status), "status": status}
        if detail:
            members["detail"] = detail
        content = encode({**members, "instance": request.path, **extra})
        super().__init__(content, content_type=CONTENT_TYPE, status=status)
        add_headers(self, headers)


def http_error(error: Exception, *, debug: bool) -> HTTPError | None:
    """The `HTTPError` that an exception stands for; None if it is an error of the program.

    What Django shows to nobody (the text of a `SuspiciousOperation`) is shown with `debug` only.
    """
    if isinstance(error, HTTPError):
        return error
    if isinstance(error, Http404):
        return HTTPError(404, _text(error) if debug or _is_own(error) else None)
    if isinstance(error, PermissionDenied):
        return HTTPError(403, _text(error) if debug or _is_own(error) else None)
    if isinstance(error, ValidationError):
        return HTTPError(400, "The input is not valid.", errors=_errors(error))
    if isinstance(error, RequestDataTooBig):
        return HTTPError(413, _text(error) if debug else None)
    if isinstance(error, (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)):
        return HTTPError(400, _text(error) if debug else None)
    return None


def _text(error: Exception) -> str | None:
    return str(error.args[0]) if error.args and isinstance(error.args[0], (str, Promise)) else None


def _is_own(error: Exception) -> bool:
    """Whether the project raised it: a text of Django's may name files and queries, and Django shows it to nobody."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is None or not trace.tb_frame.f_globals.get("__name__", "").startswith("django.")


def _errors(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return error.message_dict
    return {NON_FIELD_ERRORS: error.messages}


def problem_of(request: HttpRequest, error: HTTPError) -> ProblemResponse:
    return ProblemResponse(request, error.status, error.detail, error.headers, **error.extra)


def crash_of(request: HttpRequest, error: BaseException, *, debug: bool) -> ProblemResponse:
    """A 500: without the error's text, or, with `debug`, with its traceback."""
    if not debug:
        return ProblemResponse(request, 500)
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    detail = f"{type(error).__name__}: {error}"
    return ProblemResponse(request, 500, detail, traceback="".join(lines).splitlines())
