"""Whether a request that changes something comes from the site itself: told by its headers, without a token."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import is_same_domain

from pagesapi.exceptions import HTTPError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110 §9.2.1
OWN_SITES = frozenset({"same-origin", "none"})  # "none": the user's own act, such as a bookmark
PORTS = {"http": 80, "https": 443}


def check_cross_site(request: HttpRequest) -> None:
    """403 for an unsafe method that another site made the browser send (`Sec-Fetch-Site`, `Origin`)."""
    meta = request.META
    site, origin = meta.get("HTTP_SEC_FETCH_SITE"), meta.get("HTTP_ORIGIN")
    if site in OWN_SITES or (site is None and origin is None):
        return
    if origin is not None and (
        is_same_origin(origin, f"{request.scheme}://{request.get_host()}")
        or is_trusted(origin, settings.CSRF_TRUSTED_ORIGINS)
    ):
        return
    raise HTTPError(
        403,
        f"A page of another site sent this request ({origin or site}). If it may, add its origin to "
        "CSRF_TRUSTED_ORIGINS; an endpoint for any site, such as a webhook, has RouteConfig(csrf=False).",
    )


def is_same_origin(origin: str, own: str) -> bool:
    """Scheme, host and port are equal (RFC 6454 §5), in any case, with or without the scheme's own port."""
    one, other = _parts(origin), _parts(own)
    return one is not None and one == other


def is_trusted(origin: str, trusted: Iterable[str]) -> bool:
    """Whether an entry of `CSRF_TRUSTED_ORIGINS` names the origin; "https://*.example.com" names subdomains."""
    given = _parts(origin)
    if given is None:
        return False
    scheme, host, port = given
    for entry in trusted:
        parts = _parts(entry.replace("://*.", "://."))
        if parts is not None and parts[0] == scheme and parts[2] == port and is_same_domain(host, parts[1]):
            return True
    return False


def _parts(origin: str) -> tuple[str, str, int | None] | None:
    try:
        url: SplitResult = urlsplit(origin)
        host, port = url.hostname, url.port
    except ValueError:
        return None
    if not url.scheme or not host or url.username is not None or url.path or url.query or url.fragment:
        return None
    return url.scheme, host, port or PORTS.get(url.scheme)
