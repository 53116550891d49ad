"""Endpoints used without HTTP: their modules by name, and a request made in process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from django.core.handlers.wsgi import WSGIRequest
from django.http.response import HttpResponseBase

from pagesapi.conf import conf
from pagesapi.endpoints.dispatch import View
from pagesapi.endpoints.tree import get_tree
from pagesapi.http.json import encode
from pagesapi.routing.route import Route
from pagesapi.routing.segments import Converter, Kind, Segment


def load_route(name: str) -> ModuleType:
    """The module of a route, which Python's `import` cannot name; the same object that answers requests.

    >>> load_route("posts/[id]").found(3)

    The name is that of the file below `api/`, without ".py", groups, and a final "/index" or "/route". Raises
    `RouteNotFound` (a `LookupError`) that names similar ones, and whatever the file raises when it is imported.
    """
    tree = get_tree()
    return tree.module(tree.route(name))


def call_route(
    name: str,
    *,
    method: str = "GET",
    params: Mapping[str, Any] | None = None,
    body: Any = None,
    user: Any = None,
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """Run an endpoint in process, its folders' middleware and guards included, and return its `HttpResponse`.

    >>> call_route("posts/[id]", method="PATCH", params={"id": 3}, body={"title": "Hi"}, user=editor).status_code
    200

    `name`: as for `load_route`. `params`: those of the path. `body`: bytes as they are, text as text/plain, anything
    else as JSON. `user`: the `request.user`; None: anonymous. `query`: the query string's; a list is a repeated name.
    The project's `MIDDLEWARE` does not run.

    Raises `RouteNotFound` (a `LookupError`), `TypeError` or `ValueError` for wrong parameters, and what the endpoint
    does not catch; its `HTTPError` and `Http404` are answers.
    """
    view, call = _prepare(name, method=method, params=params, body=body, user=user, query=query, headers=headers)
    return _finished(async_to_sync(call)() if iscoroutinefunction(view) else call())


async def acall_route(
    name: str,
    *,
    method: str = "GET",
    params: Mapping[str, Any] | None = None,
    body: Any = None,
    user: Any = None,
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """`call_route` for async functions; the same options."""
    view, call = _prepare(name, method=method, params=params, body=body, user=user, query=query, headers=headers)
    return _finished(await (call() if iscoroutinefunction(view) else sync_to_async(call)()))


def _finished(response: Any) -> HttpResponseBase:
    """A `TemplateResponse` rendered, as Django's handler would."""
    return response if getattr(response, "is_rendered", True) else response.render()  # type: ignore[no-any-return]


def _prepare(
    name: str,
    *,
    params: Mapping[str, Any] | None = None,
    user: Any = None,
    **options: Any,
) -> tuple[View, Callable[[], Any]]:
    tree = get_tree()
    route = tree.route(name)
    path, values = url_of(route, params or {})
    request = _request(path, **options)
    request._dont_enforce_csrf_checks = True  # as Django's test client: no browser sent it
    request.user = user or _anonymous()
    request.auser = partial(_auser, request)
    view = tree.view(route)
    return view, partial(view, request, **values)


async def _auser(request: Any) -> Any:
    return request.user


def _anonymous() -> Any:
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415 - needs the app to be installed

    return AnonymousUser()


def url_of(route: Route, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The path of a route, and its parameters as a request would bring them. Raises `TypeError` or `ValueError`."""
    unknown = set(params) - {part.name for part in route.parameters}
    if unknown:
        own = ", ".join(repr(part.name) for part in route.parameters) or "none"
        raise TypeError(f"{route.file} has no parameter {', '.join(sorted(map(repr, unknown)))}; it has {own}.")
    parts, values = [conf.api_prefix] if conf.api_prefix else [], {}
    for part in route.segments:
        if not part.is_parameter:
            parts.append(part.name)
        elif part.name in params or part.kind is not Kind.OPTIONAL_CATCH_ALL:
            if part.name not in params:
                raise TypeError(f"{route.file} needs the parameter {part.name!r}.")
            text, value = _value_of(part, params[part.name])
            parts += text
            if text:
                values[part.name] = value
    return "/" + "/".join(parts), values


def _value_of(part: Segment, value: Any) -> tuple[list[str], Any]:
    if part.is_catch_all:
        pieces = value.split("/") if isinstance(value, str) else [str(piece) for piece in value]
        if "" in pieces or (not pieces and part.kind is Kind.CATCH_ALL):
            raise ValueError(f"{part.text} takes segments that are not empty, not {value!r}.")
        return pieces, pieces
    if part.converter is None:
        text = taken = str(value)
    else:
        text, taken = _converted(part, part.converter, value)
    if not text or "/" in text:
        raise ValueError(f"{part.text} takes one segment, not {value!r}.")
    return [text], taken


def _converted(part: Segment, converter: Converter, value: Any) -> tuple[str, Any]:
    try:
        text = converter.to_url(value)
        return text, converter.to_python(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{part.text} does not take {value!r}: {error}") from error


def _request(
    path: str,
    *,
    method: str = "GET",
    body: Any = None,
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    content, content_type = content_of(body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method.upper(),
        "PATH_INFO": path.encode().decode("latin-1"),
        "SCRIPT_NAME": "",
        "QUERY_STRING": urlencode(query or {}, doseq=True),
        "SERVER_NAME": conf.host,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content),
    }
    if body is not None:
        environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"] = content_type, str(len(content))
    for name, value in (headers or {}).items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return WSGIRequest(environ)


def content_of(body: Any) -> tuple[bytes, str]:
    """The bytes of a body and their type: bytes as they are, text as text/plain, anything else as JSON."""
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    return (b"", "") if body is None else (encode(body), "application/json")
