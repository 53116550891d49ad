"""The view of a static endpoint: GET and HEAD from the store, everything else by the endpoint itself."""

from __future__ import annotations

import functools
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest

from pagesapi.endpoints.dispatch import View, signed
from pagesapi.endpoints.tree import Tree
from pagesapi.pages.endpoint import route_page
from pagesapi.pages.serve import serve
from pagesapi.routing.route import Route

STORED = ("GET", "HEAD")


@functools.lru_cache(maxsize=1024)
def static_view(tree: Tree, route: Route) -> View:
    """Made once. Sync or async, as the endpoint is."""
    view = tree.view(route)
    made = _async_view(view, route) if iscoroutinefunction(view) else _sync_view(view, route)
    made.__dict__.update(view.__dict__)
    made.__module__, made.__name__, made.__qualname__ = view.__module__, view.__name__, view.__qualname__
    return made


def _sync_view(view: View, route: Route) -> View:
    def static(request: HttpRequest, **params: Any) -> Any:
        if request.method in STORED:
            return signed(serve(request, route_page(route), params))
        return view(request, **params)

    return static


def _async_view(view: View, route: Route) -> View:
    async def static(request: HttpRequest, **params: Any) -> Any:
        if request.method in STORED:
            return signed(await sync_to_async(serve)(request, route_page(route), params))
        return await view(request, **params)

    return static
