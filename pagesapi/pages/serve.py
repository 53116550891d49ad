"""A visitor's request for a page: stored bytes where there are any, and never anything of the visitor's in them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.translation import get_language_from_path

from pagesapi.conf import conf
from pagesapi.exceptions import PageBusy, PageError, StoreError
from pagesapi.http.redirect import location_of
from pagesapi.pages.address import Address
from pagesapi.pages.answer import after_answer
from pagesapi.pages.clock import now
from pagesapi.pages.context import Reason
from pagesapi.pages.discover import KnownPage, get_index, page_at
from pagesapi.pages.entry import Entry
from pagesapi.pages.invalidate import in_transaction
from pagesapi.pages.listing import may_exist
from pagesapi.pages.page import Page
from pagesapi.pages.preview import NO_STORE, preview_of
from pagesapi.pages.produce import entry_of, produce
from pagesapi.pages.render import render
from pagesapi.pages.renewal import renew
from pagesapi.pages.response import as_asked, private_response, shared_response
from pagesapi.pages.shelf import Shelf, State, get_shelf

logger = logging.getLogger("pagesapi.pages")
RETRY_AFTER = 5  # seconds: what a visitor is told who has waited too long


def serve(request: HttpRequest, page: Page, params: dict[str, Any]) -> HttpResponseBase:
    """The answer to a request whose URL pattern led to a page."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    request._cache_update_cache = False  # type: ignore[attr-defined]  # Django's cache of whole sites renews nothing
    address = _address(request)
    known = _unplaced(request, page, params) if address is None else _known(request, page, address)
    if known.path != request.path_info and not _is_accepted(request, known):
        return HttpResponse(status=308, headers={"Location": location_of(request, known.path)})
    return as_asked(request, _answer(request, known, is_public=address is not None and page_at(address) is page))


def _address(request: HttpRequest) -> Address | None:
    """Where the page is in the project's URLconf; None for another URLconf, and a view that was called directly."""
    match: Any = request.resolver_match
    if match is None or getattr(request, "urlconf", settings.ROOT_URLCONF) not in (None, settings.ROOT_URLCONF):
        return None
    return get_index().get(match.func, match.route)


def _known(request: HttpRequest, page: Page, address: Address) -> KnownPage:
    match: Any = request.resolver_match
    if address.is_plain and not hasattr(address.view, "pagesapi_route"):
        return KnownPage(request.path_info, match.kwargs, page, address)
    try:
        path = address.path(address.given(match.kwargs))
    except PageError:  # a pattern that cannot be written: each of its paths is a page of its own
        path = request.path_info
    return KnownPage(path, match.kwargs, page, address)


def _unplaced(request: HttpRequest, page: Page, params: dict[str, Any]) -> KnownPage:
    """A page that is not in the project's URLconf: it has no place in the store."""
    path = request.path_info
    language = get_language_from_path(path) or settings.LANGUAGE_CODE
    return KnownPage(path, params, page, Address(serve, path, page.name, language, "", "", {}, {}, {}, False))


def _is_accepted(request: HttpRequest, known: KnownPage) -> bool:
    """`TRAILING_SLASH = "accept"`: the endpoint's page, asked for by its other spelling."""
    is_endpoint = hasattr(known.address.view, "pagesapi_route")
    return is_endpoint and conf.trailing_slash == "accept" and request.path_info == f"{known.path}/"


def _answer(request: HttpRequest, known: KnownPage, *, is_public: bool) -> HttpResponseBase:
    preview = preview_of(request)
    if preview is not None:
        return private_response(render(known, "preview", preview_data=preview.data), NO_STORE)
    if not is_public:
        return _made_for_one(known, NO_STORE)
    if settings.DEBUG and not conf.cache_in_debug:
        return _made_for_one(known, "no-store")
    try:
        response = _kept(request, known)
    except PageBusy:
        headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
        return HttpResponse("This page is being made. Please try again.", "text/plain", 503, headers=headers)
    if hasattr(request, "LANGUAGE_CODE"):  # LocaleMiddleware would say the visitor's
        response.headers.setdefault("Content-Language", known.address.language)
    request._pagesapi_shared = (response.status_code, 304)  # type: ignore[attr-defined]
    return response


def _made_for_one(known: KnownPage, cache_control: str) -> HttpResponseBase:
    if not may_exist(None, known):
        raise Http404(f"{known.path} is not listed by get_static_paths of {known.page.name}, and fallback is False.")
    return private_response(render(known, "first-request"), cache_control)


def _kept(request: HttpRequest, known: KnownPage) -> HttpResponseBase:
    shelf = get_shelf()
    if conf.is_renewed_by_platform:
        return _for_platform(shelf, known)
    try:
        return _from_store(request, shelf, known)
    except StoreError:
        logger.exception("The store of pages is out of order, so %s is made for one visitor.", known.url)
        return _without_store(shelf, known)


def _from_store(request: HttpRequest, shelf: Shelf, known: KnownPage) -> HttpResponseBase:
    entry, state = shelf.look(known.path)
    if entry is None or state is State.OUTDATED:
        return _made(shelf, known, entry)
    if state is State.FRESH:
        return shared_response(entry, "HIT")
    response = shared_response(entry, "STALE")
    renew(shelf, known, request)
    after_answer(request, response)
    return response


def _for_platform(shelf: Shelf, known: KnownPage) -> HttpResponseBase:
    """What the platform is going to keep: made now, whatever there is of it here."""
    _check_listed(shelf, known)
    rendered = render(known, "stale")
    return shared_response(entry_of(rendered, now(), (), listed=True), "MISS")


def _without_store(shelf: Shelf, known: KnownPage) -> HttpResponseBase:
    """Nobody knows now what was revalidated, so nothing that is kept may be shown, or kept by others."""
    _check_listed(shelf, known)
    return private_response(render(known, "first-request"), "no-store")


def _made(shelf: Shelf, known: KnownPage, entry: Entry | None) -> HttpResponseBase:
    if entry is None:
        _check_listed(shelf, known)
    if conf.regenerate != "sync" and in_transaction():
        # A middleware's of the project. What is read here may be rolled back: it is for this visitor alone.
        return private_response(render(known, "first-request"), "no-store")
    reason: Reason = "first-request" if entry is None or entry.is_missing else "on-demand"
    return shared_response(produce(shelf, known, reason), "MISS")


def _check_listed(shelf: Shelf, known: KnownPage) -> None:
    if not may_exist(shelf.build, known):
        raise Http404(f"{known.path} is not listed by get_static_paths of {known.page.name}.")


def view_of(page: Page) -> Callable[..., HttpResponseBase]:
    """The Django view of a page."""

    def view(request: HttpRequest, *args: Any, **params: Any) -> HttpResponseBase:
        if args:
            raise PageError(f"{page.name}: the groups of its pattern have no names; write (?P<name>…).")
        return serve(request, page, params)

    return view
