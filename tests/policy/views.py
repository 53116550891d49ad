"""Django views of every ending, for a URL pattern and for a route file alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse

from tests.policy.layers import note

View = Callable[..., Any]


def fine(request: HttpRequest, id: str) -> HttpResponse:
    return HttpResponse(f"{request.method} {id}")


def none_such(request: HttpRequest, id: str) -> HttpResponse:
    raise Http404("no such row")


def denied(request: HttpRequest, id: str) -> HttpResponse:
    raise PermissionDenied("not you")


def suspicious(request: HttpRequest, id: str) -> HttpResponse:
    raise SuspiciousOperation("strange")


def crash(request: HttpRequest, id: str) -> HttpResponse:
    raise RuntimeError("a secret")


def moved(request: HttpRequest, id: str) -> HttpResponse:
    return HttpResponseRedirect(f"/elsewhere/{id}")


def template(request: HttpRequest, id: str) -> HttpResponse:
    source = engines["django"].from_string("{{ said }}{{ id }}")
    return TemplateResponse(request, source, {"id": id})


class Breaking(TemplateResponse):
    def resolve_context(self, context: Any) -> Any:
        raise RuntimeError("while it was rendered")


def template_that_breaks(request: HttpRequest, id: str) -> HttpResponse:
    return Breaking(request, engines["django"].from_string(""), {})


def stream(request: HttpRequest, id: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(pieces_for(request))


def pieces_for(request: HttpRequest) -> Iterator[bytes] | AsyncIterator[bytes]:
    """An iterator of the kind that the server wants; Django warns of the other one."""

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            note("piece", number)
            yield b"x"

    async def apieces() -> AsyncIterator[bytes]:
        for piece in pieces():
            yield piece

    return apieces() if isinstance(request, ASGIRequest) else pieces()


def post_of(request: HttpRequest, id: str) -> HttpResponse:
    return HttpResponse(f"{request.POST.get('a')} {len(request.body)}")


def twin(view: View) -> View:
    """The same as a coroutine function."""

    @wraps(view)
    async def atwin(request: HttpRequest, id: str) -> Any:
        await asyncio.sleep(0)
        return view(request, id)

    return atwin


PLAIN = (fine, none_such, denied, suspicious, crash, moved, template, template_that_breaks, stream, post_of)
VIEWS: dict[str, View] = {
    **{view.__name__: view for view in PLAIN},
    **{f"a{view.__name__}": twin(view) for view in (fine, crash, template, template_that_breaks, stream, post_of)},
}
