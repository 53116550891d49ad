"""Rules for `_headers` that say how long a browser keeps what a static host sends.

Where two rules match a URL, Netlify and Cloudflare join what they say ("max-age=0, max-age=3600"), which is no
`Cache-Control` at all. So no two of these match the same URL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage

from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.redirects import source
from pagesapi.pages.building.site import Site

PAGE = "public, max-age=0, must-revalidate"
HASHED = "public, max-age=31536000, immutable"  # the content is in the name
STATIC = "public, max-age=3600"  # no name says when it changes
MOST = 50  # rules for pages; hosts do the same without any, and read no more than a hundred


def cache_rules(pages: Iterable[BuiltPage], site: Site, files: Iterable[str], base: Path) -> Iterator[str]:
    """Blocks for `_headers`: of the pages, then of static files. `files`: those that were written, relative."""
    yield from (_block(path, PAGE) for path in _page_rules(pages, site))
    yield from (_block(path, value) for path, value in _static_rules(site, set(files), base))


def _block(path: str, value: str) -> str:
    return f"{path}\n  Cache-Control: {value}\n"


@dataclass(slots=True)
class _Top:
    """The pages whose paths begin with the same name."""

    exact: list[str] = field(default_factory=list)  # "/blog"
    below: list[str] = field(default_factory=list)  # "/blog/", "/blog/hello/"; the first of them
    is_apart: bool = False  # whether one rule for all below would be wrong

    def add(self, path: str, *, says_it: bool) -> None:
        paths = self.below if path.count("/") > 1 else self.exact
        self.is_apart = self.is_apart or says_it
        if not says_it and len(paths) <= MOST:
            paths.append(path)

    def rules(self, site: Site, top: str) -> list[str]:
        if self.is_apart or not self.below:
            return [source(site, path) for path in (*self.exact, *self.below)]
        return [*(source(site, path) for path in self.exact), f"{source(site, f'/{top}/')}*"]


def _page_rules(pages: Iterable[BuiltPage], site: Site) -> list[str]:
    """A rule for all pages below a folder at the top; for each by itself where one of them says it otherwise.

    None at all where that would be too many: then the host's own default holds, which is the same.
    """
    tops: dict[str, _Top] = defaultdict(_Top)
    tops[(site.static_url or "/").strip("/").partition("/")[0]].is_apart = True
    for page in pages:
        if page.status == 200:
            tops[page.path[1:].partition("/")[0]].add(page.path, says_it=_says_it_itself(page))
            if len(tops) > MOST:
                return []
    rules = [rule for top, group in sorted(tops.items()) for rule in group.rules(site, top)]
    return rules if len(rules) <= MOST else []


def _says_it_itself(page: BuiltPage) -> bool:
    return any(name.lower() == "cache-control" for name, _ in page.headers)


def _static_rules(site: Site, files: set[str], base: Path) -> Iterator[tuple[str, str]]:
    """Of a storage that hashes names, one for each name that it made, and none for the files that these are copies
    of: a wildcard would match both. Of others one for all."""
    folder = (site.static_url or "").strip("/")
    if not folder:
        return
    hashed = {name: made for name, made in hashed_names().items() if f"{folder}/{made}" in files}
    if not hashed and any(name.startswith(f"{folder}/") for name in files):
        yield f"{source(site, f'/{folder}/')}*", STATIC
    # Those of the project first: Cloudflare reads no more than a hundred rules, and the admin alone has more files.
    order = {made: (not _is_own(name, base), made) for name, made in hashed.items()}
    for made in sorted(order, key=order.__getitem__):
        yield source(site, f"/{folder}/{made}"), HASHED


def hashed_names() -> dict[str, str]:
    """What `ManifestStaticFilesStorage` made of which file, by its manifest; nothing of other storages."""
    storage: Any = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin):
        return {}
    found: dict[str, str] = storage.hashed_files
    return {name: made for name, made in found.items() if name != made}


def _is_own(name: str, base: Path) -> bool:
    """Whether a static file is the project's, rather than an installed package's."""
    found = find(name)
    path = Path(found) if isinstance(found, str) else None
    return path is not None and path.is_relative_to(base) and "site-packages" not in path.parts
