"""What HTTP asks of a response, whatever made it: its tag, and no body where there may be none."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from pagesapi.http.etag import is_known
from pagesapi.http.response import BODILESS
from pagesapi.http.stream import StreamResponse, piecewise
from pagesapi.http.value_response import ValueResponse


def complete(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An endpoint's own `HttpResponse`, a stream, an answer of another status than 200."""
    if response.streaming:
        # GZipMiddleware of Django 5.2 holds a stream back until its end, so tell it that nobody asked.
        request.META["HTTP_ACCEPT_ENCODING"] = "identity"
        # Django's own streams read an iterator of the other kind than the server's whole.
        kind: Any = type(response)
        response.__class__ = piecewise(kind)
    if response.status_code in BODILESS:
        return bodiless(response)
    # The body of HEAD is dropped at the very end, by ApiMiddleware; a stream need not even begin.
    return headers_only(response) if request.method == "HEAD" and response.streaming else response


def complete_tagged(request: HttpRequest, response: ValueResponse) -> HttpResponseBase:
    """The answer to GET or HEAD with status 200: its strong `ETag`, and a 304 for a caller who has it."""
    etag = response.tag()
    if "HTTP_IF_NONE_MATCH" in request.META and is_known(request, etag):
        response.status_code = 304
        return bodiless(response)
    return response


def bodiless(response: HttpResponseBase) -> HttpResponseBase:
    """A 204 or 304 (RFC 9110 §6.4.1, §8.6)."""
    empty = _emptied(response)
    if empty.headers.get("Content-Type", "").startswith("text/html"):  # Django's default, not the endpoint's word
        del empty.headers["Content-Type"]
    del empty.headers["Content-Length"]
    return empty


def headers_only(response: HttpResponseBase) -> HttpResponseBase:
    """The answer to HEAD: the headers of GET, the length among them (RFC 9110 §9.3.2)."""
    if not response.streaming:
        response.headers.setdefault("Content-Length", str(len(response.content)))  # type: ignore[attr-defined]
    return _emptied(response)


def _emptied(response: HttpResponseBase) -> HttpResponseBase:
    if not response.streaming:
        response.content = b""  # type: ignore[attr-defined]
        return response
    # Still a stream: what is none gets a Content-Length from CommonMiddleware.
    empty = StreamResponse((), status=response.status_code)
    empty.headers, empty.cookies = response.headers, response.cookies
    empty._resource_closers += response._resource_closers  # type: ignore[attr-defined]  # run when the request ends
    return empty
