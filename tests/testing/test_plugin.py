"""What a process that only collects tests reads: neither Django nor its settings."""

from __future__ import annotations

import runpy
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from pytest_django import Settings

import pagesapi
from pagesapi import pytest_plugin


def test_pytest_finds_the_plugin() -> None:
    (found,) = entry_points(group="pytest11", name="pagesapi")
    assert found.load() is pytest_plugin


def test_reading_the_plugin_brings_its_fixtures_and_nothing_of_django() -> None:
    names = runpy.run_path(str(pytest_plugin.__file__))

    assert {"api", "page_clock", "page_store"} <= names.keys()
    assert [name for name, value in names.items() if "django" in getattr(value, "__module__", "")] == []


def test_a_project_without_pagesapi_has_no_store(settings: Settings) -> None:
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "pagesapi"]
    with pytest_plugin.project_left_alone(), pytest_plugin.store_of_a_test() as store:
        assert store is None
    with pytest.raises(pytest.fail.Exception, match='"pagesapi" is not in INSTALLED_APPS'):
        pytest_plugin.demanded(store)


def test_every_name_of_the_package_is_there() -> None:
    names = runpy.run_path(str(Path(pagesapi.__file__)))

    assert {name: names["__getattr__"](name) for name in names["__all__"]}.keys() == set(names["ORIGINS"])
    assert set(names["__all__"]) <= set(names["__dir__"]())
