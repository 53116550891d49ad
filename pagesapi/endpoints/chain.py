"""Middleware around one endpoint, with every hook that Django's handler knows, in Django's order.

Differs from `BaseHandler` in one thing: an exception that nobody answers leaves the chain as itself, so that the
project's own middleware, signals and log get it; inside, it is a 500 answer, as it is in Django.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from django.conf import settings
from django.core import signals
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.log import log_response

from pagesapi.endpoints.config import Middleware
from pagesapi.endpoints.folder import imported, label
from pagesapi.exceptions import ResponseError
from pagesapi.http.problem import ProblemResponse, crash_of

Handler = Callable[..., Any]
Answerer = Callable[[HttpRequest, Exception], HttpResponseBase]
# Attributes of the request.
CRASH = "_pagesapi_crash"  # the 500 that left the chain, and its exception
PASSAGE = "_pagesapi_passage"


class Passage:
    """One request on its way through. Middleware hands on nothing but a request, which may be another one than came
    in; or in another thread, where no context is."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params
        self.crash: tuple[ProblemResponse, Exception] | None = None


current: ContextVar[Passage] = ContextVar("pagesapi_passage")


def passage_of(request: HttpRequest) -> Passage:
    return getattr(request, PASSAGE, None) or current.get()


logger = logging.getLogger("pagesapi.routes")


class Chain:
    """`handler(request, **params)` inside `middleware`, given from the outermost to the innermost.

    `answer` makes the response of an exception, or raises it again. `view` is what `process_view` hooks are shown.
    """

    def __init__(self, middleware: Iterable[Middleware], handler: Handler, view: Handler, answer: Answerer) -> None:
        self.inner = handler
        self.view = view
        self.answer = answer
        self.view_hooks: list[Handler] = []
        self.template_hooks: list[Handler] = []
        self.exception_hooks: list[Handler] = []
        self.is_async = iscoroutinefunction(handler)
        self._inner_is_async = self.is_async
        outermost = self._converted(self._acenter if self.is_async else self._center, "")
        for item in reversed(list(middleware)):
            outermost = self._around(item, outermost)
        self.outermost = outermost

    def entrance(self) -> Handler:
        """The chain as a view."""
        return self._aenter if self.is_async else self._enter

    def _around(self, item: Middleware, handler: Handler) -> Handler:
        factory = imported(item)
        can_sync, can_async = getattr(factory, "sync_capable", True), getattr(factory, "async_capable", False)
        if not can_sync and not can_async:
            raise ImproperlyConfigured(f"The middleware {label(item)} says that it can do neither sync nor async.")
        mode = can_async if self.is_async or not can_sync else False
        try:
            instance = factory(_adapted(handler, is_async=mode))
        except MiddlewareNotUsed as error:
            logger.debug("MiddlewareNotUsed: %s %s", label(item), error)
            return handler
        if instance is None:
            raise ImproperlyConfigured(f"The middleware factory {label(item)} returned None.")
        self.is_async = mode
        self._add_hooks(instance)
        return self._converted(instance, label(item))

    def _add_hooks(self, instance: Any) -> None:
        for name, hooks, at in (
            ("process_view", self.view_hooks, 0),
            ("process_template_response", self.template_hooks, len(self.template_hooks)),
            ("process_exception", self.exception_hooks, len(self.exception_hooks)),
        ):
            if hasattr(instance, name):
                hooks.insert(at, _adapted(getattr(instance, name), is_async=self._inner_is_async))

    # --- the middle: hooks, then the endpoint -----------------------------------------------------

    def _center(self, request: HttpRequest) -> Any:
        params = passage_of(request).params
        for hook in self.view_hooks:
            if response := hook(request, self.view, (), params):
                break
        else:
            response = self._or_hooks(request, lambda: self.inner(request, **params))
        if callable(getattr(response, "render", None)):
            for hook in self.template_hooks:
                response = _checked(hook(request, response), _owner(hook))
            response = self._or_hooks(request, response.render)
        return response

    def _or_hooks(self, request: HttpRequest, call: Handler) -> Any:
        try:
            return call()
        except Exception as error:
            for hook in self.exception_hooks:
                if response := hook(request, error):
                    return response
            raise

    async def _acenter(self, request: HttpRequest) -> Any:
        params = passage_of(request).params
        for hook in self.view_hooks:
            if response := await hook(request, self.view, (), params):
                break
        else:
            response = await self._aor_hooks(request, lambda: self.inner(request, **params))
        if callable(getattr(response, "render", None)):
            for hook in self.template_hooks:
                response = _checked(await hook(request, response), _owner(hook))
            response = await self._aor_hooks(request, sync_to_async(response.render))
        return response

    async def _aor_hooks(self, request: HttpRequest, call: Handler) -> Any:
        try:
            return await call()
        except Exception as error:
            for hook in self.exception_hooks:
                if response := await hook(request, error):
                    return response
            raise

    # --- between two layers an exception is an answer ---------------------------------------------

    def _converted(self, handler: Handler, name: str) -> Handler:
        def inner(request: HttpRequest) -> Any:
            try:
                return _checked(handler(request), name)
            except Exception as error:  # noqa: BLE001 - raised again where the chain ends
                return self._response_of(request, error)

        async def ainner(request: HttpRequest) -> Any:
            try:
                return _checked(await handler(request), name)
            except Exception as error:  # noqa: BLE001 - raised again where the chain ends
                return self._response_of(request, error)

        return ainner if self.is_async else inner

    def _response_of(self, request: HttpRequest, error: Exception) -> HttpResponseBase:
        try:
            return self.answer(request, error)
        except Exception:  # noqa: BLE001 - this is what `answer` does with an error of the program
            here = passage_of(request)
            _report(request, here)  # an earlier one, in whose place this comes
            response = crash_of(request, error, debug=settings.DEBUG)
            here.crash = response, error
            return response

    # --- the whole --------------------------------------------------------------------------------

    def _enter(self, request: HttpRequest, **params: Any) -> HttpResponseBase:
        with _entered(request, params) as here:
            return _left(request, self.outermost(request), here)

    async def _aenter(self, request: HttpRequest, **params: Any) -> HttpResponseBase:
        with _entered(request, params) as here:
            return _left(request, await self.outermost(request), here)


@contextmanager
def _entered(request: HttpRequest, params: dict[str, Any]) -> Iterator[Passage]:
    """What middleware activates for one request must not last: no other route's middleware would put it right."""
    language, zone = translation.get_language(), timezone.get_current_timezone()
    here = Passage(params)
    token = current.set(here)
    setattr(request, PASSAGE, here)
    try:
        yield here
    finally:
        current.reset(token)
        if translation.get_language() != language:
            translation.activate(language) if language else translation.deactivate_all()
        if timezone.get_current_timezone() is not zone:
            timezone.activate(zone)


def _left(request: HttpRequest, response: HttpResponseBase, here: Passage) -> HttpResponseBase:
    """What leaves the chain: a crash as the exception that it was."""
    if here.crash is not None and response is here.crash[0]:
        setattr(request, CRASH, here.crash)
        raise here.crash[1]
    _report(request, here)
    return response


def crash_response(request: HttpRequest, error: Exception) -> ProblemResponse | None:
    """The 500 of an exception that left a chain, with all that its middleware gave it."""
    response, known = getattr(request, CRASH, (None, None))
    return response if known is error else None


def _report(request: HttpRequest, here: Passage) -> None:
    """Signal and log an exception whose answer another one replaced, as Django does with each."""
    if here.crash is None:
        return
    response, error = here.crash
    try:
        raise error
    except Exception:  # noqa: BLE001 - the receivers ask sys.exc_info() for it
        signals.got_request_exception.send(sender=None, request=request)
    reason = "Internal Server Error"
    log_response("%s: %s", reason, request.path, response=response, request=request, level="error", exception=error)


def _adapted(function: Handler, *, is_async: bool) -> Handler:
    if is_async == iscoroutinefunction(function):
        return function
    return sync_to_async(function, thread_sensitive=True) if is_async else async_to_sync(function)


def _owner(hook: Handler) -> str:
    return type(getattr(hook, "__self__", hook)).__qualname__


def _checked(response: Any, name: str) -> Any:
    if response is None:
        raise ResponseError(f"The middleware {name} returned None instead of a response.")
    return response
