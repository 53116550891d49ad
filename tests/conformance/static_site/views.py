"""The ordinary Django views, in the place of server-side rendered pages and of route handlers outside of /api."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render

from pagesapi.preview import enable, preview_of
from tests.conformance.static_site.content import SECRET


def ssr(request: HttpRequest) -> HttpResponse:
    query = request.GET.dict()
    if "throw" in query:
        raise RuntimeError(SECRET)
    if query.get("redir") == "perm":
        return HttpResponsePermanentRedirect("/ssg/plain", preserve_request=True)
    values = {"q": query, "url": request.get_full_path(), "preview": preview_of(request) is not None}
    response = render(request, "page.html", {"props": values})
    if "cc" in query:
        response.headers["Cache-Control"] = "public, s-maxage=10"
    return response


def draft_state(request: HttpRequest) -> HttpResponse:
    state = "DISABLED" if preview_of(request) is None else "ENABLED"
    return HttpResponse(state, content_type="text/plain; charset=utf-8")


def draft_enable(request: HttpRequest) -> HttpResponseBase:
    return enable(HttpResponseRedirect(request.GET["to"], preserve_request=True))
