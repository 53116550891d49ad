"""The keys of `PAGESAPI` for static pages: their defaults, and what is said of a wrong value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django
import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from pytest_django import Settings

from pagesapi.conf import PreviewOptions, SiteURL, StoreOptions, conf
from pagesapi.pages.store import FileStore, MemoryStore, get_store

FILE_STORE = "pagesapi.pages.store.FileStore"
MEMORY_STORE = "pagesapi.pages.store.MemoryStore"


def test_the_defaults_are_those_of_the_contract(settings: Settings, tmp_path: Path) -> None:
    settings.PAGESAPI, settings.BASE_DIR, settings.DEBUG = {}, tmp_path, False
    assert conf.output_dir == tmp_path / "out"
    assert conf.work_dir == tmp_path / ".pagesapi"
    assert conf.site_url is None
    assert conf.store == StoreOptions(FILE_STORE, {})
    assert (conf.build_id, conf.cache_in_debug, conf.shared_max_age) == (None, False, None)
    assert conf.regenerate == "thread"
    assert conf.preview == PreviewOptions(max_age=86400, samesite="Lax", secure=True)
    settings.DEBUG = True
    assert str(conf.site_url) == "http://localhost:8000"
    assert conf.preview.secure is False


BASE = Path(__file__).resolve().parent.parent  # BASE_DIR of the demo


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("OUTPUT_DIR", "site", BASE / "site"),
        ("OUTPUT_DIR", Path("a/site"), BASE / "a" / "site"),
        ("SITE_URL", "https://example.com", SiteURL("https", "example.com")),
        ("SITE_URL", "HTTPS://example.com:8443/", SiteURL("https", "example.com:8443")),
        ("SITE_URL", None, None),
        ("STORE", {}, StoreOptions(FILE_STORE, {})),
        ("STORE", {"BACKEND": MEMORY_STORE}, StoreOptions(MEMORY_STORE, {})),
        ("STORE", {"OPTIONS": {"MAX_ENTRIES": 5}}, StoreOptions(FILE_STORE, {"MAX_ENTRIES": 5})),
        ("BUILD_ID", "abc", "abc"),
        ("CACHE_IN_DEBUG", True, True),
        ("SHARED_MAX_AGE", 0, 0),
        ("SHARED_MAX_AGE", 60, 60),
        ("REGENERATE", "sync", "sync"),
        ("PREVIEW", {"max_age": 60}, PreviewOptions(60, "Lax", True)),
        ("PREVIEW", {"samesite": "None", "secure": False}, PreviewOptions(86400, "None", False)),
    ],
)
def test_a_value_is_read_live(settings: Settings, key: str, value: Any, expected: Any) -> None:
    settings.DEBUG = False
    with override_settings(PAGESAPI={key: value}):
        assert getattr(conf, key.lower()) == expected


@pytest.mark.parametrize(
    ("url", "port", "name"),
    [
        ("https://example.com", 443, "example.com"),
        ("http://example.com", 80, "example.com"),
        ("http://example.com:8080", 8080, "example.com"),
        ("http://[::1]:8080", 8080, "::1"),
        ("http://[::1]", 80, "::1"),
    ],
)
def test_a_site_url_has_a_port_and_a_name(url: str, port: int, name: str) -> None:
    with override_settings(PAGESAPI={"SITE_URL": url}):
        site = conf.site_url
    assert site is not None
    assert (site.port, site.name, str(site)) == (port, name, url)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("OUTPUT_DIR", 3),
        ("OUTPUT_DIR", ""),
        ("SITE_URL", "example.com"),
        ("SITE_URL", "//example.com"),
        ("SITE_URL", "ftp://example.com"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "https://example.com/blog"),
        ("SITE_URL", "https://example.com?a=1"),
        ("SITE_URL", "https://example.com#a"),
        ("SITE_URL", "https://user:password@example.com"),
        ("SITE_URL", "https://example.com:http"),
        ("SITE_URL", "https://example.com:0"),
        ("SITE_URL", "https://example.com:99999"),
        ("SITE_URL", "https://exa mple.com"),
        ("SITE_URL", "https://[::1"),
        ("SITE_URL", ""),
        ("SITE_URL", 3),
        ("SITE_URL", ["https://example.com"]),
        ("SITE_URL", b"https://example.com"),
        ("STORE", None),
        ("STORE", FILE_STORE),
        ("STORE", {"BACKEND": FileStore}),
        ("STORE", {"OPTIONS": None}),
        ("STORE", {"LOCATION": "pages"}),
        ("BUILD_ID", ""),
        ("BUILD_ID", 3),
        ("CACHE_IN_DEBUG", 1),
        ("CACHE_IN_DEBUG", "yes"),
        ("SHARED_MAX_AGE", -1),
        ("SHARED_MAX_AGE", True),
        ("SHARED_MAX_AGE", "60"),
        ("REGENERATE", "process"),
        ("REGENERATE", None),
        ("PREVIEW", None),
        ("PREVIEW", {"maxage": 60}),
        ("PREVIEW", {"max_age": 0}),
        ("PREVIEW", {"max_age": True}),
        ("PREVIEW", {"max_age": "60"}),
        ("PREVIEW", {"samesite": "lax"}),
        ("PREVIEW", {"samesite": None}),
        ("PREVIEW", {"secure": 1}),
    ],
)
def test_a_wrong_value_is_an_error_that_names_its_key_and_a_system_check(key: str, value: object) -> None:
    with override_settings(PAGESAPI={key: value}):
        with pytest.raises(ImproperlyConfigured, match=rf'PAGESAPI\["{key}"\]'):
            getattr(conf, key.lower())
        messages = checks.run_checks(tags=["pagesapi"])
    assert any(message.id == "pagesapi.E002" and f'"{key}"' in message.msg for message in messages)


@pytest.mark.parametrize(
    "store",
    [
        {"BACKEND": "nowhere.Store"},
        {"BACKEND": "pagesapi.pages.store.Nothing"},
        {"BACKEND": MEMORY_STORE, "OPTIONS": {"MAX_ENTRIES": 0}},
        {"BACKEND": MEMORY_STORE, "OPTIONS": {"MAX_ENTRIES": "many"}},
        {"BACKEND": MEMORY_STORE, "OPTIONS": {"NONSENSE": 1}},
    ],
)
def test_a_store_that_cannot_be_made_is_an_error_and_a_system_check(store: dict[str, Any]) -> None:
    with override_settings(PAGESAPI={"STORE": store}):
        with pytest.raises(ImproperlyConfigured, match=r'PAGESAPI\["STORE"\]'):
            get_store()
        messages = checks.run_checks(tags=["pagesapi"])
    assert any(message.id == "pagesapi.E002" and '"STORE"' in message.msg for message in messages)


def test_a_store_is_made_once_and_anew_for_other_settings() -> None:
    with override_settings(PAGESAPI={"STORE": {"BACKEND": MEMORY_STORE}}):
        store = get_store()
        assert isinstance(store, MemoryStore)
        assert get_store() is store
    with override_settings(PAGESAPI={"STORE": {"BACKEND": MEMORY_STORE, "OPTIONS": {"MAX_ENTRIES": 5}}}):
        assert get_store() is not store


def test_a_misspelt_key_is_a_system_check_that_names_the_keys() -> None:
    with override_settings(PAGESAPI={"SITEURL": "https://example.com"}):
        (message,) = [found for found in checks.run_checks(tags=["pagesapi"]) if found.id == "pagesapi.E001"]
    assert "'SITEURL'" in message.msg
    assert "SITE_URL" in str(message.hint)


@pytest.mark.parametrize("name", ["output_dir", "work_dir"])
def test_folders_without_a_base_dir_are_an_error_that_says_so(settings: Settings, name: str) -> None:
    del settings.BASE_DIR
    with override_settings(PAGESAPI={}), pytest.raises(ImproperlyConfigured, match="BASE_DIR"):
        getattr(conf, name)


@pytest.mark.parametrize(("version", "suits"), [((5, 2), False), ((6, 0), True), ((6, 1), True)])
def test_tasks_need_a_django_that_has_them(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], suits: bool
) -> None:
    monkeypatch.setattr(django, "VERSION", (*version, 0, "final", 0))
    with override_settings(PAGESAPI={"REGENERATE": "task"}):
        if suits:
            assert conf.regenerate == "task"
        else:
            with pytest.raises(ImproperlyConfigured, match=r"needs Django 6\.0"):
                conf.regenerate  # noqa: B018


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ([], "localhost"),
        (["*"], "localhost"),
        (["*", "a.example", "b.example"], "a.example"),
        ([".example.com"], "example.com"),
        (["[::1]"], "[::1]"),
    ],
)
def test_without_a_site_url_the_host_is_one_that_is_allowed(
    settings: Settings, hosts: list[str], expected: str
) -> None:
    settings.ALLOWED_HOSTS = hosts
    assert conf.host == expected
