"""Every key of `PAGESAPI` is read live."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.urls import reverse
from pytest_django import Settings

from pagesapi.conf import conf
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask

ECHO = "def handler(req, res): res.json(req.body)"


def write(folder: Path, name: str, source: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(source, "utf-8")
    return folder


def test_the_folder_is_exchanged_and_comes_back(ask: Ask, tmp_path: Path) -> None:
    other = write(tmp_path / "other", "other.py", "def GET(request): return 'other'")
    with route_tree({"one.py": "def GET(request): return 'one'"}):
        assert ask("/api/one").content == b"one"
        with override_settings(PAGESAPI={"API_DIR": str(other)}):
            assert ask("/api/other").content == b"other"
            assert reverse("pagesapi:other") == "/api/other"
            assert ask("/api/one").status_code == 404
        assert ask("/api/one").content == b"one"
        assert reverse("pagesapi:one") == "/api/one"


def test_without_a_folder_it_is_api_beside_the_settings(ask: Ask, settings: Settings, tmp_path: Path) -> None:
    write(tmp_path / "api", "here.py", "def GET(request): return 'here'")
    settings.BASE_DIR = str(tmp_path)
    settings.PAGESAPI = {}
    assert ask("/api/here").content == b"here"


def test_a_folder_that_is_not_there_has_no_routes(ask: Ask, tmp_path: Path) -> None:
    with override_settings(PAGESAPI={"API_DIR": tmp_path / "none"}):
        assert ask("/api").status_code == 404


def test_the_prefix_is_exchanged_and_comes_back(ask: Ask) -> None:
    with route_tree({"one.py": "def GET(request): return 'one'"}):
        for prefix, url in (("v2", "/v2/one"), ("", "/one"), ("a/b", "/a/b/one")):
            with override_settings(PAGESAPI={**conf.given, "API_PREFIX": prefix}):
                assert ask(url).content == b"one"
                assert reverse("pagesapi:one") == url
                assert ask("/api/one").status_code == 404
        assert ask("/api/one").content == b"one"


def test_the_slash_rule_is_exchanged_and_comes_back(ask: Ask) -> None:
    with route_tree({"one.py": ECHO}):
        assert ask("/api/one/", method="POST", json=1).status_code == 308
        with override_settings(PAGESAPI={**conf.given, "TRAILING_SLASH": "accept"}):
            assert ask("/api/one/", method="POST", json=1).json() == 1
        assert ask("/api/one/", method="POST", json=1).status_code == 308


def test_the_body_limit_is_exchanged_and_comes_back(ask: Ask) -> None:
    text = "x" * 98
    with route_tree({"one.py": ECHO}):
        assert ask("/api/one", method="POST", json=text).json() == text
        for limit in (99, "99b", "0.09kb"):
            with override_settings(PAGESAPI={**conf.given, "BODY_LIMIT": limit}):
                response = ask("/api/one", method="POST", json=text)
                assert response.status_code == 413
                assert str(limit) in response.json()["detail"]
        for higher in (100, "100 B", None):
            with override_settings(PAGESAPI={**conf.given, "BODY_LIMIT": higher}):
                assert ask("/api/one", method="POST", json=text).json() == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("API_DIR", 3),
        ("API_PREFIX", "a b"),
        ("API_PREFIX", "<tenant>/api"),
        ("API_PREFIX", None),
        ("TRAILING_SLASH", True),
        ("BODY_LIMIT", "1 elephant"),
        ("BODY_LIMIT", -1),
        ("BODY_LIMIT", True),
    ],
)
def test_a_wrong_value_is_an_error_that_names_its_key(key: str, value: object) -> None:
    with override_settings(PAGESAPI={key: value}), pytest.raises(ImproperlyConfigured, match=key):
        getattr(conf, key.lower())


def test_settings_that_are_no_dict_are_an_error_that_says_so() -> None:
    with override_settings(PAGESAPI=[]), pytest.raises(ImproperlyConfigured, match="must be a dict"):
        conf.api_prefix  # noqa: B018


def test_folders_without_a_base_dir_are_an_error_that_says_so(settings: Settings) -> None:
    del settings.BASE_DIR
    with override_settings(PAGESAPI={}), pytest.raises(ImproperlyConfigured, match="BASE_DIR"):
        conf.api_dir  # noqa: B018
