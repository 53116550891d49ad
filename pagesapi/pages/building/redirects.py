"""`_redirects`, as Netlify and Cloudflare Pages read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.forms import Form, form_of
from pagesapi.pages.building.site import SIGNATURE, Site

# Of what a path may hold (RFC 3986 §3.3), all but "*" and ":", which are wildcards in these files.
SAFE = "/~!$&'()+,;=@"


def redirects_file(pages: Iterable[BuiltPage], site: Site) -> Iterator[str]:
    """A line for each redirect, and for each URL that a host would not find the file of; the general one comes last.

    No line says "301!": Netlify then gives the redirect's page in its place, but Cloudflare refuses such a line.
    """
    yield f"{SIGNATURE}\n"
    has_endpoints = False
    for page in pages:
        form = form_of(page)
        if page.status not in {200, 404}:
            yield f"{source(site, page.path)} {_target(page)} {page.status}\n"
        elif _is_endpoint(page, site):
            has_endpoints = True
        elif form in {Form.INDEX, Form.SLASHED_INDEX}:
            yield f"{source(site, page.path)} {quote('/' + page.file, safe=SAFE)} 200\n"
    if has_endpoints:
        prefix = quote(site.api_prefix, safe=SAFE)
        yield f"{site.start}{prefix}/* {prefix}/:splat/index.json 200\n"


def _is_endpoint(page: BuiltPage, site: Site) -> bool:
    below = page.path.startswith(f"{site.api_prefix}/") and site.api_prefix != ""
    return below and form_of(page) is Form.INDEX and page.file.endswith(".json")


def source(site: Site, path: str) -> str:
    """A path as these files name one."""
    return quote(site.start + path, safe=SAFE)


def _target(page: BuiltPage) -> str:
    return re.sub(r"\s", lambda space: quote(space[0]), location_of(page))


def location_of(page: BuiltPage) -> str:
    return next((value for name, value in page.headers if name.lower() == "location"), "/")
