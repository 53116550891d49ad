"""`LocaleMiddleware` and `i18n_patterns` around the tree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, reverse
from django.utils import translation
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.machinery.conftest import UseMiddleware, UseUrls

TREE = {
    "language.py": """
        from django.utils import translation
        def GET(request): return translation.get_language()
    """,
    "alanguage.py": """
        from django.utils import translation
        async def handler(req, res): res.send(translation.get_language())
    """,
    "lazy.py": """
        from django.utils.translation import gettext_lazy as _
        def GET(request): return {_("Yes"): [_("No")]}
    """,
    "strict.py": """
        from django.core.exceptions import ValidationError
        from django.utils.translation import gettext_lazy as _
        def POST(request): raise ValidationError({"email": _("Enter a valid email address.")})
    """,
}
NAMES = ["language", "alanguage"]


@pytest.fixture(autouse=True)
def _locale(settings: Settings, use_middleware: UseMiddleware) -> Iterator[None]:
    settings.LANGUAGES = [("en", "English"), ("de", "German"), ("fr", "French")]
    use_middleware("django.middleware.locale.LocaleMiddleware", before="django.middleware.common.CommonMiddleware")
    with translation.override("en"):
        yield


@pytest.mark.parametrize("name", NAMES)
def test_an_endpoint_speaks_the_callers_language(ask: Ask, name: str) -> None:
    with route_tree(TREE):
        for language in ("de", "fr", "en"):
            response = ask(f"/api/{name}", headers={"Accept-Language": language})
            assert (response.content.decode(), response["Content-Language"]) == (language, language)


def test_lazy_texts_are_translated_as_they_are_sent(ask: Ask) -> None:
    with route_tree(TREE):
        german = ask("/api/lazy", headers={"Accept-Language": "de"})
        english = ask("/api/lazy")
    assert (german.json(), english.json()) == ({"Ja": ["Nein"]}, {"Yes": ["No"]})
    assert german["ETag"] != english["ETag"]


def test_errors_of_validation_are_translated(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/strict", method="POST", headers={"Accept-Language": "de"})
    assert response.status_code == 400
    assert "gültige" in response.json()["errors"]["email"][0]


@pytest.fixture
def _in_languages(use_urls: UseUrls) -> None:
    use_urls(*i18n_patterns(path("", include("pagesapi.urls"))))


@pytest.mark.usefixtures("_in_languages")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_tree_stands_below_a_language(ask: Ask, name: str, language: str) -> None:
    with route_tree(TREE):
        assert ask(f"/{language}/api/{name}").content.decode() == language
        with translation.override(language):
            assert reverse(f"pagesapi:{name}") == f"/{language}/api/{name}"


@pytest.mark.usefixtures("_in_languages")
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_final_slash_is_redirected_below_a_language(ask: Ask, language: str) -> None:
    with route_tree(TREE):
        response = ask(f"/{language}/api/language/?a=1")
    assert (response.status_code, response["Location"]) == (308, f"/{language}/api/language?a=1")


@pytest.mark.usefixtures("_in_languages")
@pytest.mark.parametrize("language", ["en", "de"])
def test_an_unknown_path_below_a_language_is_a_problem_document(ask: Ask, language: str) -> None:
    with route_tree(TREE):
        response = ask(f"/{language}/api/nothing")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.usefixtures("_in_languages")
def test_a_path_without_its_language_is_redirected_to_it(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/language", headers={"Accept-Language": "de"})
    assert (response.status_code, response["Location"]) == (302, "/de/api/language")


def test_an_unknown_path_beside_pages_in_languages_is_a_problem_document(ask: Ask, use_urls: UseUrls) -> None:
    use_urls(path("", include("pagesapi.urls")), *i18n_patterns(path("old/", include("project.blog.v1"))))
    with route_tree(TREE):
        response = ask("/api/nothing", headers={"Accept-Language": "de"})
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
