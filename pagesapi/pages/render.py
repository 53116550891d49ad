"""A page without a visitor: from its parameters to bytes, in a context in which nothing is left of anybody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import get_resolver, set_script_prefix, set_urlconf
from django.utils import translation
from django.views.defaults import ERROR_PAGE_TEMPLATE

from pagesapi.conf import SiteURL, conf
from pagesapi.exceptions import PageError
from pagesapi.pages.address import url_of
from pagesapi.pages.context import Props, Reason, StaticContext
from pagesapi.pages.discover import KnownPage, page_for
from pagesapi.pages.page import Page
from pagesapi.pages.paths import decoded
from pagesapi.pages.request import PageRequest, refusal
from pagesapi.policy import UNSET, Unset

logger = logging.getLogger("pagesapi.pages")
SCHEMES = ("", "http", "https", "ftp")  # as Django's HttpResponseRedirect
REDIRECTS = (301, 302, 303, 307, 308)
# What is made anew when the page is served, or must not be said of it (RFC 9111 §4.2.2 lets a browser guess a
# freshness from a Last-Modified).
NOT_STORED = ("content-type", "content-length", "etag", "last-modified")
ATTRIBUTES = ("xframe_options_exempt", "_csp_config", "_csp_ro_config")
CONTROLS = ("cache-control", "surrogate-control")  # a CDN's own among them
PERSONAL = ("private", "no-store")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a page: what `render_page` returns.

    `path`: decoded, below the script prefix. `status`: 200, a redirect's, or 404. `headers`: all that the view set but
    the content type. `revalidate`: seconds, or None. `attributes`: what decorators told Django's middleware by
    attributes of the response.
    """

    path: str
    status: int
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]
    revalidate: int | None
    tags: tuple[str, ...]
    attributes: dict[str, Any]


def render_page(path: str) -> Rendered:
    """Make the page of a URL path now, as `prerender` would; the store is neither read nor written.

    >>> render_page("/blog/hello/").body
    b'<!doctype html>…'

    Raises `PageNotFound` (a `LookupError`) for what is no static page, `PageError` for one that cannot be stored, and
    whatever the page raises.
    """
    return render(page_for(decoded(path)), "on-demand")


async def arender_page(path: str) -> Rendered:
    """`render_page` for async functions."""
    return await sync_to_async(render_page)(path)


def render(known: KnownPage, reason: Reason, *, preview_data: Any = None) -> Rendered:
    """`preview_data`: what an editor's cookie holds, with the reason "preview"."""
    is_preview = reason == "preview"
    data = preview_data if is_preview and preview_data is not None else {}
    made: Rendered = isolated(known.address.language, _render, known, reason, is_preview, data)
    return made


def isolated(language: str, function: Callable[..., Any], *args: Any) -> Any:
    """Call a function in a context of its own: the language, time zone, URLconf and script prefix of the project.

    Django keeps these, and asgiref's locals, in context variables; an empty context has none of the visitor's.
    """
    return Context().run(_settled, language, function, *args)


def _settled(language: str, function: Callable[..., Any], *args: Any) -> Any:
    set_script_prefix(f"{conf.script_name}/")
    set_urlconf(settings.ROOT_URLCONF)
    if settings.USE_I18N:
        translation.activate(language)
    return function(*args)


def _render(known: KnownPage, reason: Reason, is_preview: bool, data: Any) -> Rendered:
    page, path, address = known.page, known.path, known.address
    # The parameters too are made here: a converter may ask for the time zone, or the language.
    params = known.params if address.is_plain else address.params_or(path, known.params)
    context = StaticContext(params=params, reason=reason, preview=is_preview, preview_data=data)
    request = PageRequest(path, site_url(), address.language, address.namespace)
    props: Props | None = None
    try:
        response, props = page.respond(request, context)
        response = _finished(response)
    except Http404 as error:
        if settings.DEBUG and reason != "build" and not conf.cache_in_debug:
            raise  # Django's technical page says more
        response = _not_found(request, error)
    except (PermissionDenied, SuspiciousOperation, BadRequest) as error:
        # Django would answer a visitor 403 or 400, for something that no visitor did.
        raise PageError(
            f"The static page {url_of(path)} raised {type(error).__name__}: {error}. "
            "It is made for an anonymous visitor, who has to get it."
        ) from error
    rendered = rendered_of(path, response, page, props)
    return rendered if context.preview else checked(rendered, response)


def site_url() -> SiteURL:
    """`SITE_URL`; without one, plain HTTP on a host that the project allows."""
    return conf.site_url or SiteURL("http", conf.host)


def _finished(response: HttpResponseBase) -> HttpResponseBase:
    if not isinstance(response, HttpResponseBase):
        raise PageError(f"The view returned a {type(response).__name__}, not an HttpResponse; is a `return` missing?")
    return response if getattr(response, "is_rendered", True) else response.render()  # type: ignore[attr-defined]


def _not_found(request: PageRequest, error: Http404) -> HttpResponseBase:
    """The project's 404 page, by its `handler404`, for nobody in particular."""
    handler: Any = get_resolver(settings.ROOT_URLCONF).resolve_error_handler(404)
    try:
        return _finished(handler(request, exception=error))
    except PageError as refused:  # it is right for a visitor; for all of them there is a plain one
        logger.warning("The project's 404 page is not stored, but a plain one. %s", refused)
        return HttpResponseNotFound(ERROR_PAGE_TEMPLATE % {"title": "Not Found", "details": ""})


def render_not_found(language: str, path: str) -> bytes:
    """The project's 404 page."""
    return _body(isolated(language, _not_found, PageRequest(path, site_url(), language), Http404("Not found")))


def rendered_of(path: str, response: HttpResponseBase, page: Page, props: Props | None) -> Rendered:
    headers = tuple(
        ("Location" if name.lower() == "location" else name, value)
        for name, value in response.headers.items()
        if name.lower() not in NOT_STORED
    )
    revalidate: int | Unset | None = UNSET if props is None else props.revalidate
    return Rendered(
        path,
        response.status_code,
        _body(response),
        response.headers.get("Content-Type", ""),
        headers,
        page.policy.revalidate if isinstance(revalidate, Unset) else revalidate,
        tuple(dict.fromkeys((*page.policy.tags, *(() if props is None else props.tags)))),
        {name: _plain(vars(response)[name]) for name in ATTRIBUTES if name in vars(response)},
    )


def _plain(value: Any) -> Any:
    """A policy of Django's `csp_override`, as it can be stored: its sources may be any collection of texts."""
    if not isinstance(value, dict):
        return bool(value)
    return {str(name): part if isinstance(part, bool) else _texts(part) for name, part in value.items()}


def _texts(sources: Any) -> list[str]:
    return [str(sources)] if isinstance(sources, str) else [str(source) for source in sources or ()]


def _body(response: Any) -> bytes:
    if not response.streaming:
        return response.content  # type: ignore[no-any-return]
    try:
        if response.is_async:
            return async_to_sync(_joined)(response)
        return b"".join(response.streaming_content)
    finally:
        for close in response._resource_closers:  # not response.close(): that says that the visitor's request ended
            close()


async def _joined(response: Any) -> bytes:
    return b"".join([part async for part in response.streaming_content])


def _leads_to_login(location: str) -> bool:
    return urlsplit(location).path == urlsplit(resolve_url(settings.LOGIN_URL)).path


def checked(rendered: Rendered, response: HttpResponseBase) -> Rendered:
    """Refuse what may not be shown to everybody. Raises `PageError`."""
    shown = url_of(rendered.path)
    if response.cookies or response.has_header("Set-Cookie"):
        raise refusal(shown, "a cookie")
    control = " ".join(value for name, value in rendered.headers if name.lower().endswith(CONTROLS)).lower()
    said = [word for word in PERSONAL if word in control]
    if said:
        raise PageError(
            f"The static page {shown} says Cache-Control: {said[0]}, so it is not for everybody: "
            "make it an ordinary Django view, or drop the header (never_cache sets it)."
        )
    if rendered.status in REDIRECTS and not response.headers.get("Location"):
        raise PageError(f"The static page {shown} answered {rendered.status} without a Location: say where it leads.")
    if rendered.status in REDIRECTS and urlsplit(response.headers["Location"]).scheme not in SCHEMES:
        raise PageError(f"The static page {shown} redirects to a URL that is not of the web: use http or https.")
    if rendered.status in REDIRECTS and _leads_to_login(response.headers["Location"]):
        raise PageError(
            f"The static page {shown} sends an anonymous visitor to the login page, so it is not for everybody. "
            "Put the decorator around the page, login_required(static_page(view)), or make it an ordinary view."
        )
    if rendered.status not in (200, 404, *REDIRECTS):
        raise PageError(
            f"The static page {shown} answered {rendered.status}. A page is a 200, a redirect "
            "or a 404 (raise Http404); an anonymous visitor has to get it."
        )
    return rendered
