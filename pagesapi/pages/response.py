"""A page's bytes on their way to a visitor."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import Morsel
from typing import Any

from django.http import HttpRequest, SimpleCookie
from django.http.response import HttpResponseBase

from pagesapi.conf import conf
from pagesapi.http.completion import bodiless, headers_only
from pagesapi.http.etag import is_known
from pagesapi.http.value_response import QuickHeaders, ValueResponse
from pagesapi.pages.entry import CacheControl, Entry
from pagesapi.pages.preview import make_private
from pagesapi.pages.render import Rendered


class PageResponse(ValueResponse):
    """`etag` is set where the bytes are stored, and so anybody's."""

    etag = ""


class NoCookies(SimpleCookie):
    """Those of a shared answer. A middleware may set one, of a session that is prolonged, say; it is not kept, for a
    shared cache would give it to everybody."""

    def __setitem__(self, key: str, value: Any) -> None:
        pass

    def __getitem__(self, key: str) -> Any:
        return Morsel()  # for `set_cookie`, which goes on to write its attributes


class NoCookieHeaders(QuickHeaders):
    """The same for a header that is written by hand."""

    def __setitem__(self, key: str, value: Any) -> None:
        if len(key) != 10 or key.lower() != "set-cookie":  # several middlewares set headers in every answer
            QuickHeaders.__setitem__(self, key, value)


def shared_response(entry: Entry, said: str) -> PageResponse:
    """A stored page. `said`: how it was found, as Next.js says it: HIT, STALE, MISS."""
    response = PageResponse(entry.body, None, entry.status)
    response.headers = headers = NoCookieHeaders(entry.content_type or None)
    response.cookies = NoCookies()
    store = headers._store
    store["cache-control"] = ("Cache-Control", str(CacheControl(entry, conf.shared_max_age)))
    for name, value in entry.headers:
        store[name.lower()] = (name, value)
    store["etag"] = ("ETag", entry.etag)
    store["x-pagesapi-cache"] = ("X-Pagesapi-Cache", said)
    response.etag = entry.etag
    return _with_attributes(response, entry.attributes)


def private_response(rendered: Rendered, cache_control: str) -> PageResponse:
    """A page that was made for one visitor."""
    response = PageResponse(rendered.body, rendered.content_type or None, rendered.status)
    for name, value in rendered.headers:
        response.headers[name] = value
    make_private(response)
    response.headers["Cache-Control"] = cache_control
    return _with_attributes(response, rendered.attributes)


def _with_attributes(response: PageResponse, attributes: Mapping[str, Any]) -> PageResponse:
    """What `xframe_options_exempt` and the like say of it."""
    if attributes:
        vars(response).update(attributes)
    return response


def as_asked(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """As HTTP wants it of GET and HEAD: a 304 for who has these bytes, no body for HEAD."""
    etag = getattr(response, "etag", "")
    if etag and response.status_code == 200 and "HTTP_IF_NONE_MATCH" in request.META and is_known(request, etag):
        response.status_code = 304
        return bodiless(response)
    return headers_only(response) if request.method == "HEAD" else response
