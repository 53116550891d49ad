"""Whether a request that changes something comes from the site itself: told by its headers, without a token."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import is_same_domain

from pagesapi.endpoints.cors import Cors
from pagesapi.exceptions import CrossSiteError
from pagesapi.http.origin import Origin, configured_origin, parse_origin

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110 §9.2.1
OWN_SITES = frozenset({"same-origin", "none"})  # "none": the user's own act, such as a bookmark


def check_cross_site(request: HttpRequest, cors: Cors | Literal[False] | None = None) -> None:
    """403 for an unsafe method that another site made the browser send (`Sec-Fetch-Site`, `Origin`)."""
    meta = request.META
    site, text = meta.get("HTTP_SEC_FETCH_SITE"), meta.get("HTTP_ORIGIN")
    if site in OWN_SITES or (site is None and text is None):
        return
    origin = None if text is None else parse_origin(text)
    own = parse_origin(f"{request.scheme}://{request.get_host()}")
    # A browser that says "cross-site" knows better than what a proxy left of scheme and host.
    if origin is not None and ((site is None and origin == own) or _is_trusted(origin)):
        return
    if text is not None and cors and _is_allowed(request, text, cors):
        return
    sender = site if text is None else repr(text)
    raise CrossSiteError(403, f"A page of another site sent this request ({sender}).", _cure(request, text, own, cors))


def _is_allowed(request: HttpRequest, origin: str, cors: Cors) -> bool:
    return (
        cors.allows(origin)
        and cors.allows_method(request.method)
        and (cors.credentials or not _has_credentials(request))
    )


def _is_trusted(origin: Origin) -> bool:
    """Whether an entry of `CSRF_TRUSTED_ORIGINS` names it; "https://*.example.com" names subdomains."""
    for entry in settings.CSRF_TRUSTED_ORIGINS:
        trusted = configured_origin(entry.replace("://*.", "://."))
        if (
            trusted is not None
            and (trusted.scheme, trusted.port) == (origin.scheme, origin.port)
            and is_same_domain(origin.host, trusted.host)
        ):
            return True
    return False


def _has_credentials(request: HttpRequest) -> bool:
    """Whether anything came along that a browser adds by itself. A bearer token is the page's own to send."""
    meta = request.META
    if meta.get("HTTP_COOKIE") or meta.get("REMOTE_USER"):
        return True
    authorization: str = meta.get("HTTP_AUTHORIZATION", "Bearer")
    return authorization.partition(" ")[0].lower() != "bearer"


def _cure(request: HttpRequest, text: str | None, own: Origin | None, cors: Cors | Literal[False] | None) -> str:
    """For the developer: what is in the way, and what lifts it."""
    if text is not None and cors and cors.allows(text):
        if not cors.allows_method(request.method):
            return f"Its Cors names the origin, but not {request.method} in methods."
        return (
            "Its Cors names the origin, but a cookie or a password came along: send none, or allow it with "
            "Cors(credentials=True)."
        )
    origin = None if text is None else parse_origin(text)
    tls = ""
    if origin is not None and own is not None and origin.host == own.host and origin.scheme != own.scheme:
        tls = f"Django takes it for {own.scheme}: behind a proxy that speaks TLS, set SECURE_PROXY_SSL_HEADER. "
    if text == "null":
        return "A sandboxed or local page has no origin that could be named. A webhook has RouteConfig(csrf=False)."
    return (
        f"{tls}If it may, give the route a Cors that names its origin, or add that to CSRF_TRUSTED_ORIGINS; an "
        "endpoint for any site, such as a webhook, has RouteConfig(csrf=False)."
    )
