"""`PAGESAPI["STORE"]`: which store the pages are in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from pagesapi.pages.store import CacheStore, FileStore, MemoryStore, get_store


def named(backend: str, **options: Any) -> dict[str, Any]:
    return {"STORE": {"BACKEND": f"pagesapi.pages.store.{backend}", "OPTIONS": options}}


def test_the_default_is_files_beside_the_project(settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    settings.PAGESAPI = {}
    store = get_store()
    assert isinstance(store, FileStore)
    assert store.root == tmp_path / ".pagesapi" / "store"
    assert store.max_entries == 10_000


def test_it_is_made_once_and_anew_for_other_settings(settings: Settings) -> None:
    settings.PAGESAPI = named("MemoryStore", MAX_ENTRIES=5)
    store = get_store()
    assert isinstance(store, MemoryStore)
    assert store.max_entries == 5
    assert get_store() is store
    settings.PAGESAPI = named("CacheStore", ALIAS="pages")
    other = get_store()
    assert isinstance(other, CacheStore)
    assert other.alias == "pages"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (named("NoStore"), "BACKEND.*NoStore"),
        ({"STORE": {"BACKEND": "no_such_package.Store"}}, "BACKEND.*no_such_package"),
        (named("MemoryStore", LOCATION="/"), "OPTIONS.*do not suit.*MemoryStore.*LOCATION"),
        (named("FileStore", MAX_ENTRIES=0), "OPTIONS.*do not suit.*FileStore.*MAX_ENTRIES is a number above 0"),
        ({"STORE": "pagesapi.pages.store.FileStore"}, "a dotted path"),
    ],
)
def test_a_store_that_cannot_be_made_says_what_is_wrong(settings: Settings, wrong: dict[str, Any], said: str) -> None:
    settings.PAGESAPI = wrong
    with pytest.raises(ImproperlyConfigured, match=said):
        get_store()
