"""System checks of the settings, the installation and the URLconf, each provoked once."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, re_path, register_converter
from django.urls.converters import REGISTERED_CONVERTERS, get_converters
from pytest_django import Settings

from pagesapi.checks.installation import check_deployment, check_install
from pagesapi.middleware import ApiMiddleware
from pagesapi.testing import route_tree
from tests.machinery.checking import found, hint_of, only
from tests.machinery.conftest import UseMiddleware, UseUrls
from tests.pages.site.converters import EVEN

GET = "def GET(request): return 1"
OURS = "pagesapi.middleware.ApiMiddleware"

SETTINGS: dict[str, tuple[str, Any, str]] = {
    "an unknown key": ("E001", {"API_FOLDER": "x"}, "API_FOLDER"),
    "no dict": ("E002", ["api"], "dict"),
    "a wrong prefix": ("E002", {"API_PREFIX": "a b"}, "API_PREFIX"),
    "a wrong slash rule": ("E002", {"TRAILING_SLASH": "yes"}, "TRAILING_SLASH"),
    "no slash rule": ("E002", {"TRAILING_SLASH": []}, "TRAILING_SLASH"),
    "a wrong limit": ("E002", {"BODY_LIMIT": "big"}, "BODY_LIMIT"),
    "a limit that is no number": ("E002", {"BODY_LIMIT": "9" * 400 + "mb"}, "BODY_LIMIT"),
    "a folder that cannot be": ("E002", {"API_DIR": "a\0b"}, "API_DIR"),
    "a wrong folder": ("E002", {"API_DIR": 1}, "API_DIR"),
    "no folder": ("E003", {"API_DIR": "/nowhere/at/all"}, "/nowhere/at/all"),
}


@pytest.mark.parametrize(("number", "value", "culprit"), SETTINGS.values(), ids=SETTINGS)
def test_a_wrong_setting_is_an_error(number: str, value: Any, culprit: str) -> None:
    with override_settings(PAGESAPI=value):
        assert culprit in only(f"pagesapi.{number}").msg


def test_a_wrong_value_hides_no_unknown_key() -> None:
    with override_settings(PAGESAPI={"APIDIR": "x", "TRAILING_SLASH": True}):
        assert [message.id for message in found()] == ["pagesapi.E002", "pagesapi.E001"]


def test_a_relative_folder_is_below_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "routes").mkdir()
    (tmp_path / "routes" / "hello.py").write_text(GET)
    monkeypatch.chdir("/")
    with override_settings(BASE_DIR=tmp_path, PAGESAPI={"API_DIR": "routes"}):
        assert Client().get("/api/hello").json() == 1


def test_what_is_no_pattern_is_named_by_django(use_urls: UseUrls) -> None:
    use_urls(include("pagesapi.urls"), path("", include("pagesapi.urls")))  # the first without path("", …)
    with pytest.raises(CommandError, match=r"(?s)urls\.E004.*Try using path\(\) instead of a tuple"):
        call_command("check")


def test_an_unknown_key_is_told_the_one_that_was_meant() -> None:
    with override_settings(PAGESAPI={"API_FOLDER": "x", "COLOUR": "red"}):
        folder, colour = map(hint_of, found())
    assert folder.startswith("Did you mean 'API_DIR'? The keys are API_DIR, ")
    assert colour.startswith("The keys are API_DIR, ")


@pytest.mark.parametrize("name", ["PAGES_API", "PAGEAPI", "PAGESAPI_"])
def test_settings_under_a_name_that_nearly_is_the_right_one_are_a_warning(name: str, settings: Settings) -> None:
    del settings.PAGESAPI
    with override_settings(**{name: {"API_DIR": "x"}}):
        assert name in only("pagesapi.W038").msg


def test_a_setting_of_another_package_is_left_alone(settings: Settings) -> None:
    with override_settings(PAGES_API={"API_DIR": "x"}):  # beside the right one
        assert found(fine=True) == []
    del settings.PAGESAPI
    with override_settings(PAGES_API="a text", IMAGESAPI={"A": 1}):
        assert found(fine=True) == []


def test_middleware_that_misses_what_it_imports_is_not_told_to_be_misspelt(settings: Settings) -> None:
    settings.MIDDLEWARE = ["tests.machinery.no_such_module.Middleware", *settings.MIDDLEWARE]
    assert hint_of(only("pagesapi.E031")) == "Mend its name, or install what it imports."


class Owner:
    """A path converter as projects write them, that looks something up."""

    regex = "[a-z]+"

    def to_python(self, value: str) -> str:
        raise RuntimeError("A check must not look anything up.")

    def to_url(self, value: str) -> str:
        return value


def test_a_check_runs_no_path_converter_of_the_project(use_urls: UseUrls) -> None:
    register_converter(Owner, "owner")
    use_urls(path("<owner:owner>/x", page), path("", include("pagesapi.urls")))
    with route_tree({"hello.py": GET, "u/[o=owner].py": "def GET(request, o): return o"}):
        assert found(fine=True) == []
    REGISTERED_CONVERTERS.pop("owner")
    get_converters.cache_clear()  # type: ignore[attr-defined]


def test_middleware_that_is_not_there_under_its_name_is_an_error(settings: Settings) -> None:
    names = [name.replace("ApiMiddleware", "APIMiddleware") for name in settings.MIDDLEWARE]
    settings.MIDDLEWARE = names
    message = only("pagesapi.E031")
    assert "pagesapi.middleware.APIMiddleware" in message.msg
    assert OURS in hint_of(message)


def test_without_our_middleware_there_is_an_error(settings: Settings) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != OURS]
    assert OURS in hint_of(only("pagesapi.E030"))


def test_our_middleware_below_another_is_a_warning(settings: Settings) -> None:
    settings.MIDDLEWARE = [*(name for name in settings.MIDDLEWARE if name != OURS), OURS]
    assert "CommonMiddleware" in only("pagesapi.W030").msg


def test_a_subclass_of_our_middleware_will_do(settings: Settings, use_middleware: UseMiddleware) -> None:
    class Own(ApiMiddleware):
        pass

    use_middleware(Own, before=OURS)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != OURS]
    assert found(fine=True) == []


def test_cors_headers_that_are_not_installed_are_a_warning(settings: Settings) -> None:
    settings.INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if name != "corsheaders"]
    assert "INSTALLED_APPS" in hint_of(only("pagesapi.W031"))


def test_a_second_cors_middleware_is_a_warning(use_middleware: UseMiddleware) -> None:
    use_middleware("corsheaders.middleware.CorsMiddleware")
    assert "Remove" in hint_of(only("pagesapi.W032"))


def test_djangos_asgi_application_is_a_warning(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "asgi_of_a_test.py").write_text(
        "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    settings.ASGI_APPLICATION = "asgi_of_a_test.application"
    assert "pagesapi.asgi" in hint_of(only("pagesapi.W033"))


@pytest.mark.parametrize(("source", "count"), [("django.core.asgi", 1), ("pagesapi.asgi", 0), (None, 0)])
def test_an_asgi_file_that_no_setting_names_is_looked_at_before_deployment_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str | None, count: int
) -> None:
    package = tmp_path / f"site_of_a_test_{count}_{source is None}"
    package.mkdir()
    (package / "__init__.py").touch()
    if source:
        (package / "asgi.py").write_text(f"from {source} import get_asgi_application\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    settings.ROOT_URLCONF = f"{package.name}.urls"
    assert len(check_deployment()) == count
    assert [message.id for message in check_install() if message.id == "pagesapi.W033"] == []
    settings.ASGI_APPLICATION = "project.asgi.application"
    assert check_deployment() == []
    settings.ASGI_APPLICATION = "nothing.of.this.name"
    assert [message.id for message in check_install() if message.id == "pagesapi.W033"] == []


# The URLconf


def page(request: HttpRequest, **params: object) -> HttpResponse:
    return HttpResponse("page")


def test_an_include_that_is_missing_is_a_warning(use_urls: UseUrls) -> None:
    use_urls()
    assert 'include("pagesapi.urls")' in hint_of(only("pagesapi.W034"))


@pytest.mark.parametrize("place", ["api/", "site/api/"])
def test_an_include_below_the_prefix_again_is_a_warning(use_urls: UseUrls, place: str) -> None:
    use_urls(path(place, include("pagesapi.urls")))
    with route_tree({"a.py": GET}):
        assert f"/{place}api" in only("pagesapi.W035").msg


def test_an_include_below_another_path_is_fine(use_urls: UseUrls) -> None:
    use_urls(
        path("my-api/", include("pagesapi.urls")), path("<slug:tenant>/", include("pagesapi.urls", namespace="t"))
    )
    with route_tree({"a.py": "def GET(request, tenant=None): return 1"}):
        assert found(fine=True) == []


@pytest.mark.parametrize(
    "pattern", ["api/posts/<int:pk>", "api/posts/<pk>", "api/posts/new", "api/posts/<uuid:key>", "api/<path:rest>"]
)
@pytest.mark.parametrize("first", [True, False])
def test_a_pattern_of_the_project_for_a_routes_url_is_a_warning(use_urls: UseUrls, pattern: str, first: bool) -> None:
    ours, theirs = path("", include("pagesapi.urls")), path(pattern, page, name="theirs")
    use_urls(*((theirs, ours) if first else (ours, theirs)))
    with route_tree(
        {"posts/[id].py": "def GET(request, id): return id", "a/[...b].py": "def GET(request, b): return b"}
    ):
        message = only("pagesapi.W036")
    assert "theirs" in message.msg
    assert ".py" in message.msg


def test_a_pattern_within_an_include_counts_too(use_urls: UseUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = ModuleType("inner_of_a_test")
    inner.urlpatterns = [path("posts", page, name="inner")]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, inner.__name__, inner)
    use_urls(path("", include("pagesapi.urls")), path("api/", include(inner.__name__)))
    with route_tree({"posts/index.py": GET}):
        assert "inner" in only("pagesapi.W036").msg


def test_an_old_api_with_slashes_beside_the_tree_is_fine(use_urls: UseUrls) -> None:
    use_urls(path("", include("pagesapi.urls")), path("api/v1/", page), path("api/v1/posts/<int:pk>/", page))
    with route_tree({"[id].py": "def GET(request, id): return id"}):
        assert found(fine=True) == []


@pytest.mark.parametrize(
    ("above", "shown"),
    [
        (path("<path:rest>", page), "'<path:rest>' (tests.machinery.test_check_installation.page)"),
        (re_path(r"^.*$", page, name="spa"), "'^.*$' (spa)"),
        (re_path(r"^api/po", page), "'^api/po' (tests.machinery.test_check_installation.page)"),
    ],
    ids=["path", "re_path", "of a part"],
)
def test_a_pattern_above_the_tree_that_swallows_its_urls_is_a_warning(
    use_urls: UseUrls, above: Any, shown: str
) -> None:
    tree = path("", include("pagesapi.urls"))
    files = {"posts/[id=int].py": "def GET(request, id): return id", "posts/index.py": GET}
    use_urls(above, tree)
    with route_tree(files):
        message = only("pagesapi.W037")
    assert f"{shown} swallows /api/posts (posts/index.py) and 1 more" in message.msg
    assert "above it" in hint_of(message)
    use_urls(tree, above)
    with route_tree(files):
        assert found(fine=True) == []


def test_what_swallows_one_url_is_named_with_it(use_urls: UseUrls) -> None:
    use_urls(re_path("^api/a", page), path("", include("pagesapi.urls")))
    with route_tree({"a.py": GET, "b.py": GET}):
        assert "swallows /api/a (a.py): it" in only("pagesapi.W037").msg


def test_a_tree_at_the_root_below_a_catch_all_is_swallowed_too(use_urls: UseUrls) -> None:
    use_urls(path("<path:rest>", page), path("", include("pagesapi.urls")))
    with route_tree({"a.py": GET, "index.py": GET}, API_PREFIX=""):
        assert "swallows /a (a.py)" in only("pagesapi.W037").msg


def test_a_url_for_which_there_is_no_example_is_not_looked_at(use_urls: UseUrls) -> None:
    use_urls(path("<path:rest>", page), path(f"<{EVEN}:tenant>/", include("pagesapi.urls")))
    with route_tree({"a.py": "def GET(request, tenant=0): return 1"}):
        assert found(fine=True) == []
    use_urls(path("<path:rest>", page), path("", include("pagesapi.urls")))
    with route_tree({f"[number={EVEN}].py": "def GET(request, number): return number"}):
        assert found(fine=True) == []


def test_a_tree_with_errors_says_only_those(use_urls: UseUrls) -> None:
    use_urls(path("<path:rest>", page), path("", include("pagesapi.urls")))
    with route_tree({"a.py": GET, "[id.py": GET}):
        only("pagesapi.E010")


# The app


def test_an_app_that_is_not_installed_is_told_by_the_include(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if name != "pagesapi"]
    monkeypatch.delitem(sys.modules, "pagesapi.urls", raising=False)
    with pytest.raises(ImproperlyConfigured, match='Add "pagesapi" to INSTALLED_APPS') as raised:
        importlib.import_module("pagesapi.urls")
    assert isinstance(raised.value, CommandError)  # so that a command prints the one line


def test_our_middleware_without_our_app_is_refused(settings: Settings) -> None:
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "pagesapi"]
    with pytest.raises(ImproperlyConfigured, match='add "pagesapi" to INSTALLED_APPS'):
        ApiMiddleware(lambda request: HttpResponse())
