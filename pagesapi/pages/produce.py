"""A page made and stored, once, however many ask: threads wait for one another, processes by the store's lock."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.core.signals import setting_changed

from pagesapi.exceptions import PageBusy, PageError, StoreError
from pagesapi.http.etag import etag_of
from pagesapi.pages.address import url_of
from pagesapi.pages.clock import now
from pagesapi.pages.context import Reason
from pagesapi.pages.discover import KnownPage
from pagesapi.pages.entry import Entry, names_of
from pagesapi.pages.flight import Flights, reset_in_children
from pagesapi.pages.render import Rendered, render
from pagesapi.pages.shelf import Shelf
from pagesapi.pages.signals import page_failed, page_rendered, tell
from pagesapi.pages.store.interface import EPOCH

logger = logging.getLogger("pagesapi.pages")

WAIT = 30.0  # seconds that a visitor is kept waiting for somebody else's rendering
PAUSES = (0.01, 0.1)  # seconds between two looks at the lock of another process: at first, and at most
# Seconds until a page is tried again that could not be renewed; the numbers are Next.js's.
SHORTEST_RETRY, LONGEST_RETRY = 3, 30
CHANGED = "?"  # no token: of a tag that was perhaps revalidated while the page was made

flights: Flights[Entry | None] = reset_in_children(Flights())


def _forget(*, setting: str, **kwargs: object) -> None:
    """In a test: with another store, nobody waits for what is made for this one."""
    if setting == "PAGESAPI":
        flights.reset()


setting_changed.connect(_forget, dispatch_uid="pagesapi.pages.produce")


def produce(shelf: Shelf, known: KnownPage, reason: Reason) -> Entry:
    """The page, made now unless somebody else just did. Raises `PageBusy`, or what the page raises."""
    key, deadline = (shelf.build.name, known.path), time.monotonic() + WAIT
    while True:
        flight, is_mine = flights.join(key)
        if is_mine:
            return flights.land(key, partial(_produce, shelf, known, reason))  # type: ignore[return-value]
        if not flight.landed.wait(max(0.0, deadline - time.monotonic())):
            raise PageBusy(known.path)
        if isinstance(flight.error, Exception):
            raise _for_followers(known, flight.error)
        # Revalidated since that rendering began: not what was asked for. Or the rendering was broken off, since its
        # visitor has left (under ASGI) or its process ends: that is no error of the page's.
        if flight.result is not None and shelf.is_current(flight.result):
            return flight.result


def _for_followers(known: KnownPage, error: Exception) -> Exception:
    """An error of their own for those who waited: one object in many threads would collect all their tracebacks."""
    if isinstance(error, (PageBusy, StoreError)):
        return type(error)(*error.args)
    failed = PageError(f"The page {url_of(known.path)} could not be made: {error}")
    failed.__cause__ = error
    return failed


def _produce(shelf: Shelf, known: KnownPage, reason: Reason) -> Entry:
    deadline, pause = time.monotonic() + WAIT, PAUSES[0]
    while True:
        with held(shelf, known.path) as is_mine:
            entry = shelf.usable(known.path)
            if entry is not None:
                return entry
            if is_mine:
                return make(shelf, known, reason)
        if time.monotonic() > deadline:
            raise PageBusy(known.path)
        time.sleep(pause)
        pause = min(pause * 1.5, PAUSES[1])


@contextmanager
def held(shelf: Shelf, path: str) -> Iterator[bool]:
    """The store's lock. A store that has none to give, since it is out of order, lets everybody work."""
    try:
        lock = shelf.store.lock(shelf.build.name, path)
        is_mine = lock.__enter__()
    except Exception:
        logger.exception("The store of pages gives no lock for %s.", url_of(path))
        yield True
        return
    try:
        yield is_mine
    finally:
        try:
            lock.__exit__(None, None, None)
        except Exception:
            logger.exception("The store of pages does not take the lock of %s back.", url_of(path))


def make(shelf: Shelf, known: KnownPage, reason: Reason) -> Entry:
    """Render and store; the caller holds the lock. What fails leaves the copy that there is, for a while."""
    names = (EPOCH, *names_of(known.path, known.page.policy.tags))
    before = dict(zip(names, shelf.marks(names), strict=True))
    old = shelf.find(known.path)
    old_marks = () if old is None else shelf.marks(old.names)
    started = now()
    try:
        rendered = render(known, reason)
    except Exception as error:
        _report(known, reason, error)
        if old is None or old.is_missing:
            raise
        kept = old.postponed(max(SHORTEST_RETRY, min(old.revalidate or LONGEST_RETRY, LONGEST_RETRY)), old_marks)
        return _stored(shelf, kept)
    entry = entry_of(rendered, started, marks_of(shelf, rendered, before), is_listed(shelf, known))
    _stored(shelf, entry)
    tell(page_rendered, path=url_of(known.path), reason=reason, status=rendered.status)
    return entry


def _stored(shelf: Shelf, entry: Entry) -> Entry:
    try:
        shelf.put(entry)
    except StoreError:
        logger.exception("The page %s cannot be stored, so it will be made again.", url_of(entry.path))
    return entry


def _report(known: KnownPage, reason: Reason, error: Exception) -> None:
    url = url_of(known.path)
    logger.error("The page %s could not be made (%s): %s", url, reason, error, exc_info=error)
    tell(page_failed, path=url, reason=reason, error=error)


def marks_of(shelf: Shelf, rendered: Rendered, before: dict[str, str]) -> tuple[str, ...]:
    """The tokens as they were when the rendering began.

    A tag that the page named only then may have changed meanwhile, if anything did: then the page is made again.
    """
    names = names_of(rendered.path, rendered.tags)
    later = [name for name in names if name not in before]
    tokens = dict(zip(later, shelf.marks(later), strict=True)) if later else {}
    if later and shelf.marks([EPOCH])[0] != before[EPOCH]:
        tokens = dict.fromkeys(later, CHANGED)
    return tuple({**before, **tokens}[name] for name in names)


def entry_of(rendered: Rendered, started: float, marks: tuple[str, ...], listed: bool) -> Entry:
    return Entry(
        path=rendered.path,
        status=rendered.status,
        content_type=rendered.content_type,
        headers=rendered.headers,
        etag=etag_of(rendered.body),
        body=rendered.body,
        rendered_at=started,
        revalidate=rendered.revalidate,
        tags=rendered.tags,
        marks=marks,
        attributes=rendered.attributes,
        listed=listed,
    )


def is_listed(shelf: Shelf, known: KnownPage) -> bool:
    """Whether the number of such pages is the project's own doing; all others are bounded by the store."""
    is_single = known.address.only_path == known.path
    return is_single or known.page.policy.fallback is False or shelf.build.lists(known.path)
