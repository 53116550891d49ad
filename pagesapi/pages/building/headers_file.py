"""`_headers`, as Netlify and Cloudflare Pages read it: a block for a page that says more than its file's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from mimetypes import MimeTypes

from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.forms import extension_in
from pagesapi.pages.building.redirects import source
from pagesapi.pages.building.site import SIGNATURE, Site

TYPES = MimeTypes()  # Python's own list, the same on every machine


def headers_file(pages: Iterable[BuiltPage], site: Site) -> Iterator[str]:
    yield f"{SIGNATURE}\n"
    for page in pages:
        if page.status != 200:
            continue
        fields = list(page.headers)
        if not _is_told_by(extension_in(page.file), page.content_type):
            fields.insert(0, ("Content-Type", page.content_type))
        if fields:
            yield f"{source(site, page.path)}\n" + "".join(f"  {name}: {value}\n" for name, value in fields)


@lru_cache
def _is_told_by(extension: str, content_type: str) -> bool:
    """Whether any host would say this type of a file with this extension."""
    essence, _, parameters = content_type.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    return TYPES.guess_type(f"x.{extension}")[0] == essence.strip().lower() and charset in {"", "utf-8"}
