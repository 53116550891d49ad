"""The pytest plugin, which pytest finds by its entry point. It needs pytest-django, or `django.setup()` in a conftest.

Every test has an empty store for static pages, so none writes into the project. Fixtures: `api`, `page_store`,
`page_clock`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pagesapi.pages.store import MemoryStore
    from pagesapi.testing import ApiClient, PageClock

# What is of Django is imported by the fixtures: pytest reads this file before anybody has named the settings, and in
# projects, too, that have nothing to do with Django.


@contextmanager
def store_of_a_test() -> Iterator[MemoryStore | None]:
    """None in a project that does not use pagesapi."""
    if not _is_installed():
        yield None
        return
    from pagesapi.testing import page_store  # noqa: PLC0415 - as said above

    with page_store() as store:
        yield store


@contextmanager
def project_left_alone() -> Iterator[None]:
    """What fixtures of a module or a session ask for is kept nowhere, without pytest-django too."""
    if not _is_installed():
        yield
        return
    from pagesapi.pages.store.none import NoStore  # noqa: PLC0415 - as said above
    from pagesapi.pages.store.setting import use_in_tests  # noqa: PLC0415

    before = use_in_tests(NoStore())
    yield
    use_in_tests(before)


@pytest.fixture(scope="session", autouse=True)
def _project_is_left_alone() -> Iterator[None]:
    with project_left_alone():
        yield


@pytest.fixture(autouse=True)
def _pages_are_kept_apart() -> Iterator[MemoryStore | None]:
    with store_of_a_test() as store:
        yield store


@pytest.fixture
def page_store(_pages_are_kept_apart: MemoryStore | None) -> MemoryStore:
    """The store of static pages: empty when a test begins, and forgotten at its end."""
    return demanded(_pages_are_kept_apart)


def demanded(store: MemoryStore | None) -> MemoryStore:
    if store is None:
        pytest.fail('page_store: "pagesapi" is not in INSTALLED_APPS, or Django is not set up.', pytrace=False)
    return store


@pytest.fixture
def page_clock() -> Iterator[PageClock]:
    """The clock of static pages: `page_clock.advance(61)` and what is to be renewed after 60 seconds is stale."""
    from pagesapi.testing import page_clock  # noqa: PLC0415

    with page_clock() as clock:
        yield clock


@pytest.fixture
def api() -> ApiClient:
    """Endpoints by the names of their routes: `api("posts/[id]").get(id=5)`."""
    from pagesapi.testing import ApiClient  # noqa: PLC0415

    return ApiClient()


def _is_installed() -> bool:
    from django.apps import apps  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    return settings.configured and apps.ready and apps.is_installed("pagesapi")
