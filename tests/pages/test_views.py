"""`StaticPage` and `static_page`: what a user may write, and what is refused when the URLconf is read."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import django
import pytest
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin, UserPassesTestMixin
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path, resolve
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.clickjacking import xframe_options_exempt, xframe_options_sameorigin
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView
from pytest_django import Settings

from pagesapi.exceptions import PageError
from pagesapi.pages import StaticContext, StaticPage, iter_pages, render_page, static_page
from tests.machinery.asking import Ask
from tests.pages.conftest import UseMiddleware, UseUrls
from tests.pages.site.counted import Counted

pytestmark = pytest.mark.usefixtures("site")

LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"


class Plain(StaticPage):
    def get_static_props(self, context: StaticContext) -> HttpResponse:
        return HttpResponse("plain")


def show(request: HttpRequest, **params: Any) -> HttpResponse:
    return HttpResponse(f"shown {params}")


async def ashow(request: HttpRequest, **params: Any) -> HttpResponse:
    return show(request, **params)


class Callee:
    def __call__(self, request: HttpRequest, **params: Any) -> HttpResponse:
        return show(request, **params)


class Generic(View):
    def get(self, request: HttpRequest, **params: Any) -> HttpResponse:
        return show(request, **params)


class AsyncGeneric(View):
    async def get(self, request: HttpRequest, **params: Any) -> HttpResponse:
        return show(request, **params)


def logged(view: Any) -> Any:
    """A decorator that knows both kinds of functions."""

    async def outer(request: HttpRequest, **params: Any) -> HttpResponse:
        return await view(request, **params)  # type: ignore[no-any-return]

    return functools.wraps(view)(markcoroutinefunction(outer))


@pytest.mark.parametrize(
    "view",
    [
        show,
        ashow,
        Callee(),
        functools.partial(show),
        functools.partial(ashow),
        Generic.as_view(),
        AsyncGeneric.as_view(),
        vary_on_headers("X-A")(show),
        vary_on_headers("X-A")(ashow),
        logged(ashow),
    ],
)
def test_any_view_is_made_a_page(use_urls: UseUrls, ask: Ask, view: Callable[..., Any]) -> None:
    use_urls(path("<int:n>/", static_page(view)))
    assert [ask("/7/").content for _ in range(2)] == [b"shown {'n': 7}"] * 2
    assert ask("/7/")["X-Pagesapi-Cache"] == "HIT"
    assert not iscoroutinefunction(resolve("/7/").func)


def test_a_page_is_called_as_any_view_is(rf: RequestFactory) -> None:
    """By the unit tests of a project, say."""
    response: Any = static_page(show)(rf.get("/anywhere/?a=1"), n=7)
    assert (response.content, response["Cache-Control"]) == (b"shown {'n': 7}", "private, no-store")
    assert Plain.as_view()(rf.head("/anywhere/")).status_code == 200
    assert Plain.as_view()(rf.post("/anywhere/")).status_code == 405


def test_a_page_reads_as_the_view_that_it_is() -> None:
    page: Any = static_page(show)
    assert (page.__name__, page.__module__, page.__wrapped__, page.csrf_exempt) == ("show", __name__, show, True)
    generic: Any = Plain.as_view(revalidate=3)
    assert (generic.view_class, generic.view_initkwargs) == (Plain, {"revalidate": 3})
    assert generic.__doc__ == Plain.__doc__


def test_a_page_answers_in_no_transaction_of_its_visitor(use_urls: UseUrls, ask: Ask, atomic_requests: None) -> None:
    use_urls(path("p/", static_page(show)), path("q/", static_page(ashow)))
    assert (ask("/p/").status_code, ask("/q/").status_code) == (200, 200)


def test_options_of_as_view_go_before_those_of_the_class(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(path("a/", Plain.as_view(revalidate=5, tags=["x"])), path("b/", Plain.as_view()))
    assert (render_page("/a/").revalidate, render_page("/a/").tags) == (5, ("x",))
    assert (render_page("/b/").revalidate, render_page("/b/").tags) == (None, ())


def test_a_class_may_list_its_paths_in_a_coroutine(use_urls: UseUrls) -> None:
    class Listed(Plain):
        last = 1

        async def get_static_paths(self) -> list[dict[str, int]]:
            return [{"n": n} for n in range(self.last)]

    use_urls(path("<int:n>/", Listed.as_view(last=2)))
    assert [known.path for known in iter_pages()] == ["/0/", "/1/"]


# Wrong options


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"revalidate": 0}, "revalidate takes whole seconds above 0"),
        ({"revalidate": -1}, "not -1"),
        ({"revalidate": "60"}, "not '60'"),
        ({"revalidate": True}, "not True"),
        ({"fallback": "static"}, "fallback takes True, \"blocking\" or False, not 'static'"),
        ({"fallback": None}, "not None"),
        ({"fallback": 0}, "not 0"),
        ({"fallback": 1.0}, "not 1.0"),
        ({"fallback": []}, r"not \[\]"),
        ({"tags": "posts"}, r"tags takes a list of texts; write \['posts'\]"),
        ({"tags": [1]}, "A tag is a text of 1 to 256 characters, not 1"),
        ({"tags": [""]}, "A tag is a text"),
        ({"tags": None}, "tags takes a list"),
        ({"tags": 3}, "tags takes a list"),
    ],
)
def test_wrong_options_are_refused_by_name_when_the_page_is_declared(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"tests\.pages\.test_views\.show: .*{message}"):
        static_page(**options)(show)
    with pytest.raises(ValueError, match=rf"tests\.pages\.test_views\.Plain: .*{message}"):
        Plain.as_view(**options)


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: static_page(Plain), r"write static_page\(Plain.as_view\(\)\)"),  # type: ignore[type-var]
        (lambda: static_page(paths=[{"n": 1}])(show), "takes a function, not list: write paths=lambda"),  # type: ignore[call-overload]
        (lambda: static_page(template_name="x")(show), "template_name"),  # type: ignore[call-overload]
        (lambda: Plain.as_view(nonsense=1), "nonsense"),
        (lambda: Plain.as_view(get=1), "get"),
    ],
)
def test_what_cannot_be_a_page_is_refused(declare: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        declare()


# Guards: nobody may get a page past them


class Mixed(LoginRequiredMixin, Plain):
    pass


class Permitted(PermissionRequiredMixin, Plain):
    permission_required = "x"


class Examined(UserPassesTestMixin, Plain):
    pass


@method_decorator(login_required, name="dispatch")
class Decorated(Plain):
    pass


class Getter(Plain):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse()


class Poster(Plain):
    def post(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse()


class Template(StaticPage, TemplateView):  # type: ignore[misc]
    template_name = "site/home.html"


@pytest.mark.parametrize("page", [Mixed, Permitted, Examined, Decorated, Getter, Poster, Template])
def test_a_class_whose_own_dispatch_would_be_passed_by_is_refused(page: type[StaticPage]) -> None:
    with pytest.raises(ImproperlyConfigured, match=page.__name__):
        page.as_view()


def test_a_guard_around_a_page_is_kept_and_what_it_lets_through_is_not_stored(
    use_urls: UseUrls, ask: Ask, db: None
) -> None:
    view = Counted()
    use_urls(path("p/", login_required(static_page(revalidate=60)(view))))
    user = User.objects.create_user("ann")
    assert ask("/p/").status_code == 302
    for number in (1, 2):
        response = ask("/p/", user=user)
        assert (response.content.decode(), response["Cache-Control"]) == (f"made {number}", "private, no-store")
    assert ask("/p/").status_code == 302
    assert list(iter_pages()) == []


def test_a_guarded_page_has_its_list_of_paths_and_its_404(use_urls: UseUrls, ask: Ask, db: None) -> None:
    page: Any = login_required(static_page(paths=lambda: [{"n": 1}], fallback=False)(show))
    use_urls(path("<int:n>/", page))
    user = User.objects.create_user("ann")
    assert [ask(f"/{n}/", user=user).status_code for n in (1, 2)] == [200, 404]


def test_where_everything_needs_a_login_a_page_is_made_for_its_visitor(
    use_urls: UseUrls, use_middleware: UseMiddleware, ask: Ask, db: None
) -> None:
    use_middleware(LOGIN)
    use_urls(
        path("p/", static_page(revalidate=60)(Counted())), path("open/", static_page(login_not_required(Callee())))
    )
    user = User.objects.create_user("ann")
    assert ask("/p/").status_code == 302
    response = ask("/p/", user=user)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert ask("/open/")["Cache-Control"] == "s-maxage=31536000"
    assert [known.path for known in iter_pages()] == ["/open/"]


def test_a_class_says_that_it_needs_no_login(use_urls: UseUrls, use_middleware: UseMiddleware, ask: Ask) -> None:
    use_middleware(LOGIN)
    use_urls(path("p/", login_not_required(Plain.as_view())))
    assert ask("/p/").status_code == 200


def test_djangos_way_to_say_so_of_a_class_is_refused_with_the_way_that_works() -> None:
    @method_decorator(login_not_required, name="dispatch")
    class Exempt(Plain):
        pass

    with pytest.raises(ImproperlyConfigured, match=r"login_not_required\(Exempt\.as_view\(\)\)"):
        Exempt.as_view()


def test_a_login_inside_a_page_is_refused_with_its_cure(use_urls: UseUrls, ask: Ask, db: None) -> None:
    use_urls(path("p/", static_page(login_required(show))))
    user = User.objects.create_user("ann")
    assert [ask("/p/", user=visitor).status_code for visitor in (user, None)] == [500] * 2
    with pytest.raises(PageError, match=r"sends an anonymous visitor to the login page.*Put the decorator around"):
        render_page("/p/")


# What decorators say of a response


def test_what_decorators_say_of_the_answer_is_kept(use_urls: UseUrls, ask: Ask) -> None:
    use_urls(
        path("free/", static_page(xframe_options_exempt(show))),
        path("same/", static_page(xframe_options_sameorigin(show))),
        path("vary/", static_page(vary_on_headers("X-A")(show))),
    )
    for _ in range(2):
        assert "X-Frame-Options" not in ask("/free/")
        assert ask("/same/")["X-Frame-Options"] == "SAMEORIGIN"
        assert "X-A" in ask("/vary/")["Vary"]


if django.VERSION >= (6, 0):  # which brought them
    from django.views.decorators.csp import csp_override

    def test_the_policy_that_a_decorator_sets_is_kept(
        site: Settings, use_urls: UseUrls, use_middleware: UseMiddleware, ask: Ask
    ) -> None:
        site.SECURE_CSP = {"default-src": ["'self'"]}
        use_middleware("django.middleware.csp.ContentSecurityPolicyMiddleware")
        use_urls(
            path("own/", static_page(csp_override({"default-src": ["'none'"]})(show))),
            path("none/", static_page(csp_override({})(show))),
            path("plain/", static_page(show)),
        )
        for _ in range(2):
            assert ask("/own/")["Content-Security-Policy"] == "default-src 'none'"
            assert "Content-Security-Policy" not in ask("/none/")
            assert ask("/plain/")["Content-Security-Policy"] == "default-src 'self'"
