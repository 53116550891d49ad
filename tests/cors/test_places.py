"""Policies wherever the tree stands in the URLconf, and beside what else stands there."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest
from django.urls import include, path
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.cors.conftest import UseMiddleware, UseUrls
from tests.cors.site_urls import page
from tests.cors.telling import APP, EVIL, may_read, preflight, told, with_cors
from tests.machinery.asking import Ask

CORS = f"Cors(origins=['{APP}'])"
TREE = {"in/_middleware.py": with_cors(CORS), "in/[id].py": "def GET(request, id, **more): return id"}


def allows_one(ask: Ask, url: str, **headers: str) -> None:
    response = ask(url, headers={"Origin": APP, **headers})
    assert (response.status_code, may_read(response)) == (200, True)
    assert told(ask(url, headers={"Origin": EVIL, **headers})) == {}
    asked = preflight(ask, url, "GET")
    assert (asked.status_code, told(asked)["allow-methods"]) == (204, "GET, HEAD, OPTIONS")
    assert told(preflight(ask, url, "GET", EVIL)) == {}
    below = ask(url + "/nothing", headers={"Origin": APP, **headers})
    assert (below.status_code, may_read(below)) == (404, True)


@pytest.mark.parametrize(("place", "start"), [("", ""), ("site/", "site/"), ("<slug:tenant>/", "a-b/")])
def test_below_an_include(ask: Ask, use_urls: UseUrls, place: str, start: str) -> None:
    use_urls(path(place, include("pagesapi.urls")))
    with route_tree(TREE):
        allows_one(ask, f"/{start}api/in/1")


@pytest.mark.parametrize("prefix", ["v2/rest", ""])
def test_below_another_prefix(ask: Ask, use_urls: UseUrls, prefix: str) -> None:
    use_urls(path("site/", include("pagesapi.urls")))
    with route_tree(TREE, API_PREFIX=prefix):
        allows_one(ask, f"/site/{prefix}/in/1".replace("//", "/"))


@pytest.mark.parametrize("default", ["en", "de"])
@pytest.mark.parametrize("prefixed", [True, False])
def test_below_the_prefix_of_a_language(
    ask: Ask, settings: Settings, use_urls: UseUrls, use_middleware: UseMiddleware, default: str, prefixed: bool
) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    settings.LANGUAGE_CODE = default
    use_middleware("django.middleware.locale.LocaleMiddleware", before="django.middleware.common.CommonMiddleware")
    use_urls(*i18n_patterns(path("", include("pagesapi.urls")), prefix_default_language=prefixed))
    with translation.override(default), route_tree(TREE):
        for language in ("en", "de"):
            start = "" if language == default and not prefixed else f"/{language}"
            allows_one(ask, f"{start}/api/in/1")


@pytest.mark.parametrize("default", ["en", "de"])
def test_below_the_prefix_of_a_language_that_no_middleware_has_read_yet(
    ask: Ask, settings: Settings, use_urls: UseUrls, use_middleware: UseMiddleware, default: str
) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    settings.LANGUAGE_CODE = default
    settings.SECURE_SSL_REDIRECT = True  # by a middleware that stands above LocaleMiddleware
    use_middleware("django.middleware.locale.LocaleMiddleware", before="django.middleware.common.CommonMiddleware")
    use_urls(*i18n_patterns(path("", include("pagesapi.urls"))))
    with route_tree(TREE):
        for url in ("/en/api/in/1", "/de/api/in/1", "/de/api/in/1/nothing"):
            with translation.override(default):
                redirect = ask(url, headers={"Origin": APP})
                assert (redirect.status_code, may_read(redirect)) == (301, True)
                assert told(ask(url, headers={"Origin": EVIL})) == {}
                assert preflight(ask, url, "GET").status_code == 204


def test_in_a_urlconf_that_a_middleware_chooses(ask: Ask, use_urls: UseUrls, use_middleware: UseMiddleware) -> None:
    chosen = use_urls(path("chosen/", include("pagesapi.urls")))
    use_urls()

    class Chooser(MiddlewareMixin):
        def process_request(self, request: HttpRequest) -> Any:
            request.urlconf = chosen

    use_middleware(Chooser)
    with route_tree(TREE):
        response = ask("/chosen/api/in/1", headers={"Origin": APP})
        assert (response.status_code, may_read(response)) == (200, True)
        assert told(ask("/chosen/api/in/1", headers={"Origin": EVIL})) == {}
        below = ask("/chosen/api/in/1/nothing", headers={"Origin": APP})
        assert (below.status_code, may_read(below)) == (404, True)
        asked = preflight(ask, "/chosen/api/in/1", "GET")
        assert told(asked).get("allow-methods") == "GET, HEAD, OPTIONS"
        assert told(preflight(ask, "/chosen/api/in/1", "GET", EVIL)) == {}


def test_two_includes_have_the_same_policies(ask: Ask, use_urls: UseUrls) -> None:
    use_urls(path("", include("pagesapi.urls")), path("again/", include("pagesapi.urls", namespace="again")))
    with route_tree(TREE):
        allows_one(ask, "/api/in/1")
        allows_one(ask, "/again/api/in/1")


@pytest.mark.parametrize("first", [True, False])
def test_a_page_of_the_project_below_a_folders_url_is_its_own_affair(
    ask: Ask, settings: Settings, use_urls: UseUrls, first: bool
) -> None:
    """An old API, say, whose cookies a new policy must not open to others."""
    theirs = [path("api/in/old/page/", page), path("api/v1/page", page)]
    ours = [path("", include("pagesapi.urls"))]
    use_urls(*(theirs + ours if first else ours + theirs))
    with route_tree({**TREE, "_middleware.py": with_cors(f"Cors(origins=['{APP}'], credentials=True)")}):
        for url in ("/api/in/old/page/", "/api/v1/page"):
            for origin in (APP, EVIL):
                assert told(ask(url, headers={"Origin": origin})) == {}
                answer = preflight(ask, url, "DELETE", origin)
                assert (answer.status_code, told(answer)) == (200, {})
            settings.CORS_ALLOWED_ORIGINS = [EVIL]
            assert told(ask(url, headers={"Origin": EVIL})) == {"allow-origin": EVIL}
            assert told(preflight(ask, url, "DELETE", EVIL))["allow-methods"].startswith("DELETE, GET")
            assert told(preflight(ask, url, "DELETE", APP)) == {}
            settings.CORS_ALLOWED_ORIGINS = []


def test_a_page_of_the_project_for_a_routes_url_is_so_too(ask: Ask, use_urls: UseUrls) -> None:
    use_urls(path("api/in/1", page), path("", include("pagesapi.urls")))
    with route_tree(TREE):
        assert told(ask("/api/in/1", headers={"Origin": APP})) == {}
        assert told(preflight(ask, "/api/in/1")) == {}
        assert may_read(ask("/api/in/2", headers={"Origin": APP}))
