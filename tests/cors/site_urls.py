"""An ordinary Django project beside the tree: pages, errors, redirects, streams."""

from __future__ import annotations

from collections.abc import AsyncIterator

from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"page, by {request.method}", headers={"Vary": "Accept-Language", "X-Own": "1"})


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


def away(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/page/")


def stream(request: HttpRequest) -> HttpResponseBase:
    return StreamingHttpResponse(_pieces() if isinstance(request, ASGIRequest) else iter([b"a", b"b"]))


async def _pieces() -> AsyncIterator[bytes]:
    for piece in (b"a", b"b"):
        yield piece


def own(request: HttpRequest) -> HttpResponse:
    """A view that thinks of CORS itself."""
    headers = {"Access-Control-Allow-Origin": "https://own.example", "Access-Control-Expose-Headers": "X-Own"}
    return HttpResponse("own", headers={**headers, "Vary": "origin"})


urlpatterns = [
    path("page/", page),
    path("missing/", missing),
    path("broken/", broken),
    path("away/", away),
    path("stream/", stream),
    path("own/", own),
    path("", include("pagesapi.urls")),
]
