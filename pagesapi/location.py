"""Where a request belongs that no pattern answers: another spelling of a route's URL, or a place below the API."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, get_resolver
from django.utils import translation

from pagesapi.conf import conf
from pagesapi.endpoints.cors import Cors
from pagesapi.endpoints.tree import get_tree
from pagesapi.http.redirect import location_of
from pagesapi.resolver import below_prefix, find, mounted


def redirect_target(request: HttpRequest) -> str | None:
    """Where a request with `//` or a final `/` is sent, if a route answers there and nothing answers here.

    Relative to the host; it never begins with two slashes, or a slash and a backslash (an open redirect).
    """
    path = request.path_info
    urlconf = getattr(request, "urlconf", None)
    target = _other_spelling(path, urlconf)
    if target is None or _answered(path, urlconf):
        return None
    return location_of(request, target)


def early_redirect(request: HttpRequest) -> str | None:
    """`redirect_target` before any middleware has run."""
    path = request.path_info
    if "//" not in path and (not path.endswith("/") or get_tree().prefix not in path):  # nearly always
        return None
    with _language_of(path):
        return redirect_target(request)


def _language_of(path: str) -> AbstractContextManager[None]:
    """For i18n_patterns, until LocaleMiddleware has run: what the last request left in this thread is not it."""
    return translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE)


def _other_spelling(path: str, urlconf: Any) -> str | None:
    """First without repeated slashes, then, in a redirect of its own, without the last one."""
    if "//" in path:
        target = re.sub(r"/{2,}", "/", path)
        return target if _reaches(target, urlconf) or _reaches(target.rstrip("/"), urlconf) else None
    if not path.endswith("/") or conf.trailing_slash == "accept":
        return None
    return path[:-1] if _reaches(path[:-1], urlconf) else None


def _reaches(path: str, urlconf: Any) -> bool:
    tree = get_tree()
    return path != "" and any(find(tree, rest) is not None for rest in mounted(path, urlconf))


def _answered(path: str, urlconf: Any) -> bool:
    return _match(path, urlconf) is not None


def _match(path: str, urlconf: Any) -> ResolverMatch | None:
    try:
        return get_resolver(urlconf).resolve(path)
    except Resolver404:
        return None


class Place(NamedTuple):
    """What a URL says of CORS before any view is asked."""

    cors: Cors | Literal[False] | None
    answered: Iterable[str]  # the methods of the endpoint; empty: every one
    view: Any  # None: no pattern answers


NOWHERE = Place(None, (), None)


def place_of(request: HttpRequest) -> Place:
    """The policy of a URL that is not resolved yet, or by nothing: of its route, in any spelling, or its folder."""
    path, urlconf = request.path_info, getattr(request, "urlconf", None)
    with _language_of(path):
        match = _match(path, urlconf)
        if match is None and (target := _other_spelling(path, urlconf)) is not None:
            match = _match(target, urlconf)
        inside = unanswered(path, urlconf) if match is None else None
    if match is not None:
        return view_place(match.func)
    return NOWHERE if inside is None else Place(get_tree().cors_below(inside), (), None)


def view_place(view: Any) -> Place:
    """What a view says of it: an endpoint's is what its file and folders say."""
    endpoint = getattr(view, "pagesapi_endpoint", None)
    return Place(getattr(view, "pagesapi_cors", None), () if endpoint is None else endpoint.allowed, view)


def unanswered(path: str, urlconf: Any = None) -> str | None:
    """For a path that no pattern answered: its part below the API's prefix; None if it is not the API's to explain."""
    tree = get_tree()
    for rest in mounted(path, urlconf):
        inside = below_prefix(tree, rest)
        if inside is not None and (tree.prefix or rest != path.removeprefix("/")):
            return inside
    return None
