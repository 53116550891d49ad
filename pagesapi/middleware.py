"""`ApiMiddleware`: django-cors-headers' middleware, and what only a middleware can do for the API."""

from __future__ import annotations

from typing import Any

from corsheaders.conf import conf as cors_conf
from corsheaders.middleware import CorsMiddleware
from corsheaders.signals import check_request_enabled
from django.apps import apps
from django.conf import settings
from django.core import signals
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.log import log_response

from pagesapi.endpoints.chain import crash_response
from pagesapi.endpoints.cors import add_cors_headers, is_preflight, preflight_answer
from pagesapi.endpoints.dispatch import is_answer
from pagesapi.endpoints.tree import get_tree
from pagesapi.http.completion import headers_only
from pagesapi.http.problem import ProblemResponse, crash_of
from pagesapi.http.response import BODILESS
from pagesapi.location import Place, early_redirect, place_of, redirect_target, unanswered, view_place
from pagesapi.pages.answer import after_answer, is_shared
from pagesapi.pages.endpoint import is_static
from pagesapi.pages.page import PAGE
from pagesapi.pages.preview import make_private, preview_of
from pagesapi.routing.near import near_misses

# The headers of a response that speak of its content, so not of the problem document that replaces it.
ENTITY = ("type", "length", "encoding", "language", "disposition", "range")
OF_THE_CONTENT = {"etag", *(f"content-{what}" for what in ENTITY)}


class ApiMiddleware(CorsMiddleware):
    """First in `MIDDLEWARE`, in the place of `corsheaders.middleware.CorsMiddleware`.

    - redirects `/api/x/` and `/api//x` (308) before `APPEND_SLASH` and the like can lose a body
    - answers an unknown path below the prefix with a problem document
    - does the same for an exception that no one caught, logged and signalled as Django does
    """

    def __init__(self, get_response: Any) -> None:
        if not apps.is_installed("pagesapi"):
            raise ImproperlyConfigured('ApiMiddleware is in MIDDLEWARE: add "pagesapi" to INSTALLED_APPS too.')
        super().__init__(get_response)
        if self.async_mode:
            self.process_view = self._aprocess_view  # type: ignore[method-assign, assignment]  # without a thread

    def __call__(self, request: HttpRequest) -> Any:
        if self.async_mode:
            return self.__acall__(request)
        response = self.check_preflight(request)
        if response is None:
            response = completed(request, self.get_response(request))  # type: ignore[arg-type]
        return self.add_response_headers(request, private_to_editors(request, response))

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.check_preflight(request)
        if response is None:
            response = completed(request, await self.get_response(request))  # type: ignore[misc]
        return self.add_response_headers(request, private_to_editors(request, response))

    def check_preflight(self, request: HttpRequest) -> HttpResponseBase | None:
        response = super().check_preflight(request)
        # CORS_URLS_REGEX may leave out what has a policy.
        if request.method == "OPTIONS" and (response is not None or is_preflight(request)):
            response = self._preflight_of(request, place_of(request), response)
        if response is None and (target := early_redirect(request)) is not None:
            return _permanent_redirect(target)
        return response

    def _preflight_of(
        self, request: HttpRequest, place: Place, response: HttpResponseBase | None
    ) -> HttpResponseBase | None:
        """`response` is what django-cors-headers answers to any preflight; None if a view is to be asked."""
        if place.cors and is_preflight(request):
            return preflight_answer()
        if place.view is None and place.cors is None:
            request._pagesapi_held = response  # type: ignore[attr-defined]  # middleware may choose another URLconf
            return None
        if hasattr(place.view, "pagesapi_route") and (place.cors is False or not _answers_preflights()):
            return None  # nobody may call: the route's own OPTIONS says what it has
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """A preflight whose URL is resolved only now: no view answers it that would not have otherwise."""
        held = request.__dict__.pop("_pagesapi_held", None)
        return None if held is None else self._preflight_of(request, view_place(view), held)

    async def _aprocess_view(self, *args: Any) -> HttpResponseBase | None:
        return type(self).process_view(self, *args)

    def add_response_headers(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Those of the route's or folder's own policy, else those of the project's settings."""
        match = request.resolver_match
        if match is not None and getattr(match.func, "pagesapi_cors", None) is None:  # nearly always
            return self._by_settings(request, response)
        place = place_of(request) if match is None else view_place(match.func)
        if place.cors is None:
            return self._by_settings(request, response)
        return add_cors_headers(place.cors, request, response, place.answered)

    def _by_settings(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """django-cors-headers' own. Who names no origin is told the same without a look at all headers."""
        is_enabled = getattr(request, "_cors_enabled", None)  # as its `check_preflight` has found
        if is_enabled is None or request.META.get("HTTP_ORIGIN"):
            return super().add_response_headers(request, response)
        if is_enabled:
            patch_vary_headers(response, ("origin",))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """An endpoint's error that nobody caught. Django's technical page is left to Django."""
        if settings.DEBUG_PROPAGATE_EXCEPTIONS or _route_of(request) is None:
            return None
        if _wants_technical_page(request):
            return None
        signals.got_request_exception.send(sender=None, request=request)
        response = crash_response(request, error) or crash_of(request, error, debug=settings.DEBUG)
        log_response(
            "%s: %s", response.reason_phrase, request.path, response=response, request=request, exception=error
        )
        return response


def _or_held(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """django-cors-headers' answer to a preflight that no view was found for."""
    return request.__dict__.pop("_pagesapi_held", None) or response


def _wants_technical_page(request: HttpRequest) -> bool:
    return bool(settings.DEBUG and "text/html" in request.META.get("HTTP_ACCEPT", ""))


def _permanent_redirect(target: str) -> HttpResponse:
    headers = {"Location": target, "Content-Length": str(len(target))}
    return HttpResponse(target, content_type="text/plain; charset=utf-8", status=308, headers=headers)


def _answers_preflights() -> bool:
    return bool(
        cors_conf.CORS_ALLOW_ALL_ORIGINS
        or cors_conf.CORS_ALLOWED_ORIGINS
        or cors_conf.CORS_ALLOWED_ORIGIN_REGEXES
        or check_request_enabled.has_listeners()
    )


def _route_of(request: HttpRequest) -> Any:
    return getattr(getattr(request.resolver_match, "func", None), "pagesapi_route", None)


def private_to_editors(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """In preview mode every answer is for one person."""
    return response if preview_of(request) is None else make_private(response)


def completed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What can be said of an answer only after all other middleware had it in its hands."""
    if request.method == "OPTIONS":
        response = _or_held(request, response)
    after_answer(request, response)
    if is_shared(request, response):
        # Of a session that is prolonged, say: shared caches would give them to everybody.
        response.cookies.clear()
        del response.headers["Set-Cookie"]
    elif (response.status_code == 404 or response.status_code >= 500) and _is_page(request):
        response.headers.setdefault("Cache-Control", "no-store")  # it is Django's own page, made for one visitor
    if response.status_code == 200 and request.method != "HEAD":  # nearly always, and nothing more is to be said
        return response
    return _as_an_answer(request, response)


def _is_page(request: HttpRequest) -> bool:
    view: Any = getattr(request.resolver_match, "func", None)
    return hasattr(view, PAGE) or is_static(view)


def _as_an_answer(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code in BODILESS and (_route_of(request) is not None or _is_page(request)):
        del response.headers["Content-Length"]  # CommonMiddleware's; RFC 9110 §8.6 forbids it, or a 0 in a 304
        return response
    answer = explained(request, response)
    if request.method == "HEAD" and (answer is not response or _route_of(request) is not None):
        return headers_only(answer)
    return answer


def explained(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An error below the prefix that no view made, as a problem document."""
    if response.status_code < 400 or not response.headers.get("Content-Type", "").startswith("text/html"):
        return response
    if request.resolver_match is not None:
        if _route_of(request) is None or is_answer(response) or _wants_technical_page(request):
            return response
        return _replaced(request, response, ProblemResponse(request, response.status_code))
    inside = unanswered(request.path_info, getattr(request, "urlconf", None))
    if inside is None:
        return response
    if target := redirect_target(request):  # known only now: LocaleMiddleware, or one that sets request.urlconf
        return _permanent_redirect(target)
    return _replaced(request, response, _problem(request, response.status_code, inside))


def _replaced(request: HttpRequest, response: HttpResponseBase, problem: ProblemResponse) -> ProblemResponse:
    """The problem document, with the headers and cookies that middleware gave the other response."""
    for name, value in response.headers.items():
        if name.lower() not in OF_THE_CONTENT:
            problem.headers.setdefault(name, value)
    problem.cookies = response.cookies
    problem._has_been_logged = getattr(response, "_has_been_logged", False)  # type: ignore[attr-defined]
    problem.headers["Content-Length"] = str(len(problem.content))
    return problem


def _problem(request: HttpRequest, status: int, inside: str) -> ProblemResponse:
    tree = get_tree()
    if status != 404:
        return ProblemResponse(request, status)
    if tree.errors:
        return ProblemResponse(request, 500, str(tree.refusal()) if settings.DEBUG else None)
    if not settings.DEBUG:
        return ProblemResponse(request, 404, "No endpoint has this URL.")
    near = [
        {"route": miss.route.name, "file": miss.route.file, "reason": miss.reason}
        for miss in near_misses(inside, tree.routes)
    ]
    detail = f"No file in {tree.scan.root} answers this URL." + ("" if near else " None comes near.")
    return ProblemResponse(request, 404, detail, near=near)
