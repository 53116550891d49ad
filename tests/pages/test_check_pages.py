"""What `manage.py check` says of static pages before a request comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import pytest
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.checks import CheckMessage, run_checks
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views import View
from django.views.generic import TemplateView
from pytest_django import Settings

from pagesapi.checks.settings import check_settings
from pagesapi.pages import StaticContext, StaticPage, prerender, static_page
from pagesapi.testing import route_tree
from tests.pages.conftest import UseMiddleware, UseUrls, set_options
from tests.pages.site.counted import Counted
from tests.pages.site.urls import urlpatterns as project_urls

pytestmark = pytest.mark.usefixtures("site")

Use = Callable[..., str]
LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"


@pytest.fixture(autouse=True)
def _api(site: Settings, tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()


@pytest.fixture
def use(use_urls: UseUrls) -> Use:
    """The patterns of a project that has an API as well."""
    return lambda *patterns: use_urls(*patterns, path("", include("pagesapi.urls")))


def messages(*, deploy: bool = False) -> list[CheckMessage]:
    found = run_checks(include_deployment_checks=deploy)
    return [message for message in found if str(message.id).startswith("pagesapi.")]


def ids() -> list[str]:
    return [str(message.id) for message in messages()]


class Generic(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse()


class Answering(StaticPage):
    def get_static_props(self, context: StaticContext) -> HttpResponse:
        return HttpResponse()


class Rendering(StaticPage):
    def render_to_response(self, values: Any) -> HttpResponse:
        return HttpResponse()


class Listing(Answering):
    def get_static_paths(self) -> list[dict[str, int]]:
        return []


class Titled(StaticPage):
    template_name = "site/home.html"


class Listed(TemplateView):
    template_name = "no-such-template.html"


@pytest.mark.parametrize(
    "page",
    [
        Answering.as_view(),
        Rendering.as_view(),
        Titled.as_view(),
        StaticPage.as_view(template_name="site/home.html"),
        StaticPage.as_view(template_name="site/home.html", template_engine="django"),
        StaticPage.as_view(template_name=("no-such-template.html", "site/home.html")),
        static_page(Generic.as_view()),
        static_page(TemplateView.as_view(template_name="site/home.html")),
        static_page(Listed.as_view()),
        static_page(Counted()),
    ],
)
def test_a_page_that_is_as_it_should_be_gives_no_message(use: Use, page: Callable[..., Any]) -> None:
    use(path("p/", page))
    assert ids() == []


def test_the_pages_of_the_project_give_no_message(use: Use) -> None:
    use(*project_urls)
    assert ids() == []


@pytest.mark.parametrize(
    ("pattern", "check_id", "problem", "cure"),
    [
        (
            lambda: path("p/", StaticPage.as_view()),
            "pagesapi.E041",
            "StaticPage has no template",
            "Set template_name, or return an HttpResponse from get_static_props",
        ),
        (
            lambda: path("p/", StaticPage.as_view(template_name="no-such-template.html")),
            "pagesapi.E041",
            "The template no-such-template.html of the static page pagesapi.pages.views.StaticPage does not exist",
            "Write it",
        ),
        (
            lambda: path("p/", StaticPage.as_view(template_name="site/broken.html")),
            "pagesapi.E041",
            "The template site/broken.html of the static page",
            "Mend it",
        ),
        (lambda: path("<int:n>/", Answering.as_view()), "pagesapi.W041", "no get_static_paths", "return []"),
        (
            lambda: path("<int:n>/", Answering.as_view(fallback=False)),
            "pagesapi.E042",
            "Every URL of the static page tests.pages.test_check_pages.Answering is a 404",
            "List the pages in get_static_paths",
        ),
        (lambda: re_path(r"^(?:a|b)/$", Answering.as_view()), "pagesapi.W042", "reverse() could write", "with path()"),
        (
            lambda: path("p/", login_required(Answering.as_view())),
            "pagesapi.W043",
            "A decorator stands around the static page tests.pages.test_check_pages.Answering (/p/)",
            "put the decorator inside static_page",
        ),
    ],
)
def test_a_page_that_is_not_is_named_with_a_cure(
    use: Use, pattern: Callable[[], Any], check_id: str, problem: str, cure: str
) -> None:
    use(pattern())
    (message,) = messages()
    assert message.id == check_id
    assert problem in message.msg
    assert cure in (message.hint or "")
    assert message.is_serious() is check_id.startswith("pagesapi.E")


def test_pages_that_list_their_paths_give_no_message(use: Use) -> None:
    use(path("<int:n>/", Listing.as_view()), re_path(r"^(?:a|b)/$", Listing.as_view()))
    assert ids() == []


def test_a_page_behind_a_login_is_named_unless_it_needs_none(use: Use, use_middleware: UseMiddleware) -> None:
    use_middleware(LOGIN)
    use(path("p/", Answering.as_view()), path("open/", login_not_required(Answering.as_view())))
    (message,) = messages()
    assert (message.id, "(/p/)" in message.msg) == ("pagesapi.W044", True)
    assert "login_not_required" in (message.hint or "")


def test_a_static_endpoint_with_parameters_and_without_paths_is_named(use: Use) -> None:
    use()
    source = "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\ndef GET(request, id): return id"
    plain = "def GET(request, id): return id"
    with route_tree({"[id].py": source, "plain/[id].py": plain}):
        (message,) = messages()
    assert (message.id, "api/[id].py" in message.msg) == ("pagesapi.W041", True)


def test_a_static_endpoint_behind_a_login_is_named(use: Use, use_middleware: UseMiddleware) -> None:
    use_middleware(LOGIN)
    use()
    source = "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\ndef GET(request): return 1"
    with route_tree({"one.py": source, "plain.py": "def GET(request): return 1", "broken.py": "1 / 0"}):
        found = [message for message in messages() if message.id == "pagesapi.W044"]
    assert ["endpoint one.py" in message.msg for message in found] == [True]


def test_without_a_site_url_a_deployment_is_warned(site: Settings, use: Use) -> None:
    set_options(site, SITE_URL=None)

    def warned() -> bool:
        return "pagesapi.W040" in [message.id for message in messages(deploy=True)]

    assert warned()
    assert "pagesapi.W040" not in ids()
    use(path("p/", Generic.as_view()))
    assert not warned()


def test_a_deployment_whose_build_has_no_name_is_warned(site: Settings, use: Use) -> None:
    def warned() -> bool:
        return "pagesapi.W045" in [message.id for message in messages(deploy=True)]

    use(path("p/", Answering.as_view()))
    assert warned()
    set_options(site, BUILD_ID="abc")
    assert not warned()
    set_options(site, BUILD_ID=None)
    assert prerender(workers=1, static=False).ok
    assert not warned()


def test_a_project_without_pages_needs_no_store_and_no_folders(site: Settings, use: Use) -> None:
    set_options(site, STORE={"BACKEND": "nowhere.Store"})
    use(path("p/", Generic.as_view()))
    assert ids() == []
    use(path("p/", Answering.as_view()))
    assert ids() == ["pagesapi.E002"]


CACHE_STORE = "pagesapi.pages.store.CacheStore"
BACKENDS = "django.core.cache.backends"


@pytest.mark.parametrize(
    ("cache", "options", "expected"),
    [
        ({"BACKEND": f"{BACKENDS}.locmem.LocMemCache"}, {}, ["pagesapi.W047"]),
        ({"BACKEND": f"{BACKENDS}.dummy.DummyCache"}, {}, ["pagesapi.W047"]),
        ({"BACKEND": f"{BACKENDS}.db.DatabaseCache", "LOCATION": "pages"}, {}, ["pagesapi.W048"]),
        ({"BACKEND": f"{BACKENDS}.db.DatabaseCache", "LOCATION": "pages"}, {"MAX_ENTRIES": 64}, []),
        ({"BACKEND": f"{BACKENDS}.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}, {}, []),
        ({"BACKEND": f"{BACKENDS}.locmem.LocMemCache"}, {"ALIAS": "none"}, ["pagesapi.E002"]),
    ],
)
def test_a_cache_that_does_not_suit_pages_is_named(
    site: Settings, use: Use, cache: dict[str, Any], options: dict[str, Any], expected: list[str]
) -> None:
    site.CACHES = {"default": cache}
    set_options(site, STORE={"BACKEND": CACHE_STORE, "OPTIONS": options})
    use(path("p/", Answering.as_view()))
    assert ids() == expected


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        (None, ["pagesapi.W046"]),
        ({"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}, ["pagesapi.W046"]),
        ({"default": {"BACKEND": "tests.pages.site.queue.Queue"}}, []),
    ],
)
def test_renewals_by_tasks_need_a_queue(
    site: Settings, use: Use, monkeypatch: pytest.MonkeyPatch, tasks: Any, expected: list[str]
) -> None:
    monkeypatch.setattr(django, "VERSION", (6, 0, 0, "final", 0))
    set_options(site, REGENERATE="task")
    if tasks is not None:
        site.TASKS = tasks
    use(path("p/", Answering.as_view()))
    assert ids() == expected


def test_a_project_without_pages_needs_no_base_dir(site: Settings) -> None:
    del site.BASE_DIR
    site.PAGESAPI = {"API_DIR": Path(__file__).parent}
    assert check_settings() == []
