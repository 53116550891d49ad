"""Who makes a stale page anew, while its visitors already have the old one: `PAGESAPI["REGENERATE"]`."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connections

from pagesapi.conf import conf
from pagesapi.pages.discover import KnownPage
from pagesapi.pages.entry import Entry
from pagesapi.pages.produce import LONGEST_RETRY, flights, held, make
from pagesapi.pages.shelf import Shelf, State

logger = logging.getLogger("pagesapi.pages")
MOST_WAITING = 1000  # pages
THREADS = 4  # more would take the processor from the visitors


class Pool:
    """Threads of this process; none before they are needed, and new ones after a fork."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._guard = threading.Lock()
        self._executor: ThreadPoolExecutor | None = None
        self._waiting: set[tuple[str, str]] = set()

    def submit(self, key: tuple[str, str], work: Callable[[], None]) -> None:
        """Do the work when a thread is free. Not twice for what waits already, and not where too much waits: the next
        visitor asks again."""
        with self._guard:
            if key in self._waiting or len(self._waiting) >= MOST_WAITING:
                return
            if self._executor is None:
                self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="pagesapi-renewal")
            self._waiting.add(key)
            try:
                self._executor.submit(self._begin, key, work)
            except RuntimeError:  # the process is ending
                self._waiting.discard(key)

    def _begin(self, key: tuple[str, str], work: Callable[[], None]) -> None:
        with self._guard:
            self._waiting.discard(key)
        try:
            work()
        finally:
            connections.close_all()


_pool = Pool()
if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no forks
    os.register_at_fork(after_in_child=_pool.forget)


def renew(shelf: Shelf, known: KnownPage, request: Any) -> None:
    """See to it that a stale page is made anew, once. `request` is being answered with the old bytes."""
    way = "sync" if conf.is_testing else conf.regenerate  # another thread would not see what a test has written
    if way == "task":
        try:
            _enqueue(shelf, known)
        except Exception:  # the queue's, or the store's: the visitor has the old bytes
            logger.exception("No task for the renewal of %s.", known.url)
    elif way == "thread":
        _pool.submit((shelf.build.name, known.path), partial(_if_nobody_does, shelf, known))
    else:
        request._pagesapi_renewal = partial(_if_nobody_does, shelf, known)


def _if_nobody_does(shelf: Shelf, known: KnownPage) -> None:
    key = (shelf.build.name, known.path)
    if flights.join(key)[1]:
        _land(key, shelf, known)


def _land(key: tuple[str, str], shelf: Shelf, known: KnownPage) -> None:
    try:
        flights.land(key, partial(renew_now, shelf, known))
    except Exception as error:  # noqa: BLE001 - nobody waits for it; the page's own errors are logged already
        logger.error("The page %s could not be renewed: %s", known.url, error)


def renew_now(shelf: Shelf, known: KnownPage) -> Entry | None:
    """None if another process is at it, or has just been."""
    with held(shelf, known.path) as is_mine:
        if not is_mine:
            return None
        entry = shelf.find(known.path)
        if entry is not None and shelf.state(entry) is State.FRESH:
            return entry
        return make(shelf, known, "stale")


def _enqueue(shelf: Shelf, known: KnownPage) -> None:
    """One task, however many visitors come before it is run; another one if it is not run for long."""
    from pagesapi.pages.task import renew_page  # noqa: PLC0415 - Django Tasks are of Django 6.0

    with held(shelf, known.path) as is_mine:
        entry = shelf.find(known.path) if is_mine else None
        if entry is None or shelf.state(entry) is not State.STALE:
            return
        shelf.put(entry.postponed(LONGEST_RETRY, entry.marks))
    renew_page.enqueue(known.path)
