from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings


@pytest.fixture(autouse=True)
def _own_store() -> Iterator[None]:
    """An empty store for each test, and nothing of what `manage.py prerender` may have built here."""
    store = {"BACKEND": "pagesapi.pages.store.MemoryStore"}
    # "sync": pages that are made in a test's transaction are stored too.
    own = {"STORE": store, "BUILD_ID": "of-the-tests", "REGENERATE": "sync"}
    with override_settings(PAGESAPI={**settings.PAGESAPI, **own}):
        yield
