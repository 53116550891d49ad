"""The store that the settings name."""

from __future__ import annotations

import threading

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from pagesapi.conf import conf
from pagesapi.pages.store.interface import Store
from pagesapi.pages.store.none import NoStore

_guard = threading.Lock()
_store: Store | None = None
_of_a_test: Store | None = None


def use_in_tests(store: Store | None) -> Store | None:
    """Have a test's pages kept there, and not in the project's own store. Gives what was used before.

    None: in tests that Django knows of, pages are kept nowhere.
    """
    global _of_a_test
    before, _of_a_test = _of_a_test, store
    conf.has_test_store = store is not None
    return before


def get_store() -> Store:
    """`PAGESAPI["STORE"]`, made once a process; in the project's tests, theirs. Raises `ImproperlyConfigured`."""
    global _store  # noqa: PLW0603 - dropped when settings change
    if conf.is_testing:
        return NoStore() if _of_a_test is None else _of_a_test
    store = _store
    if store is None:
        with _guard:
            store = _store = _store or make_store()  # another thread may have been first
    return store


def make_store() -> Store:
    backend, options = conf.store
    try:
        kind = import_string(backend)
    except ImportError as error:
        raise ImproperlyConfigured(f'PAGESAPI["STORE"]["BACKEND"]: {error}') from error
    try:
        return kind(**options)  # type: ignore[no-any-return]
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f'PAGESAPI["STORE"]["OPTIONS"] do not suit {backend}: {error}') from error


def _forget(*, setting: str, **kwargs: object) -> None:
    global _store  # noqa: PLW0603
    if setting in ("PAGESAPI", "BASE_DIR"):
        _store = None


setting_changed.connect(_forget, dispatch_uid="pagesapi.pages.store")
