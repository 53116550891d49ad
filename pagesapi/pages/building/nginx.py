"""`nginx.conf.example`: with it, nginx answers from the files as the application does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from string import Template

from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.forms import EXTENSION, Forms, forms_of
from pagesapi.pages.building.locations import Locations
from pagesapi.pages.building.quoting import quoted
from pagesapi.pages.building.site import SIGNATURE, Site

TEMPLATE = Path(__file__).with_name("nginx.conf.template")


class ConfTemplate(Template):
    delimiter = "@@"


def nginx_conf(pages: Callable[[], Iterable[BuiltPage]], site: Site) -> Iterator[str]:
    """`pages` in the order of their paths, as often as they are asked for."""
    forms = forms_of(pages())
    yield ConfTemplate(TEMPLATE.read_text("utf-8")).substitute(_values(site, forms))
    locations = Locations(site, forms)
    for page in pages():
        yield from locations.of(page)
    yield "}\n"


def _values(site: Site, forms: Forms) -> dict[str, str]:
    start, api = re.escape(site.start), re.escape(site.api_prefix)
    flat = "" if forms.has_html_urls else '"${pagesapi_page}.html" '
    indexes = "".join(f'"${{pagesapi_page}}/index.{name}" ' for name in forms.indexes)
    return {
        "signature": SIGNATURE,
        "server_name": quoted(site.server_name),
        "no_endpoint": _no_endpoint(f"^{start}{api}") if api else "",
        "endpoint": quoted(rf"(?s)^{start}(?<pagesapi_page>{api}(?:/.*?[^/])?)/?\z"),
        "endpoint_files": "".join(_endpoint_files(site, forms)),
        "accepted": ACCEPTED if site.api_slash == "accept" else "",
        "static": "".join(_others(site)),
        "root": quoted(f"{site.start}/"),
        "types": "".join(f"            {quoted(kind)} {name};\n" for name, kind in sorted(forms.types.items())),
        "hidden": quoted(rf"(?s)^{start}(?<pagesapi_page>{forms.hidden})\z"),
        "slashed": quoted(rf"(?s)^{start}(?<pagesapi_page>/(?:.*/)?)\z"),
        "dotted": quoted(rf"(?s)^{start}(?<pagesapi_page>/.*{EXTENSION})\z"),
        "other": quoted(rf"(?s)^{start}(?<pagesapi_page>/.+)\z"),
        "flat": flat + indexes,
        "missing": "@pagesapi_append_slash" if site.append_slash else "=404",
        "hidden_missing": "463" if site.append_slash else "404",
    }


# `if` is safe in nginx with nothing but `set`, `return` and `rewrite` in it.
ACCEPTED = r"""        if ($pagesapi_spelling = "") {
            rewrite "^(.*)/\z" $1 last;
        }
"""


def _no_endpoint(prefix: str) -> str:
    below = quoted(rf"{prefix}(?:/|\z)")
    return _condition(f"$pagesapi_decoded ~ {below}", "return 462;")


def _endpoint_files(site: Site, forms: Forms) -> Iterator[str]:
    """The forms of file that an endpoint may have; at the site's root only those that no other page has."""
    if site.api_prefix:
        for name in ("$pagesapi_page", "${pagesapi_page}.html"):
            yield _condition(f'-f "$document_root{name}"', "set $pagesapi_found 1;")
        hidden = quoted(rf"(?s)^{forms.hidden}\z")
        yield _condition(f"$pagesapi_page ~ {hidden}", 'set $pagesapi_found "";')
    for name in forms.indexes:
        yield _condition(f'-f "$document_root${{pagesapi_page}}/index.{name}"', "set $pagesapi_found 1;")


def _condition(test: str, directive: str) -> str:
    return f"        if ({test}) {{\n            {directive}\n        }}\n"


def _others(site: Site) -> Iterator[str]:
    """What is no page: static files, with the types of the http block; and what is outside the script prefix."""
    start = re.escape(site.start)
    if site.start:
        yield "    location / {\n        return 404;\n    }\n"
    if site.static_url not in {None, "/"}:
        whole = quoted(rf"(?s)^{start}(/.*)\z")
        cut = f"        rewrite {whole} $1 break;\n" if start else ""
        yield f"    location ^~ {quoted(site.start + site.static_url)} {{\n{cut}        try_files $uri =404;\n    }}\n"
