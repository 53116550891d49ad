"""One request through an endpoint: cross-site check → login → method → body → the function → a response."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from pagesapi.endpoints.cross_site import check_cross_site
from pagesapi.endpoints.login import check_user, needs_login
from pagesapi.endpoints.module import Exports, Style
from pagesapi.exceptions import HTTPError, ResponseError, RouteError
from pagesapi.http.body import LimitedStream, check_length
from pagesapi.http.etag import etag_of, is_known, make_not_modified
from pagesapi.http.problem import http_error, problem_of
from pagesapi.http.request import Request
from pagesapi.http.response import BODILESS, Response, response_of
from pagesapi.http.source import DjangoSource
from pagesapi.routing.route import Route

View = Callable[..., Any]
NO_TRANSACTION: AbstractContextManager[None] = nullcontext()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route with what its file exports: a plain value, which a view, a test or an adapter can run."""

    route: Route
    exports: Exports
    allow: str  # the header's value; empty where every method is answered
    is_async: bool
    needs_login: bool

    @classmethod
    def of(cls, route: Route, exports: Exports) -> Endpoint:
        """Raises `RouteError` for a file that exports no endpoint."""
        fault = exports.fatal
        if fault is not None:
            raise RouteError(f"{route.file}: {fault.problem} {fault.cure}")
        return cls(
            route,
            exports,
            _allow(exports),
            any(iscoroutinefunction(function) for function in exports.functions.values()),
            needs_login(dict(exports.attributes)),
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a route file, with what it is called with."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    res: Response | None  # the handler's

    def transactions(self) -> AbstractContextManager[Any]:
        """`ATOMIC_REQUESTS` of every database, minus `@non_atomic_requests`.

        Django's own transaction would be around the view, which has made a response of an exception by then.
        """
        exempt = getattr(self.function, "_non_atomic_requests", ())
        aliases = [
            alias for alias, options in connections.settings.items() if options["ATOMIC_REQUESTS"] and alias not in exempt
        ]
        if not aliases:
            return NO_TRANSACTION
        stack = ExitStack()
        for alias in aliases:
            stack.enter_context(transaction.atomic(using=alias))
        return stack


def build_view(endpoint: Endpoint) -> View:
    """The Django view of an endpoint: a coroutine function if any of its functions is one."""
    view = _async_view(endpoint) if endpoint.is_async else _sync_view(endpoint)
    mark(view, endpoint.route)
    view.__dict__["pagesapi_endpoint"] = endpoint
    view.__dict__.update({name: value for name, value in endpoint.exports.attributes.items() if not hasattr(view, name)})
    return view


def mark(view: View, route: Route) -> None:
    """What Django's middleware and other packages read off a view."""
    view.__name__ = view.__qualname__ = route.name
    view.__doc__ = f"The endpoint {route.file}."
    attributes: dict[str, Any] = {
        "pagesapi_route": route,
        "csrf_exempt": True,  # by Django's middleware: `check_cross_site` looks after it
        "login_required": False,  # likewise `check_user`
        "_non_atomic_requests": set(connections),  # likewise `Call.transactions`
    }
    view.__dict__.update(attributes)


def _sync_view(endpoint: Endpoint) -> View:
    def view(request: HttpRequest, **params: Any) -> HttpResponseBase:
        try:
            before(endpoint, request)
            if endpoint.needs_login:
                check_user(request.user)
            call = call_of(endpoint, request, params)
            return call if isinstance(call, HttpResponseBase) else _run(endpoint, request, call)
        except Exception as error:  # noqa: BLE001 - what is no answer is raised again
            return answer_to(request, error)

    return view


def _async_view(endpoint: Endpoint) -> View:
    async def view(request: HttpRequest, **params: Any) -> HttpResponseBase:
        try:
            before(endpoint, request)
            if endpoint.needs_login:
                check_user(await request.auser())
            call = call_of(endpoint, request, params)
            if isinstance(call, HttpResponseBase):
                return call
            if not iscoroutinefunction(call.function):
                return await sync_to_async(_run)(endpoint, request, call)
            value = await call.function(*call.args, **call.kwargs)
            return finish(endpoint, request, call.res, value)
        except Exception as error:  # noqa: BLE001 - what is no answer is raised again
            return answer_to(request, error)

    return view


def _run(endpoint: Endpoint, request: HttpRequest, call: Call) -> HttpResponseBase:
    with call.transactions():
        value = call.function(*call.args, **call.kwargs)
        return finish(endpoint, request, call.res, value)


def before(endpoint: Endpoint, request: HttpRequest) -> None:
    """What can be told from the headers alone."""
    if endpoint.exports.config.csrf == "origin":
        check_cross_site(request)


def call_of(endpoint: Endpoint, request: HttpRequest, params: dict[str, Any]) -> Call | HttpResponseBase:
    """The function for the request's method, and its arguments; or the answer that needs no function."""
    config, method = endpoint.exports.config, request.method or ""
    if endpoint.allow and method not in endpoint.allow.split(", "):
        raise HTTPError(405, f"{method} is not allowed here.", headers={"Allow": endpoint.allow})
    limit = config.limit
    source = DjangoSource(request)
    api = Request(source, params, limit, parse_body=config.parse_body)
    functions = endpoint.exports.functions
    if endpoint.exports.style is Style.HANDLER:
        if config.parse_body:
            api.body  # noqa: B018 - so that a bad body is refused before the handler runs
        res = Response()
        return Call(functions[""], (api, res), {}, res)
    function = functions.get(method) or (functions.get("GET") if method == "HEAD" else None)
    if function is None:
        return _bodiless(HttpResponse(status=204, headers={"Allow": endpoint.allow}))
    if source.length != -1:
        check_length(source, limit)
        if source.length is None:
            request._stream = LimitedStream(source.open(), limit)  # type: ignore[attr-defined]
            request._read_started = False  # type: ignore[attr-defined]
    request.api = api  # type: ignore[attr-defined]
    return Call(function, (request,), params, None)


def finish(endpoint: Endpoint, request: HttpRequest, res: Response | None, value: Any) -> HttpResponseBase:
    """The response of what a function returned; `ResponseError` if it cannot be told what it is to be."""
    if isinstance(value, HttpResponseBase):
        if res is not None and res.http is not None:
            raise ResponseError("The handler answered, and returned a response too: keep one of them.")
        return complete(request, value)
    if res is None:
        if value is None:
            return _bodiless(HttpResponse(status=204))
        res = response_of(value)
    elif value is not None:
        _finish_handler(res, value)
    elif res.http is None:
        raise ResponseError("The handler neither answered nor returned a value; did you mean res.end()?")
    assert res.http is not None
    return complete(request, res.http, etag=res.taggable and endpoint.exports.config.etag)


def _finish_handler(res: Response, value: Any) -> None:
    if value is res:
        if res.http is None:
            res.end()
    elif res.http is not None:
        raise ResponseError(f"The handler answered, and returned a {type(value).__name__} too: keep one of them.")
    else:
        response_of(value, res)


def complete(request: HttpRequest, response: HttpResponseBase, *, etag: bool = False) -> HttpResponseBase:
    """What HTTP asks of a response whatever made it: its tag, and no body where there may be none."""
    method, status = request.method, response.status_code
    if response.streaming:
        # GZipMiddleware of Django 5.2 holds a stream back until its end, so tell it that nobody asked.
        request.META["HTTP_ACCEPT_ENCODING"] = "identity"
    elif etag and status == 200 and method in ("GET", "HEAD"):
        tag = response.headers.setdefault("ETag", etag_of(response.content))  # type: ignore[attr-defined]
        if is_known(request, tag):
            make_not_modified(response)
            return response
    if status in BODILESS:
        return _bodiless(response)
    return _headers_only(response) if method == "HEAD" else response


def _bodiless(response: HttpResponseBase) -> HttpResponseBase:
    """A 204 or 304 (RFC 9110 §6.4.1)."""
    empty = _emptied(response)
    if empty.status_code == 204 and empty.headers.get("Content-Type", "").startswith("text/html"):
        del empty.headers["Content-Type"]
    del empty.headers["Content-Length"]
    return empty


def _headers_only(response: HttpResponseBase) -> HttpResponseBase:
    """The answer to HEAD: the headers of GET, the length among them (RFC 9110 §9.3.2)."""
    if getattr(response, "is_rendered", True) is False:
        response.add_post_render_callback(_headers_only)  # type: ignore[attr-defined]
        return response
    if not response.streaming:
        response.headers.setdefault("Content-Length", str(len(response.content)))  # type: ignore[attr-defined]
    return _emptied(response)


def _emptied(response: HttpResponseBase) -> HttpResponseBase:
    if not response.streaming:
        response.content = b""  # type: ignore[attr-defined]
        return response
    empty = HttpResponse(status=response.status_code)
    empty.headers, empty.cookies = response.headers, response.cookies
    response.close()
    return empty


def answer_to(request: HttpRequest, error: Exception) -> HttpResponseBase:
    """The problem document that an exception stands for; raises it again if it is an error of the program."""
    http = http_error(error, debug=settings.DEBUG)
    if http is None:
        raise error
    if isinstance(error, SuspiciousOperation):
        logger = logging.getLogger(f"django.security.{type(error).__name__}")
        logger.error(str(error), extra={"status_code": http.status, "request": request})
    response = problem_of(request, http)
    return _headers_only(response) if request.method == "HEAD" else response


def _allow(exports: Exports) -> str:
    if exports.style is Style.HANDLER:
        methods = set(exports.config.methods or ())
        return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
    methods = {*exports.functions, "OPTIONS"}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
