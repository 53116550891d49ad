"""One request through an endpoint: cross-site check → middleware and guards → login → method → body → the function."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.log import log_response

from pagesapi.endpoints.atomic import atomic_aliases, transactions
from pagesapi.endpoints.body_limit import limit_body
from pagesapi.endpoints.chain import Chain
from pagesapi.endpoints.cors import is_preflight, preflight_answer
from pagesapi.endpoints.cross_site import SAFE_METHODS, check_cross_site
from pagesapi.endpoints.csrf_token import add_token_cookie, check_token
from pagesapi.endpoints.endpoint import Endpoint, Function
from pagesapi.endpoints.login import auser_of, check_user
from pagesapi.exceptions import CrossSiteError, HTTPError, ResponseError
from pagesapi.http.completion import bodiless, complete, complete_tagged
from pagesapi.http.problem import http_error, problem_of
from pagesapi.http.request import Request
from pagesapi.http.response import Response, response_of
from pagesapi.http.source import DjangoSource
from pagesapi.http.value_response import ValueResponse
from pagesapi.routing.route import Route

View = Callable[..., Any]
# What Django's middleware is told, since we look after it: `entered`, `check_user`; and `transactions`.
OURS = {"csrf_exempt": True, "login_required": False}


class Call:
    """A function of a route file, with what it is called with, and the handler's `res`."""

    __slots__ = ("args", "function", "kwargs", "res")

    def __init__(
        self, function: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any], res: Response | None
    ) -> None:
        self.function = function
        self.args = args
        self.kwargs = kwargs
        self.res = res


def build_view(endpoint: Endpoint) -> View:
    """The Django view of an endpoint: a coroutine function if any of its functions is one, or its middleware."""
    answered = _aanswered(endpoint) if endpoint.is_async else _answered(endpoint)
    if endpoint.rules.middleware:
        shown = _shown(endpoint, answered)
        answered = Chain(endpoint.rules.middleware, answered, shown, answer_to).entrance()
    view = _async_view(endpoint, answered) if iscoroutinefunction(answered) else _sync_view(endpoint, answered)
    if endpoint.vary:
        view = _varying(view, endpoint.vary)
    mark(view, endpoint.route)
    view.__dict__.update(pagesapi_endpoint=endpoint, pagesapi_cors=endpoint.rules.cors)
    for name, value in endpoint.exports.attributes.items():
        view.__dict__.setdefault(name, value)
    return view


def _shown(endpoint: Endpoint, answered: View) -> View:
    """The view as a folder's middleware sees it, with the functions' own marks: ours are for the project's."""
    shown = partial(answered)
    mark(shown, endpoint.route)
    for name in OURS:
        del shown.__dict__[name]
    shown.__dict__.update(endpoint.exports.attributes)
    return shown


def view_name(route: Route) -> str:
    """A route's name as that of a function: others split it at full stops (admindocs), or put it in a URL."""
    return route.name.replace("/", "\N{DIVISION SLASH}").replace(".", "\N{ONE DOT LEADER}")


def mark(view: View, route: Route) -> None:
    """What Django's middleware and other packages read off a view."""
    view.__module__ = "pagesapi.urls"
    view.__name__ = view.__qualname__ = view_name(route)
    view.__doc__ = f"The endpoint {route.file}."
    view.__dict__.update(pagesapi_route=route, _non_atomic_requests=set(connections), **OURS)


def _sync_view(endpoint: Endpoint, answered: View) -> View:
    def view(request: HttpRequest, **params: Any) -> HttpResponseBase:
        try:
            response = entered(endpoint, request) or answered(request, **params)
        except Exception as error:  # noqa: BLE001 - what is no answer is raised again
            response = answer_to(request, error)
        return left(endpoint, request, response)

    return view


def _async_view(endpoint: Endpoint, answered: View) -> View:
    enter = sync_to_async(entered) if endpoint.csrf == "token" else None  # its session may ask the database

    async def view(request: HttpRequest, **params: Any) -> HttpResponseBase:
        try:
            response = await enter(endpoint, request) if enter else entered(endpoint, request)
            response = response or await answered(request, **params)
        except Exception as error:  # noqa: BLE001 - what is no answer is raised again
            response = answer_to(request, error)
        return left(endpoint, request, response)

    return view


def entered(endpoint: Endpoint, request: HttpRequest) -> HttpResponseBase | None:
    """The cross-site check; the answer to a preflight that `ApiMiddleware` could not tell from its URL."""
    if endpoint.csrf == "token":
        check_token(request, endpoint.rules)
    elif endpoint.csrf == "origin" and request.method not in SAFE_METHODS:
        check_cross_site(request, endpoint.rules.cors)
    return preflight_answer() if endpoint.rules.cors and is_preflight(request) else None


def left(endpoint: Endpoint, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer, signed, with what all answers of the endpoint carry."""
    if endpoint.csrf == "token":
        response = add_token_cookie(request, response)
    return response if is_answer(response) else signed(response)


def _varying(view: View, headers: tuple[str, ...]) -> View:
    """A view whose answers no cache gives to callers with other values of these headers."""

    def varying(request: HttpRequest, **params: Any) -> HttpResponseBase:
        response: HttpResponseBase = view(request, **params)
        patch_vary_headers(response, headers)
        return response

    async def avarying(request: HttpRequest, **params: Any) -> HttpResponseBase:
        response: HttpResponseBase = await view(request, **params)
        patch_vary_headers(response, headers)
        return response

    return avarying if iscoroutinefunction(view) else varying


def _answered(endpoint: Endpoint) -> View:
    """Login → method → body → the function. Raises what the function raises."""

    def answered(request: HttpRequest, **params: Any) -> HttpResponseBase:
        for guard in gates_of(endpoint, request) if endpoint.gates else ():
            guard.admit(request)
        if endpoint.needs_login:
            check_user(request.user)
        call = call_of(endpoint, request, params)
        return _run(endpoint, request, call) if isinstance(call, Call) else call

    return answered


def _aanswered(endpoint: Endpoint) -> View:
    async def answered(request: HttpRequest, **params: Any) -> HttpResponseBase:
        for guard in gates_of(endpoint, request) if endpoint.gates else ():
            await guard.aadmit(request)
        if endpoint.needs_login:
            check_user(await auser_of(request))
        call = call_of(endpoint, request, params)
        if not isinstance(call, Call):
            return call
        if call.function not in endpoint.coroutines:
            return await sync_to_async(_run)(endpoint, request, call)
        value = await call.function(*call.args, **call.kwargs)
        if isinstance(value, QuerySet):  # encoding it asks the database
            value = await sync_to_async(_listed)(value)
        return finish(endpoint, request, call.res, value)

    return answered


def gates_of(endpoint: Endpoint, request: HttpRequest) -> tuple[Any, ...]:
    return endpoint.gates.get("" if endpoint.handler is not None else request.method or "", ())


def _listed(rows: QuerySet[Any]) -> list[Any]:
    return list(rows)


def signed(response: HttpResponseBase) -> HttpResponseBase:
    """Marked as an endpoint's own answer, which nothing may mistake for Django's error page."""
    response.pagesapi_answer = True  # type: ignore[attr-defined]
    return response


def is_answer(response: HttpResponseBase) -> bool:
    return hasattr(response, "pagesapi_answer")


def _run(endpoint: Endpoint, request: HttpRequest, call: Call) -> HttpResponseBase:
    aliases = atomic_aliases(endpoint.exported(request.method))
    if not aliases:
        return finish(endpoint, request, call.res, call.function(*call.args, **call.kwargs))
    with transactions(aliases):
        return finish(endpoint, request, call.res, call.function(*call.args, **call.kwargs))


def call_of(endpoint: Endpoint, request: HttpRequest, params: dict[str, Any]) -> Call | HttpResponseBase:
    """The function for the request's method, and its arguments; or the answer that needs no function."""
    rules, method = endpoint.rules, request.method or ""
    if endpoint.allowed and method not in endpoint.allowed:
        raise HTTPError(405, f"{method} is not allowed here.", headers={"Allow": endpoint.allow})
    source = DjangoSource(request)
    api = Request(source, params, rules)
    if endpoint.handler is not None:
        if rules.parse_body and source.announces_body:
            api.load()  # so that a bad body is refused before the handler runs
        res = Response()
        return Call(endpoint.handler, (api, res), {}, res)
    function = endpoint.functions.get(method)
    if function is None:
        return bodiless(HttpResponse(status=204, headers={"Allow": endpoint.allow}))
    source.django.api = api
    if source.announces_body:
        limit_body(source, api, rules)
    return Call(function, (request,), params, None)


def finish(endpoint: Endpoint, request: HttpRequest, res: Response | None, value: Any) -> HttpResponseBase:
    """The response of what a function returned; `ResponseError` if it cannot be told what it is to be."""
    if isinstance(value, HttpResponseBase):
        if res is not None and res.http is not None:
            raise ResponseError("The handler answered, and returned a response too: keep one of them.")
        return complete(request, value)
    if res is not None:
        _finish_handler(res, value)
        if res.xframe_options_exempt:
            res.http.xframe_options_exempt = True  # type: ignore[union-attr]
    elif value is None:
        return bodiless(HttpResponse(status=204))
    else:
        res = response_of(value)
        if type(res.http) is ValueResponse:
            request.__dict__.pop("api", None)  # a circle, which the garbage collector would have to find
    response = res.http
    if type(response) is ValueResponse and _is_tagged(endpoint, request, res):
        return complete_tagged(request, response)
    assert response is not None
    return complete(request, response)


def _is_tagged(endpoint: Endpoint, request: HttpRequest, res: Response) -> bool:
    return endpoint.rules.etag and request.method in ("GET", "HEAD") and res.status_code == 200 and res.taggable


def _finish_handler(res: Response, value: Any) -> None:
    if res.http is None:
        if value is None:
            raise ResponseError("The handler neither answered nor returned a value; did you mean res.end()?")
        if value is res:
            res.end()
        else:
            response_of(value, res)
    elif value is not None and value is not res:
        raise ResponseError(f"The handler answered, and returned a {type(value).__name__} too: keep one of them.")


def answer_to(request: HttpRequest, error: Exception) -> HttpResponseBase:
    """The problem document that an exception stands for; raises it again if it is an error of the program."""
    http = http_error(error, debug=settings.DEBUG)
    if http is None:
        raise error
    if isinstance(http, CrossSiteError) and settings.DEBUG:
        http = HTTPError(http.status, http.reason)
    response = problem_of(request, http)
    _log(request, response, error)
    return response


def _log(request: HttpRequest, response: HttpResponse, error: Exception) -> None:
    """What Django logs about these two beyond its line for any answer of status 400 or above."""
    options: dict[str, Any] = {"request": request, "response": response, "exception": error}
    if isinstance(error, SuspiciousOperation):
        logger = logging.getLogger(f"django.security.{type(error).__name__}")
        log_response(str(error), **options, level="error", logger=logger)
    elif isinstance(error, CrossSiteError):
        logger = logging.getLogger("django.security.csrf")
        log_response(
            "Forbidden (%s): %s", error.reason, request.path, request=request, response=response, logger=logger
        )
    elif isinstance(error, PermissionDenied):
        log_response("Forbidden (Permission denied): %s", request.path, **options)
