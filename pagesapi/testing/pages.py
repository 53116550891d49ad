"""Static pages in tests: an empty store, a clock, and the claim that a page is kept."""

from __future__ import annotations

import math
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.test import Client
from django.test.utils import TestContextDecorator

from pagesapi.conf import conf
from pagesapi.pages import clock
from pagesapi.pages.store.memory import MemoryStore
from pagesapi.pages.store.none import NoStore
from pagesapi.pages.store.setting import get_store, use_in_tests

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as ClientResponse

FOUND = "X-Pagesapi-Cache"


class page_store(TestContextDecorator):  # noqa: N801 - a decorator, named as Django names its own
    """An empty store for static pages, in memory, for as long as a test lasts. Gives the store.

    >>> with page_store():
    ...     client.get("/about/")  # made
    ...     client.get("/about/")  # from the store

    It decorates functions, sync or async, and test cases too. With pytest every test has one. Where a test sets
    another `STORE` or `BASE_DIR` by itself, that one is used.
    """

    def enable(self) -> MemoryStore:
        store = MemoryStore()
        self._before = use_in_tests(store)
        return store

    def __enter__(self) -> MemoryStore:  # type: ignore[override]
        return self.enable()

    def disable(self) -> None:
        use_in_tests(self._before)


class PageClock:
    """The time by which static pages grow old. It runs on from where it is set."""

    def advance(self, seconds: float | timedelta) -> None:
        """So many seconds later. Raises `ValueError` for less than none: what is made would be of the future."""
        later = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        if not 0 <= later < math.inf:
            raise ValueError(f"The clock of pages goes forward, by so many seconds, not by {later:g}.")
        clock.set_ahead(clock.ahead() + later)


class page_clock(TestContextDecorator):  # noqa: N801 - as above
    """The clock of static pages, at the real time until it is advanced. Gives a `PageClock`.

    >>> with page_store(), page_clock() as clock:
    ...     client.get("/blog/")  # revalidate = 60
    ...     clock.advance(61)
    ...     client.get("/blog/")  # the old page; it is renewed when this answer has been sent
    ...     client.get("/blog/")  # the new one

    It decorates functions and test cases too, with `kwarg_name="clock"` to be given it.
    """

    def enable(self) -> PageClock:
        self._before = clock.ahead()
        return PageClock()

    def __enter__(self) -> PageClock:  # type: ignore[override]
        return self.enable()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.disable()

    def disable(self) -> None:
        clock.set_ahead(self._before)


def assert_static(path: str, client: Client | None = None) -> ClientResponse:
    """Fail unless a second visitor gets the page of a path from the store. Gives the second answer.

    >>> assert_static("/about/")

    `client`: a Django test client; without it, a visitor who has never been here. Raises `AssertionError` with the
    reason. It wants a store: pytest's tests have one, others take `page_store`.
    """
    client = client or Client()
    client.get(path)
    answer = client.get(path)
    problem = _problem(answer)
    if problem is not None:
        raise AssertionError(f"{path} is not static: {problem}")
    return answer


def _problem(answer: Any) -> str | None:
    found = answer.headers.get(FOUND)
    if found == "HIT":
        return None
    if found is not None:
        return _why_not_kept(found)
    if answer.status_code in (301, 302, 303, 307, 308):
        return f"it answers {answer.status_code}, and redirects to {answer.headers.get('Location')}."
    if answer.status_code != 200:
        return f"it answers {answer.status_code}."
    if settings.DEBUG and not conf.cache_in_debug:
        return 'with DEBUG pages are made on every request; set PAGESAPI["CACHE_IN_DEBUG"] in this test.'
    said = answer.headers.get("Cache-Control", "")
    if "no-store" in said:
        return f"it was made for this visitor alone (Cache-Control: {said}): one who sees drafts, or a transaction."
    return "its view is neither a StaticPage nor a @static_page, nor an endpoint with RouteConfig(static=True)."


def _why_not_kept(found: str) -> str:
    if isinstance(get_store(), NoStore):
        return "this test keeps no pages. Decorate it with pagesapi.testing.page_store()."
    return f"the second visitor got it made anew ({FOUND}: {found}). Is it revalidated, or does it live too short?"
