"""An endpoint whose GET is made once: `RouteConfig(static=True)`."""

from __future__ import annotations

import functools
from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from pagesapi.endpoints.cors import ANY
from pagesapi.endpoints.dispatch import View
from pagesapi.endpoints.tree import Tree, get_tree
from pagesapi.pages.context import StaticContext
from pagesapi.pages.page import Answer, Page
from pagesapi.policy import Policy
from pagesapi.routing.route import Route


def is_static_route(route: Route) -> bool:
    """Whether its file says so, and everybody may have the answer. A broken file is no page: its URL says why."""
    return is_static(get_tree().view(route))


def is_static(view: View) -> bool:
    endpoint = getattr(view, "pagesapi_endpoint", None)
    return endpoint is not None and endpoint.is_static


def route_page(route: Route) -> Page:
    """The page of a static endpoint; the same one as long as its file is."""
    return _page(get_tree(), route)


@functools.lru_cache(maxsize=1024)
def _page(tree: Tree, route: Route) -> Page:
    view: Any = tree.view(route)
    rules = view.pagesapi_endpoint.rules
    policy = Policy(revalidate=rules.revalidate, tags=tuple(rules.tags))
    paths = getattr(tree.module(route), "get_static_paths", None)
    return Page(f"api/{route.file}", policy, functools.partial(_respond, view), paths)


def _respond(view: View, request: HttpRequest, context: StaticContext) -> Answer:
    request.static_context = context  # type: ignore[attr-defined]
    call = async_to_sync(view) if iscoroutinefunction(view) else view
    response: HttpResponseBase = call(request, **context.params)
    cors = getattr(view, "pagesapi_cors", None)
    if cors and cors.origins == ANY:  # kept with the answer, for hosts of static files know no callers
        response.headers["Access-Control-Allow-Origin"] = ANY
    return response, None
