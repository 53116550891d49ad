"""The static pages of a URLconf, wherever they stand in it: what `iter_pages` lists, and what a request finds."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from asgiref.sync import async_to_sync
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import get_language, gettext_lazy, override
from django.views.generic import TemplateView
from pytest_django import Settings

from pagesapi.exceptions import PageError, PageNotFound
from pagesapi.pages import StaticPage, arender_page, iter_pages, render_page, revalidate, static_page
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.pages.conftest import UseUrls
from tests.pages.site.converters import EVEN, ROMAN
from tests.pages.site.counted import Counted

pytestmark = pytest.mark.usefixtures("site")

APP = "pagesapi.middleware.ApiMiddleware"
LOCALE = "django.middleware.locale.LocaleMiddleware"
UUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


def show(request: HttpRequest, **params: Any) -> HttpResponse:
    return HttpResponse(f"{get_language()} {params}")


page = static_page(show)


def listing(*params: dict[str, Any], **options: Any) -> Any:
    """A page for which `get_static_paths` gives these."""
    return static_page(paths=lambda: params, **options)(show)


def paths() -> list[str]:
    return [known.path for known in iter_pages()]


def test_pages_of_a_project_are_listed_in_the_order_of_its_patterns() -> None:
    assert paths() == ["/", "/about/", "/headers/", "/blog/first/", "/blog/second/", "/async/first/", "/async/second/"]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ([path("a/", include([path("b/", include([path("c/", page)]))]))], ["/a/b/c/"]),
        ([path("a/", include(([path("b/", page)], "app"), namespace="space"))], ["/a/b/"]),
        ([re_path(r"^a/", include([path("b/", page), re_path(r"^c/$", page)]))], ["/a/b/", "/a/c/"]),
        ([path("a/", include([re_path(r"^b/(?P<n>\d+)/$", listing({"n": 1}))]))], ["/a/b/1/"]),
        ([path("<slug:s>/", include([path("<int:n>/", listing({"s": "x", "n": 7}))]))], ["/x/7/"]),
        ([re_path(r"^(?P<s>[a-z]+)/(?:(?P<n>\d+)/)?$", listing({"s": "x"}, {"s": "x", "n": 3}))], ["/x/", "/x/3/"]),
        ([path("<path:rest>", listing({"rest": "a/b.txt"}, {"rest": "a b/100%"}))], ["/a/b.txt", "/a b/100%"]),
        ([path("<uuid:u>/", listing({"u": UUID}))], [f"/{UUID}/"]),
        ([path("<int:n>/", listing({"n": 7}, {"n": "8"}))], ["/7/", "/8/"]),
        ([path(f"<{ROMAN}:n>/", listing({"n": 2}, {"n": 3}))], ["/ii/", "/iii/"]),
        ([path("one/", page), path("two/", page)], ["/one/", "/two/"]),
        ([path("one/<slug:s>/", listing({"s": "x"}), {"n": 1})], ["/one/x/"]),
        ([path("one/<slug:s>/", listing({"s": "x", "n": 1}), {"n": 1})], ["/one/x/"]),
        ([path("one/", include([path("<slug:s>/", listing({"s": "x"}))]), {"s": "z"})], ["/one/x/"]),
    ],
)
def test_a_page_is_found_wherever_its_pattern_stands(
    use_urls: UseUrls, ask: Ask, patterns: list[URLPattern | URLResolver], expected: list[str]
) -> None:
    use_urls(*patterns)
    assert paths() == expected
    for url in map(quote, expected):
        first, second = ask(url), ask(url)
        assert (first.status_code, first["X-Pagesapi-Cache"], second["X-Pagesapi-Cache"]) == (200, "MISS", "HIT")
        assert render_page(url).body == first.content == second.content
        revalidate(url)
        assert ask(url)["X-Pagesapi-Cache"] == "MISS"


def test_a_page_is_named_by_its_pattern_and_its_namespaces_or_by_its_route(use_urls: UseUrls) -> None:
    inner = ([path("item/", page, name="item"), path("bare/", page)], "items")
    use_urls(path("shop/", include((([path("in/", include(inner))]), "shop"))), path("x/", page, name="x"))
    assert [known.address.name for known in iter_pages()] == ["shop:items:item", "/shop/in/bare/", "x"]


def test_what_the_view_is_given_is_what_django_would_give_it(use_urls: UseUrls, ask: Ask) -> None:
    view = listing({"n": 2, "s": "x"})
    use_urls(path(f"<{ROMAN}:n>/", include([path("<slug:s>/", view, {"own": 1})]), {"s": "outer", "more": 2}))
    (known,) = iter_pages()
    assert known.params == {"n": 2, "s": "x", "own": 1, "more": 2}
    assert ask("/ii/x/").content.decode() == ask("/ii/x/").content.decode()
    for name in ("'n': 2", "'s': 'x'", "'own': 1", "'more': 2"):
        assert name in ask("/ii/x/").content.decode()


def test_a_parameter_is_listed_in_its_own_spelling(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path("<int:month>/", listing({"month": "05"}, fallback=False)))
    assert paths() == ["/5/"]
    assert ask("/5/").status_code == 200


# Languages


@pytest.fixture
def languages(site: Settings) -> Settings:
    site.LANGUAGE_CODE = "en"
    site.LANGUAGES = [("en", "English"), ("fr", "French"), ("de", "German")]
    site.MIDDLEWARE = [APP, LOCALE]
    return site


def test_a_page_below_a_language_is_listed_once_for_each(languages: Settings, use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path("plain/", page), *i18n_patterns(path("p/", page)))
    assert paths() == ["/plain/", "/en/p/", "/fr/p/", "/de/p/"]
    assert {url: ask(url).content.decode() for url in paths()} == {
        "/plain/": "en {}",
        "/en/p/": "en {}",
        "/fr/p/": "fr {}",
        "/de/p/": "de {}",
    }
    for url in paths():
        revalidate(url)
        assert ask(url)["X-Pagesapi-Cache"] == "MISS"


def test_the_default_language_may_have_no_prefix(languages: Settings, use_urls: UseUrls, ask: Ask) -> None:
    use_urls(*i18n_patterns(path("p/", page), prefix_default_language=False))
    assert paths() == ["/p/", "/fr/p/", "/de/p/"]
    assert [ask(url).content.decode()[:2] for url in paths()] == ["en", "fr", "de"]


def test_a_language_that_no_url_has_is_not_listed(languages: Settings, use_urls: UseUrls, ask: Ask) -> None:
    languages.LANGUAGE_CODE = "en-us"  # Django's default, beside "en" in LANGUAGES
    use_urls(*i18n_patterns(path("p/", page)))
    assert paths() == ["/en/p/", "/fr/p/", "/de/p/"]
    assert [ask(url).status_code for url in paths()] == [200] * 3


def test_a_language_of_its_own_may_be_the_default_without_a_prefix(
    languages: Settings, use_urls: UseUrls, ask: Ask
) -> None:
    languages.LANGUAGE_CODE = "en-us"
    use_urls(*i18n_patterns(path("p/", page), prefix_default_language=False))
    assert "/p/" in paths()
    assert [ask(url).status_code for url in paths()] == [200] * len(paths())


def test_a_translated_pattern_is_listed_in_every_language(languages: Settings, use_urls: UseUrls, ask: Ask) -> None:
    use_urls(*i18n_patterns(path(gettext_lazy("or"), page)))  # a word of Django's own catalogues
    assert paths() == ["/en/or", "/fr/ou", "/de/oder"]
    assert [ask(url)["X-Pagesapi-Cache"] for url in paths()] == ["MISS"] * 3
    assert [ask(url)["X-Pagesapi-Cache"] for url in paths()] == ["HIT"] * 3
    assert ask("/fr/oder").status_code == 404


def test_paths_are_asked_for_in_the_language_of_the_page(languages: Settings, use_urls: UseUrls) -> None:
    def words() -> Iterator[dict[str, str]]:
        yield {"word": str(gettext_lazy("or"))}

    use_urls(*i18n_patterns(path("<slug:word>/", static_page(paths=words)(show))))
    assert paths() == ["/en/or/", "/fr/ou/", "/de/oder/"]


def test_without_translation_there_is_one_language(site: Settings, use_urls: UseUrls) -> None:
    site.USE_I18N = False
    use_urls(path("p/", page), *i18n_patterns(path("q/", page)))
    assert paths() == ["/p/", "/q/"]
    assert render_page("/q/").status == 200


def test_listing_leaves_the_callers_language_alone(languages: Settings, use_urls: UseUrls) -> None:
    use_urls(*i18n_patterns(path("<int:n>/", listing({"n": 1}, {"n": 2}))))
    with override("de"):
        seen = [get_language() for _ in iter_pages()]
        pages = iter_pages()
        next(pages)
        assert (seen, get_language()) == (["de"] * 6, "de")


# What is no page


def test_a_decorated_page_is_not_discovered_but_still_served(use_urls: UseUrls, ask: Ask) -> None:
    view = Counted()
    use_urls(path("p/", login_required(static_page(view))), path("q/", page))
    assert paths() == ["/q/"]
    assert ask("/p/").status_code == 302
    with pytest.raises(PageNotFound, match=r"is no static page"):
        revalidate("/p/")
    assert view.times == 0


@pytest.mark.parametrize("url", ["/view/", "/none/", "/p", "/P/"])
def test_what_is_no_page_is_named(use_urls: UseUrls, url: str) -> None:
    use_urls(path("p/", page), path("view/", TemplateView.as_view(template_name="404.html")))
    with pytest.raises(PageNotFound, match=url):
        render_page(url)
    assert issubclass(PageNotFound, LookupError)


def test_a_route_that_is_not_static_is_no_page(use_urls: UseUrls) -> None:
    use_urls(path("", include("pagesapi.urls")))
    with route_tree({"x.py": "def GET(request): return 1", "broken.py": "1 / 0"}):
        assert paths() == []
        for url in ("/api/x", "/api/broken"):
            with pytest.raises(PageNotFound, match="is no static page"):
                render_page(url)


def test_a_pattern_whose_groups_have_no_names_is_refused(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(re_path(r"^p/(\d+)/$", page))
    with pytest.raises(PageError, match="has no URL"):
        paths()
    assert ask("/p/3/").status_code == 500
    with pytest.raises(PageError, match=r"\(\?P<name>"):
        ask("/p/3/", raises=True)


@pytest.mark.parametrize("pattern", [r"^(?P<s>about|info)/$", r"^(?:a|about)/(?P<s>x)?$", r"^(?i:about)/$"])
def test_a_pattern_that_cannot_be_written_backwards_is_served_by_the_path_that_was_asked_for(
    use_urls: UseUrls, ask: Ask, pattern: str
) -> None:
    view = Counted()
    use_urls(re_path(pattern, static_page(view)))
    assert [ask("/about/")["X-Pagesapi-Cache"] for _ in range(2)] == ["MISS", "HIT"]
    assert ask("/none/").status_code == 404
    revalidate("/about/")
    assert ask("/about/").content.startswith(b"made 2")


@pytest.mark.parametrize("prefix", [r"^a/|b/", r"^(?:a|b)/", r"^a/|^b/"])
def test_alternatives_in_an_include_are_served_with_their_parameters(use_urls: UseUrls, ask: Ask, prefix: str) -> None:
    inner = [re_path(prefix, include([path("<int:n>/", page)]))]
    use_urls(path("blog/", include(inner)), *inner)
    for url in ("/blog/a/7/", "/blog/b/7/", "/a/7/", "/b/7/"):
        for _ in range(2):
            response = ask(url)
            assert (response.status_code, response.content) == (200, b"en {'n': 7}")
        revalidate(url)


# Laziness, and what get_static_paths may give


def test_a_million_paths_are_listed_one_by_one(use_urls: UseUrls) -> None:
    asked = itertools.count()

    def million() -> Iterator[dict[str, int]]:
        for n in range(1_000_000):
            next(asked)
            yield {"n": n}

    use_urls(path("<int:n>/", static_page(paths=million)(show)))
    assert [known.path for known in itertools.islice(iter_pages(), 3)] == ["/0/", "/1/", "/2/"]
    assert next(asked) <= 4


def test_async_paths_are_read_a_few_at_a_time(use_urls: UseUrls) -> None:
    asked = itertools.count()

    async def million() -> AsyncIterator[dict[str, int]]:
        for n in range(1_000_000):
            next(asked)
            yield {"n": n}

    use_urls(path("<int:n>/", static_page(paths=million)(show)))
    assert [known.path for known in itertools.islice(iter_pages(), 3)] == ["/0/", "/1/", "/2/"]
    assert next(asked) <= 1000


async def coroutine() -> list[dict[str, int]]:
    return [{"n": n} for n in range(3)]


async def generator() -> AsyncIterator[dict[str, int]]:
    for n in range(3):
        yield {"n": n}


class Numbers:
    def __call__(self) -> Any:
        return self

    def __aiter__(self) -> AsyncIterator[dict[str, int]]:
        return generator()


@pytest.mark.parametrize("given", [coroutine, generator, Numbers(), lambda: ({"n": n} for n in range(3))])
def test_paths_come_from_functions_of_every_kind(use_urls: UseUrls, given: Callable[[], Any]) -> None:
    use_urls(path("<int:n>/", static_page(paths=given)(show)))
    assert paths() == ["/0/", "/1/", "/2/"]


@pytest.mark.django_db
def test_async_paths_use_the_database_as_everybody_else(use_urls: UseUrls, ask: Ask) -> None:
    for name in ("a", "b", "c"):
        Group.objects.create(name=name)

    async def groups() -> AsyncIterator[dict[str, str]]:
        async for group in Group.objects.order_by("name"):
            yield {"name": group.name}

    use_urls(path("<slug:name>/", static_page(paths=groups, fallback=False)(show)))
    assert paths() == ["/a/", "/b/", "/c/"]
    assert [ask(f"/{name}/").status_code for name in "ad"] == [200, 404]


def test_async_paths_that_break_off_say_why(use_urls: UseUrls) -> None:
    async def broken() -> AsyncIterator[dict[str, int]]:
        yield {"n": 1}
        raise ArithmeticError("no more")

    use_urls(path("<int:n>/", static_page(paths=broken)(show)))
    pages = iter_pages()
    assert next(pages).path == "/1/"
    with pytest.raises(ArithmeticError, match="no more"):
        next(pages)


def test_a_path_parameter_that_nobody_lists_has_no_known_page(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path("<int:n>/", page))
    assert paths() == []
    assert ask("/3/").content == b"en {'n': 3}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, "gave a NoneType"),
        ("abc", "gave a str"),
        (b"abc", "gave a bytes"),
        ({"n": 1}, "gave a dict"),
        (3, "gave a int"),
        ([3], "gave 3, a int"),
        (["/3/"], "gave '/3/', a str"),
        ([{"slug": 1}], "has no URL for {'slug': 1}"),
        ([{}], "It takes n"),
        ([{"n": "x"}], "has no URL for {'n': 'x'}"),
        ([{"n": -1}], "has no URL for {'n': -1}"),
        ([{"n": 1, "m": 2}], "has no URL"),
    ],
)
def test_what_get_static_paths_may_not_give_is_named(use_urls: UseUrls, given: Any, message: str) -> None:
    use_urls(path("<int:n>/", static_page(paths=lambda: given)(show)))
    with pytest.raises(PageError) as caught:
        paths()
    assert message in str(caught.value)


def test_a_value_that_a_converter_refuses_is_named(use_urls: UseUrls) -> None:
    use_urls(path(f"<{ROMAN}:n>/", listing({"n": 2000})))
    with pytest.raises(PageError, match="2000 is no value for the parameter 'n' of '<numeral:n>/'"):
        paths()


def test_a_value_that_no_request_would_bring_is_named(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path(f"<{EVEN}:n>/", listing({"n": 3})))
    assert ask("/3/").status_code == 404
    with pytest.raises(PageError, match=r"a converter of '<even:n>/' refuses '/3/'"):
        paths()


def test_a_page_without_parameters_takes_none(use_urls: UseUrls) -> None:
    use_urls(path("p/", listing({"n": 1})))
    with pytest.raises(PageError, match="It takes no parameters"):
        paths()


def test_a_class_lists_its_paths_with_the_values_of_as_view(use_urls: UseUrls) -> None:
    class Numbered(StaticPage):
        last = 1

        def get_static_paths(self) -> Any:
            return ({"n": n} for n in range(self.last))

    use_urls(path("a/<int:n>/", Numbered.as_view()), path("b/<int:n>/", Numbered.as_view(last=2)))
    assert paths() == ["/a/0/", "/b/0/", "/b/1/"]


@pytest.mark.parametrize("url", ["/%C3%BC/", "/ü/", "/ü/?a=1#b"])
def test_a_path_is_read_as_a_user_writes_it(use_urls: UseUrls, url: str) -> None:
    use_urls(path("<str:s>/", page))
    assert render_page(url).path == "/ü/"


@pytest.mark.parametrize("url", ["https://example.com/p/", "//example.com/p/", "p/", "", None, "/\udc80/"])
def test_what_is_no_path_is_refused(use_urls: UseUrls, url: Any) -> None:
    use_urls(path("<str:p>/", page))
    with pytest.raises(PageNotFound):
        revalidate(url)


def test_a_path_below_the_script_name_is_the_same_page(site: Settings, use_urls: UseUrls) -> None:
    site.FORCE_SCRIPT_NAME = "/sub"
    use_urls(path("", page), path("p/", page), path("subway/", page))
    for url, expected in (("/sub/p/", "/p/"), ("/p/", "/p/"), ("/sub", "/"), ("/subway/", "/subway/")):
        assert render_page(url).path == expected


@pytest.mark.parametrize("script", [None, "/sub", "/sub/"])
def test_the_url_of_a_known_page_is_what_revalidate_takes(
    site: Settings, use_urls: UseUrls, script: str | None
) -> None:
    site.FORCE_SCRIPT_NAME = script
    use_urls(path("<str:s>/", listing({"s": "ü 1"})))
    (known,) = iter_pages()
    assert (known.path, known.url) == ("/ü 1/", "/sub/%C3%BC%201/" if script else "/%C3%BC%201/")
    assert render_page(known.url).path == known.path
    revalidate(known.url)


def test_a_page_is_rendered_from_async_code() -> None:
    assert async_to_sync(arender_page)("/about/").status == 200
