"""Middleware that does something of its own to a request, by what it does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from tests.policy.layers import Plain, note
from tests.policy.views import pieces_for


class Act(Plain):
    name = "act"


class AnswersAtOnce(Act):
    def __call__(self, request: HttpRequest) -> Any:
        return HttpResponse("at once", status=202)


class RaisesAtOnce(Act):
    def __call__(self, request: HttpRequest) -> Any:
        raise RuntimeError("at once")


class DeniesAtOnce(Act):
    def __call__(self, request: HttpRequest) -> Any:
        raise PermissionDenied("at once")


class RaisesAfterwards(Act):
    def __call__(self, request: HttpRequest) -> Any:
        super().__call__(request)
        raise RuntimeError("afterwards")


class HidesAfterwards(Act):
    def __call__(self, request: HttpRequest) -> Any:
        super().__call__(request)
        raise Http404("afterwards")


class Replaces(Act):
    def __call__(self, request: HttpRequest) -> Any:
        response = super().__call__(request)
        return HttpResponse(f"instead of {response.status_code}", status=203, headers={"X-Layers": "replaced "})


class Streams(Act):
    def __call__(self, request: HttpRequest) -> Any:
        response = super().__call__(request)
        note("instead of", response.status_code)
        return StreamingHttpResponse(pieces_for(request), status=203)


class ReadsTheBody(Act):
    def __call__(self, request: HttpRequest) -> Any:
        note("body", len(request.body))
        return super().__call__(request)


class ReadsTheForm(Act):
    def __call__(self, request: HttpRequest) -> Any:
        note("form", request.POST.dict())
        return super().__call__(request)


class AnswersBeforeTheView(Act):
    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        super().process_view(request, view, args, kwargs)
        return HttpResponse("before the view", status=202)


class ChangesTheArguments(Act):
    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        super().process_view(request, view, args, kwargs)
        kwargs["id"] += "+"
        return None


class RaisesBeforeTheView(Act):
    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        raise RuntimeError("before the view")


class DeniesBeforeTheView(Act):
    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        raise PermissionDenied("before the view")


class AnswersExceptions(Act):
    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        super().process_exception(request, error)
        return HttpResponse(f"caught {type(error).__name__}", status=203)


class RaisesForExceptions(Act):
    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        super().process_exception(request, error)
        raise LookupError("while it was handled")


class AnswersTheTemplate(Act):
    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        super().process_template_response(request, response)
        return HttpResponse("no template", status=203)


class RaisesForTheTemplate(Act):
    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        raise RuntimeError("for the template")


class LosesTheTemplate(Act):
    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        return None


ACTS = {act.__name__: act for act in Act.__subclasses__()}
