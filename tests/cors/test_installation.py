"""What `manage.py check` says where the policies of routes could not take effect."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.cors.telling import APP, GET, told, with_cors
from tests.machinery.asking import Ask
from tests.machinery.checking import found, hint_of, only

OURS = "pagesapi.middleware.ApiMiddleware"
THEIRS = "corsheaders.middleware.CorsMiddleware"
TREE = {"a.py": with_cors(f"Cors(origins=['{APP}'])", GET)}


def test_without_our_middleware_there_is_an_error_and_no_header(ask: Ask, settings: Settings) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != OURS]
    with route_tree(TREE):
        assert OURS in hint_of(only("pagesapi.E030"))
        assert told(ask("/api/a", headers={"Origin": APP})) == {}


def test_with_corsheaders_own_in_its_place_there_is_an_error(settings: Settings) -> None:
    settings.MIDDLEWARE = [THEIRS, *(name for name in settings.MIDDLEWARE if name != OURS)]
    with route_tree(TREE):
        assert [message.id for message in found()] == ["pagesapi.E030"]


@pytest.mark.parametrize(
    "above",
    [
        "django.middleware.common.CommonMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
    ],
)
def test_below_what_answers_or_changes_answers_there_is_a_warning(settings: Settings, above: str) -> None:
    settings.MIDDLEWARE = [above, *(name for name in settings.MIDDLEWARE if name != above)]
    with route_tree(TREE):
        message = only("pagesapi.W030")
    assert above in message.msg
    assert "CORS" in hint_of(message)


def test_first_of_all_there_is_nothing_to_say(settings: Settings) -> None:
    assert settings.MIDDLEWARE[0] == OURS
    with route_tree(TREE):
        assert found(fine=True) == []
