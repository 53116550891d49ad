"""Static pages: nothing personal gets in, as `docs/static-pages.md` says."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.cache import never_cache

from pagesapi.exceptions import PageError
from pagesapi.pages import StaticPage, iter_pages, render_page, static_page
from pagesapi.testing import route_tree
from tests.docs.page import Page
from tests.docs.served import problems
from tests.docs.small_site import say_x, urls

PAGE = Page("static-pages")


def test_what_the_request_of_a_page_says(client: Client, db: None) -> None:
    @static_page
    def view(request: HttpRequest) -> HttpResponse:
        said = [request.method, request.build_absolute_uri(), dict(request.COOKIES), request.user.is_anonymous]
        return HttpResponse(repr([*said, request.LANGUAGE_CODE]))

    allowed = override_settings(ALLOWED_HOSTS=["example.com", "testserver"])
    with urls(path("p/", view)), route_tree({}, SITE_URL="https://example.com"), allowed:
        client.cookies["a"] = "1"
        shown = client.get("/p/?a=1", headers={"Accept-Language": "de"})
        assert shown.content.decode() == repr(["GET", "https://example.com/p/", {}, True, "en"])


def _with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    response.set_cookie("a", "1")
    return response


def _refused(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=403)


REFUSED: dict[str, Any] = {
    "touches `request.session`": lambda request: request.session["a"],
    "shows a CSRF token": lambda request: HttpResponse(get_token(request)),
    "shows a CSP nonce": lambda request: HttpResponse(str(request.csp_nonce)),
    "adds a message (`django.contrib.messages`)": lambda request: messages.info(request, "a"),
    "sets a cookie": _with_cookie,
    "says `Cache-Control: private` or `no-store` (`never_cache`)": never_cache(lambda request: HttpResponse()),
    "sends the visitor to the login page": login_required(lambda request: HttpResponse()),
    "answers 403, 400, 500, or another status that is neither 200, a redirect nor 404": _refused,
}


def test_every_page_that_is_refused_is_told_so(db: None) -> None:
    told = PAGE.source.split("These fail the page")[1]
    listed = [line.split("|")[1].strip() for line in told.split("\n\n")[1].splitlines()[2:]]
    assert listed == list(REFUSED)
    for view in REFUSED.values():
        with urls(path("p/", static_page(view))), pytest.raises(PageError):
            render_page("/p/")


def test_a_guarded_page_is_made_for_each_visitor(client: Client, db: None) -> None:
    page = login_required(static_page(say_x))
    with urls(path("p/", page)):
        assert client.get("/p/").status_code == 302
        client.force_login(User.objects.create(username="ada"))
        answer = client.get("/p/")
        assert (answer["Cache-Control"], "X-Pagesapi-Cache" in answer) == ("private, no-store", False)
        assert [problem for problem in problems() if "W043" in problem]
        assert list(iter_pages()) == []


def test_a_mixin_or_a_method_of_its_own_is_refused() -> None:
    for wrong in ((LoginRequiredMixin, StaticPage), (StaticPage,)):
        cls: Any = type("Wrong", wrong, {"get": lambda self, request: HttpResponse()})
        with pytest.raises(ImproperlyConfigured, match="get_static_props alone"):
            cls.as_view()
