"""`fallback = False`: whether a path is one of those that `get_static_paths` lists."""

from __future__ import annotations

import threading
import time
from weakref import WeakKeyDictionary

from pagesapi.conf import conf
from pagesapi.exceptions import PageBusy
from pagesapi.pages.address import Address
from pagesapi.pages.build import Build
from pagesapi.pages.discover import KnownPage, paths_of
from pagesapi.pages.page import Page
from pagesapi.pages.produce import WAIT
from pagesapi.pages.render import isolated
from pagesapi.pages.store.interface import digest

KEPT = 60.0  # seconds that a listing is believed where there is no build


class Listing:
    """The digests of a page's paths, in some hundred bytes each, whatever their length."""

    def __init__(self, address: Address, page: Page) -> None:
        self.made_at = time.monotonic()
        self._paths = frozenset(int(digest(path, 8), 16) for path in paths_of(address, page))

    def __contains__(self, path: str) -> bool:
        return int(digest(path, 8), 16) in self._paths

    @property
    def is_current(self) -> bool:
        return time.monotonic() - self.made_at < KEPT


_guard = threading.Lock()
_locks: WeakKeyDictionary[Address, threading.Lock] = WeakKeyDictionary()
_listings: WeakKeyDictionary[Address, Listing] = WeakKeyDictionary()


def may_exist(build: Build | None, known: KnownPage) -> bool:
    """Whether a path that nothing is stored of may be rendered. Without a `build` the project is asked itself."""
    if known.page.policy.fallback is not False or (not known.address.parameters and known.page.paths is None):
        return True
    if not known.address.regex:
        return _lists_params(known)
    if build is None or conf.is_testing:  # a listing that is believed for a while would be that of an earlier test
        return bool(isolated(known.address.language, _is_listed, known))
    if build.manifest is not None:
        return build.lists(known.path)
    return known.path in _listing(known)


def _lists_params(known: KnownPage) -> bool:
    """For a page that is in no URLconf of the project, so without a path to compare."""
    wanted = {name: str(value) for name, value in known.params.items()}
    return any({name: str(params.get(name)) for name in wanted} == wanted for params in known.page.listed())


def _is_listed(known: KnownPage) -> bool:
    return known.path in paths_of(known.address, known.page)


def _listing(known: KnownPage) -> Listing:
    """One thread asks the project; the others wait for it, for a page of their own as short as for any."""
    with _guard:
        lock = _locks.setdefault(known.address, threading.Lock())
    if not lock.acquire(timeout=WAIT):
        raise PageBusy(known.path)
    try:
        listing = _listings.get(known.address)
        if listing is None or not listing.is_current:
            # Not in the visitor's language, time zone or URLconf.
            listing = isolated(known.address.language, Listing, known.address, known.page)
            _listings[known.address] = listing
        return listing
    finally:
        lock.release()
