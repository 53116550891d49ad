"""Middleware of every kind that Django knows, each of which writes down what it sees."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import async_only_middleware, sync_and_async_middleware
from django.utils.deprecation import MiddlewareMixin

CALLS: list[str] = []
GetResponse = Callable[[HttpRequest], Any]
Middleware = Callable[[GetResponse], Any]


def note(*words: object) -> None:
    CALLS.append(" ".join(map(str, words)))


def seen(name: str, request: HttpRequest) -> None:
    note(name, "request", request.method)


def answered(name: str, response: HttpResponseBase) -> HttpResponseBase:
    note(name, "response", response.status_code)
    response.headers["X-Layers"] = f"{response.headers.get('X-Layers', '')}{name} "
    return response


def function(name: str) -> Middleware:
    def middleware(get_response: GetResponse) -> Any:
        def inner(request: HttpRequest) -> HttpResponseBase:
            seen(name, request)
            return answered(name, get_response(request))

        return inner

    return middleware


def function_of_both(name: str) -> Middleware:
    @sync_and_async_middleware
    def middleware(get_response: GetResponse) -> Any:
        if iscoroutinefunction(get_response):

            async def ainner(request: HttpRequest) -> HttpResponseBase:
                seen(name, request)
                return answered(name, await get_response(request))

            return ainner

        def inner(request: HttpRequest) -> HttpResponseBase:
            seen(name, request)
            return answered(name, get_response(request))

        return inner

    return middleware


def function_async(name: str) -> Middleware:
    @async_only_middleware
    def middleware(get_response: GetResponse) -> Any:
        async def ainner(request: HttpRequest) -> HttpResponseBase:
            seen(name, request)
            await asyncio.sleep(0)
            return answered(name, await get_response(request))

        return ainner

    return middleware


class Hooks:
    """The hooks of a layer, whatever is around them."""

    name = ""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        note(self.name, "view", list(args), dict(kwargs))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        note(self.name, "exception", type(error).__name__)
        return None

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        note(self.name, "template", response.is_rendered)
        response.context_data = {"said": f"{(response.context_data or {}).get('said', '')}{self.name} "}
        return response


class AsyncHooks(Hooks):
    """Those that may be coroutines: in Django, all but `process_exception`."""

    async def process_view(  # type: ignore[override]
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        await asyncio.sleep(0)
        return super().process_view(request, view, args, kwargs)

    async def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        await asyncio.sleep(0)
        return super().process_template_response(request, response)


class Plain(Hooks):
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        seen(self.name, request)
        return answered(self.name, self.get_response(request))


class AsyncOnly(AsyncHooks):
    sync_capable = False
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> Any:
        seen(self.name, request)
        return answered(self.name, await self.get_response(request))


class Both(Hooks):
    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if self.is_async:
            return self.acall(request)
        seen(self.name, request)
        return answered(self.name, self.get_response(request))

    async def acall(self, request: HttpRequest) -> Any:
        seen(self.name, request)
        return answered(self.name, await self.get_response(request))


class Mixed(Hooks, MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> None:
        seen(self.name, request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return answered(self.name, response)


def named(base: type) -> Callable[[str], Middleware]:
    return lambda name: type(f"{base.__name__}_{name}", (base,), {"name": name})


def not_used(name: str) -> Middleware:
    def middleware(get_response: GetResponse) -> Any:
        note(name, "not used")
        raise MiddlewareNotUsed(name)

    return middleware


KINDS: dict[str, Callable[[str], Any]] = {
    "function": function,
    "function_of_both": function_of_both,
    "function_async": function_async,
    "class": named(Plain),
    "class_async": named(AsyncOnly),
    "class_of_both": named(Both),
    "mixin": named(Mixed),
    "not_used": not_used,
}


def layer(kind: str, name: str = "only") -> Any:
    """A middleware of a kind, as an item of `MIDDLEWARE` or of a folder."""
    made = KINDS[kind](name)
    made.__name__ = f"{kind}_{name}"
    return made


function_layer = layer("function")
mixin_layer = layer("mixin")
