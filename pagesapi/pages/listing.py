"""`fallback = False`: whether a path is one of those that `get_static_paths` lists."""

from __future__ import annotations

import threading
import time
from weakref import WeakKeyDictionary

from pagesapi.pages.address import Address
from pagesapi.pages.build import Build
from pagesapi.pages.discover import KnownPage, pages_of
from pagesapi.pages.page import Page
from pagesapi.pages.store.interface import digest

KEPT = 60.0  # seconds that a listing is believed where there is no build


class Listing:
    """The digests of a page's paths: eight bytes each, whatever their length."""

    def __init__(self, address: Address, page: Page) -> None:
        self.made_at = time.monotonic()
        self._paths = frozenset(int(digest(known.path, 8), 16) for known in pages_of(address, page))

    def __contains__(self, path: str) -> bool:
        return int(digest(path, 8), 16) in self._paths

    @property
    def is_current(self) -> bool:
        return time.monotonic() - self.made_at < KEPT


_guard = threading.Lock()
_listings: WeakKeyDictionary[Address, Listing] = WeakKeyDictionary()


def may_exist(build: Build | None, known: KnownPage) -> bool:
    """Whether a path that nothing is stored of may be rendered. Without a `build` the project is asked itself."""
    if known.page.policy.fallback is not False or (not known.address.parameters and known.page.paths is None):
        return True
    if not known.address.regex:
        return _lists_params(known)
    if build is None:
        return any(listed.path == known.path for listed in pages_of(known.address, known.page))
    if build.manifest is not None:
        return build.lists(known.path)
    return known.path in _listing(known)


def _lists_params(known: KnownPage) -> bool:
    """For a page that is in no URLconf of the project, so without a path to compare."""
    wanted = {name: str(value) for name, value in known.params.items()}
    return any({name: str(params.get(name)) for name in wanted} == wanted for params in known.page.listed())


def _listing(known: KnownPage) -> Listing:
    with _guard:
        listing = _listings.get(known.address)
        if listing is None or not listing.is_current:
            listing = _listings[known.address] = Listing(known.address, known.page)
        return listing
