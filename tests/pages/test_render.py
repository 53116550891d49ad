"""A page is made without a visitor: what it may use, what it may not, and what is kept of its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import django
import pytest
from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import DisallowedHost
from django.core.signals import request_finished
from django.core.signing import BadSignature
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseGone,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    HttpResponseServerError,
    StreamingHttpResponse,
)
from django.middleware.csrf import get_token, rotate_token
from django.shortcuts import redirect, render
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from pytest_django import Settings

from pagesapi.exceptions import PageError
from pagesapi.pages import Props, Rendered, StaticContext, StaticPage, render_page, static_page
from tests.machinery.asking import Ask
from tests.pages.conftest import UseUrls, set_options

pytestmark = pytest.mark.usefixtures("site")

Use = Callable[[Callable[..., Any]], str]


@pytest.fixture
def use(use_urls: UseUrls) -> Use:
    """Make a view the page /p/."""
    return lambda view: use_urls(path("p/", static_page(view), name="p"))


def made(view: Callable[..., Any], use: Use) -> Rendered:
    use(view)
    return render_page("/p/")


def template(text: str) -> Callable[[HttpRequest], HttpResponse]:
    """A view that renders a template, with all that the project's context processors give."""
    return lambda request: HttpResponse(engines["django"].from_string(text).render({}, request))


# The request


def facts(request: HttpRequest) -> HttpResponse:
    shown = {
        "method": request.method,
        "path": request.path,
        "full": request.get_full_path(),
        "absolute": request.build_absolute_uri(),
        "host": request.get_host(),
        "port": request.get_port(),
        "secure": request.is_secure(),
        "query": dict(request.GET),
        "post": dict(request.POST),
        "cookies": request.COOKIES,
        "files": dict(request.FILES),
        "body": request.body,
        "user": str(request.user),
        "logged in": request.user.is_authenticated,
        "match": request.resolver_match.view_name if request.resolver_match else None,
        "language": translation.get_language(),
        "zone": timezone.get_current_timezone_name(),
        "address": request.META["REMOTE_ADDR"],
    }
    return HttpResponse(repr(shown))


def test_the_request_is_of_nobody_on_the_sites_own_url(use: Use) -> None:
    assert eval(made(facts, use).body) == {  # noqa: S307 - the `repr` that the view above wrote
        "method": "GET",
        "path": "/p/",
        "full": "/p/",
        "absolute": "https://example.com/p/",
        "host": "example.com",
        "port": "443",
        "secure": True,
        "query": {},
        "post": {},
        "cookies": {},
        "files": {},
        "body": b"",
        "user": "AnonymousUser",
        "logged in": False,
        "match": "p",
        "language": "en",
        "zone": "UTC",
        "address": "192.0.2.1",  # of nobody (RFC 5737), so none of INTERNAL_IPS
    }


@pytest.mark.parametrize(
    ("site_url", "hosts", "expected"),
    [
        ("http://example.com:8080", ["example.com"], "http://example.com:8080/p/"),
        ("https://example.com/", ["example.com"], "https://example.com/p/"),
        ("http://[::1]:8080", ["[::1]"], "http://[::1]:8080/p/"),
        (None, ["*", "www.example.com", ".example.org"], "http://www.example.com/p/"),
        (None, ["*"], "http://localhost/p/"),
        (None, [".example.com"], "http://example.com/p/"),
    ],
)
def test_the_host_is_that_of_site_url_or_one_that_is_allowed(
    site: Settings, use: Use, site_url: str | None, hosts: list[str], expected: str
) -> None:
    site.ALLOWED_HOSTS = hosts
    set_options(site, SITE_URL=site_url)
    assert made(lambda request: HttpResponse(request.build_absolute_uri()), use).body == expected.encode()


def test_in_development_the_host_is_that_of_runserver(site: Settings, use: Use) -> None:
    site.DEBUG, site.ALLOWED_HOSTS, site.PAGESAPI = True, [], {}
    assert made(lambda request: HttpResponse(request.build_absolute_uri()), use).body == b"http://localhost:8000/p/"


def test_a_host_that_is_not_allowed_fails_the_page_not_the_visitor(site: Settings, use: Use, ask: Ask) -> None:
    site.ALLOWED_HOSTS = ["testserver"]
    use(lambda request: HttpResponse(request.get_host()))
    assert ask("/p/").status_code == 500
    with pytest.raises((DisallowedHost, PageError), match=r"example\.com"):
        render_page("/p/")


def test_headers_of_proxies_play_no_part(site: Settings, use: Use) -> None:
    site.USE_X_FORWARDED_HOST = site.USE_X_FORWARDED_PORT = True
    site.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert made(lambda request: HttpResponse(request.build_absolute_uri()), use).body == b"https://example.com/p/"


def test_a_script_name_of_the_project_is_in_every_url(site: Settings, use: Use) -> None:
    site.FORCE_SCRIPT_NAME = "/sub/"
    page = made(lambda request: HttpResponse(f"{request.path} {redirect('p').url}"), use)
    assert (page.path, page.body) == ("/p/", b"/sub/p/ /sub/p/")


def test_a_path_beyond_ascii_reaches_the_page(use_urls: UseUrls) -> None:
    use_urls(path("<str:s>/", static_page(lambda request, s: HttpResponse(f"{s} {request.path}"))))
    assert render_page("/%C3%BC%20x/").body.decode() == "ü x /ü x/"


def test_the_user_is_anonymous_for_async_code_too(use: Use) -> None:
    async def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(await request.auser()))

    assert made(view, use).body == b"AnonymousUser"


def test_without_djangos_users_there_is_none(site: Settings, use: Use) -> None:
    use(lambda request: HttpResponse(str(hasattr(request, "user"))))
    site.INSTALLED_APPS = ["corsheaders", "pagesapi"]
    assert render_page("/p/").body == b"False"


def test_what_middleware_would_have_added_is_named_when_it_is_missing(use: Use) -> None:
    with pytest.raises(AttributeError, match="The request of a static page has no 'htmx': MIDDLEWARE runs when"):
        made(lambda request: HttpResponse(request.htmx), use)


def test_what_a_view_keeps_in_meta_is_its_own(use: Use) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        request.META["own"] = 1
        request.META.update({"more": 2}, most=3)
        return HttpResponse(f"{request.META['own']} {request.META['more']} {request.META['most']}")

    assert made(view, use).body == b"1 2 3"


def test_a_template_may_ask_who_is_there_and_whether_there_are_messages(use: Use) -> None:
    text = "{{ user.is_authenticated }} {{ perms.a.b }} {{ messages|length }} {{ messages|join:'' }}."
    assert made(template(text), use).body == b"False False 0 ."


# What belongs to a visitor


async def async_session(request: HttpRequest) -> HttpResponse:
    return HttpResponse(await request.session.aget("x"))


def adds_message(request: HttpRequest) -> HttpResponse:
    messages.info(request, "Hello")
    return HttpResponse()


def sets_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    response.set_cookie("a", "1")
    return response


def deletes_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    response.delete_cookie("a")
    return response


def streams_with_cookie(request: HttpRequest) -> StreamingHttpResponse:
    response = StreamingHttpResponse([b"a"])
    response.set_cookie("a", "1")
    return response


def rotates(request: HttpRequest) -> HttpResponse:
    rotate_token(request)
    return HttpResponse()


REFUSED: list[tuple[Callable[..., Any], str, str]] = [
    (
        lambda request: HttpResponse(request.session.get("x")),
        "request.session",
        "Fetch what belongs to a visitor in the browser",
    ),
    (async_session, "request.session", "Fetch what belongs to a visitor in the browser"),
    (template("{{ request.session.x }}"), "request.session", "Fetch what belongs to a visitor in the browser"),
    (template("{% csrf_token %}"), "a CSRF token", "Post the form to an endpoint of the API, which needs none"),
    (template("{{ csrf_token }}"), "a CSRF token", "make the page an ordinary Django view"),
    (lambda request: HttpResponse(get_token(request)), "a CSRF token", "A token belongs to a visitor"),
    (rotates, "a CSRF token", "A token belongs to a visitor"),
    (lambda request: HttpResponse(request.csp_nonce), "a CSP nonce", "Allow the script by its hash"),
    (lambda request: HttpResponse(f"{request._csp_nonce}"), "a CSP nonce", "put it into a file"),
    (template("{{ request.csp_nonce }}"), "a CSP nonce", "A nonce may be used once"),
    (template("{{ request.csp_nonce|safe }}"), "a CSP nonce", "A nonce may be used once"),
    (lambda request: HttpResponse(SafeString(request.csp_nonce.__html__())), "a CSP nonce", "may be used once"),
    (adds_message, "messages", "Show them on an ordinary view"),
    (sets_cookie, "a cookie", "Set it in an endpoint"),
    (deletes_cookie, "a cookie", "Set it in an endpoint"),
    (streams_with_cookie, "a cookie", "Set it in an endpoint"),
    (lambda request: HttpResponse(headers={"Set-Cookie": "a=1"}), "a cookie", "Set it in an endpoint"),
]


@pytest.mark.parametrize(("view", "what", "cure"), REFUSED)
def test_what_belongs_to_a_visitor_fails_the_page_with_a_cure(
    use: Use, ask: Ask, view: Callable[..., Any], what: str, cure: str
) -> None:
    use(view)
    with pytest.raises(PageError) as caught:
        render_page("/p/")
    assert f"/p/ uses {what}, " in str(caught.value)
    assert cure in str(caught.value)
    response = ask("/p/")
    assert (response.status_code, response["Cache-Control"]) == (500, "no-store")


if django.VERSION >= (6, 0):  # the nonce of django-csp, as its own one before, is tested above

    @pytest.mark.parametrize("text", ["{{ csp_nonce }}", "<script nonce='{{ csp_nonce }}'></script>"])
    def test_djangos_own_nonce_is_refused(site: Settings, use: Use, text: str) -> None:
        options = {"context_processors": ["django.template.context_processors.csp"]}
        site.TEMPLATES = [{**site.TEMPLATES[0], "OPTIONS": options}]
        with pytest.raises(PageError, match="uses a CSP nonce"):
            made(template(text), use)
        assert made(template("{% if csp_nonce %}{{ csp_nonce }}{% endif %}fine"), use).body == b"fine"


def test_a_nonce_that_nobody_embeds_is_no_fault(use: Use) -> None:
    assert made(template("{% if request.csp_nonce %}no{% endif %}fine"), use).body == b"fine"


@pytest.mark.parametrize("said", ["private", "no-store", "max-age=0, Private"])
def test_an_answer_that_is_not_for_everybody_is_refused(use: Use, said: str) -> None:
    with pytest.raises(PageError, match=r"/p/ says Cache-Control: (private|no-store), so it is not for everybody"):
        made(lambda request: HttpResponse(headers={"Cache-Control": said}), use)
    with pytest.raises(PageError, match="never_cache sets it"):
        made(never_cache(lambda request: HttpResponse()), use)


def test_a_signed_cookie_is_not_there(use: Use) -> None:
    with pytest.raises((KeyError, BadSignature)):
        made(lambda request: HttpResponse(request.get_signed_cookie("a")), use)


# Functions and answers of every kind


class Chunks:
    def __init__(self) -> None:
        self.closed = False

    def __iter__(self) -> Any:
        return iter([b"a", "b"])

    def close(self) -> None:
        self.closed = True


async def achunks() -> AsyncIterator[bytes]:
    yield b"a"
    yield b"b"


@pytest.mark.filterwarnings("error")
def test_streams_are_joined_and_closed(use: Use) -> None:
    chunks = Chunks()
    assert made(lambda request: StreamingHttpResponse(chunks), use).body == b"ab"
    assert chunks.closed
    assert made(lambda request: StreamingHttpResponse(achunks()), use).body == b"ab"
    with open(__file__, "rb") as file:  # noqa: PTH123 - a file that is open, as FileResponse takes it
        page = made(lambda request: FileResponse(file, content_type="text/x-python"), use)
    assert (page.content_type, page.body[:3]) == ("text/x-python", b'"""')


def test_a_stream_that_is_joined_ends_no_request(use: Use) -> None:
    ended: list[object] = []

    def receive(**kwargs: object) -> None:
        ended.append(kwargs)

    request_finished.connect(receive)
    try:
        assert made(lambda request: StreamingHttpResponse([b"a"]), use).body == b"a"
    finally:
        request_finished.disconnect(receive)
    assert ended == []


def test_a_template_response_is_rendered(use: Use) -> None:
    seen: list[bytes] = []

    def view(request: HttpRequest) -> TemplateResponse:
        response = TemplateResponse(request, "site/home.html", {"title": "T"})
        response.add_post_render_callback(lambda done: seen.append(done.content))
        return response

    assert made(view, use).body == b"<!doctype html><title>T</title><h1>T</h1>\n"
    assert seen == [b"<!doctype html><title>T</title><h1>T</h1>\n"]


@pytest.mark.django_db
def test_async_pages_use_the_database_as_everybody_else(use: Use, ask: Ask) -> None:
    Group.objects.create(name="editors")

    async def view(request: HttpRequest) -> HttpResponse:
        names = [group.name async for group in Group.objects.all()]
        return HttpResponse(f"{names} {await sync_to_async(Group.objects.count)()}")

    use(view)
    assert render_page("/p/").body == b"['editors'] 1"
    assert ask("/p/").content == b"['editors'] 1"


def test_async_props_and_paths_are_awaited(ask: Ask) -> None:
    assert b"The first post" in ask("/async/first/").content
    assert ask("/async/none/").status_code == 404


@pytest.mark.parametrize(
    ("answer", "status", "location"),
    [
        (lambda: HttpResponseRedirect("/about/"), 302, "/about/"),
        (lambda: HttpResponsePermanentRedirect("https://example.org/ü"), 301, "https://example.org/%C3%BC"),
        (lambda: redirect("p"), 302, "/p/"),
        (lambda: HttpResponse(status=308, headers={"Location": "/x"}), 308, "/x"),
    ],
)
def test_a_redirect_is_a_page(
    use: Use, ask: Ask, answer: Callable[[], HttpResponse], status: int, location: str
) -> None:
    page = made(lambda request: answer(), use)
    assert (page.status, dict(page.headers)["Location"]) == (status, location)
    for said in ("MISS", "HIT"):
        response = ask("/p/")
        assert (response.status_code, response["Location"], response["X-Pagesapi-Cache"]) == (status, location, said)


def test_a_404_shows_the_projects_page_for_nobody_in_particular(use: Use, ask: Ask) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise Http404("nothing")

    page = made(view, use)
    assert (page.status, b"Nothing is at /p/." in page.body) == (404, True)
    response = ask("/p/?visitor=1", headers={"Cookie": "visitor=1"})
    assert (response.status_code, response.content) == (404, page.body)


def test_a_404_of_a_handler_of_the_projects_own(use_urls: UseUrls, ask: Ask) -> None:
    def own(request: HttpRequest, exception: Exception) -> HttpResponse:
        return HttpResponse(f"{exception} {request.user} {sorted(request.GET)}", "text/plain", 404)

    def view(request: HttpRequest) -> HttpResponse:
        raise Http404("nothing")

    use_urls(path("p/", static_page(view)), handler404=own)
    response = ask("/p/?visitor=1")
    assert (response.status_code, response.content) == (404, b"nothing AnonymousUser []")
    assert response["Content-Type"] == "text/plain"


def test_a_404_page_that_belongs_to_a_visitor_gives_way_to_a_plain_one(use_urls: UseUrls, ask: Ask) -> None:
    """A form to log out in the base of all templates, say."""
    own = template("{% csrf_token %} not here")

    def handler(request: HttpRequest, exception: Exception) -> HttpResponse:
        response = own(request)
        response.status_code = 404
        return response

    def view(request: HttpRequest) -> HttpResponse:
        raise Http404

    use_urls(path("p/", static_page(view)), handler404=handler)
    for cached in ("MISS", "HIT"):
        response = ask("/p/")
        assert (response.status_code, response["X-Pagesapi-Cache"]) == (404, cached)
        assert (b"Not Found" in response.content, b"csrf" in response.content) == (True, False)
    assert b"not here" in ask("/none/").content


def test_a_404_may_be_a_response_too(use: Use, ask: Ask) -> None:
    use(lambda request: HttpResponse("gone away", status=404))
    assert (ask("/p/").status_code, ask("/p/").content) == (404, b"gone away")


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (lambda request: "text", "returned a str, not an HttpResponse"),
        (lambda request: None, "returned a NoneType, not an HttpResponse"),
        (lambda request: HttpResponseGone(), "/p/ answered 410"),
        (lambda request: HttpResponseServerError(), "/p/ answered 500"),
        (lambda request: HttpResponse(status=204), "/p/ answered 204"),
        (lambda request: HttpResponse(status=401), "an anonymous visitor has to get it"),
        (
            lambda request: HttpResponse(status=302, headers={"Location": "javascript:alert(1)"}),
            "/p/ redirects to a URL that is not of the web",
        ),
        (lambda request: HttpResponse(status=302), "/p/ answered 302 without a Location: say where it leads"),
    ],
)
def test_an_answer_that_is_no_page_is_named(use: Use, ask: Ask, view: Callable[..., Any], message: str) -> None:
    use(view)
    with pytest.raises(PageError) as caught:
        render_page("/p/")
    assert message in str(caught.value)
    assert ask("/p/").status_code == 500


def test_the_headers_of_the_view_are_kept_and_those_that_are_made_anew_are_not(use: Use, ask: Ask) -> None:
    headers = {"X-Own": "1", "ETag": '"own"', "Last-Modified": "Sat, 01 Jan 2000 00:00:00 GMT", "Content-Length": "9"}
    use(lambda request: _with(headers))
    page = render_page("/p/")
    assert (page.content_type, page.headers) == ("text/plain", (("X-Own", "1"),))
    for _ in range(2):
        response = ask("/p/")
        assert (response["X-Own"], response["Content-Type"], response["Content-Length"]) == ("1", "text/plain", "1")
        assert "Last-Modified" not in response
        assert response["ETag"] != '"own"'


def _with(headers: Mapping[str, str]) -> HttpResponse:
    response = HttpResponse("x", content_type="text/plain")
    for name, value in headers.items():
        response[name] = value
    return response


# StaticPage


def test_props_say_how_long_a_page_lives_and_what_it_depends_on(use_urls: UseUrls, ask: Ask) -> None:
    class Page(StaticPage):
        template_name = "site/home.html"
        revalidate = 60
        tags = ("all",)

        def get_static_props(self, context: StaticContext) -> Props:
            return Props({"title": "T"}, revalidate=context.params["n"] or None, tags=["own", "all"])

    use_urls(path("<int:n>/", Page.as_view()))
    assert (render_page("/5/").revalidate, render_page("/5/").tags) == (5, ("all", "own"))
    assert render_page("/0/").revalidate is None
    assert ask("/5/")["Cache-Control"] == "s-maxage=5, stale-while-revalidate=31535995"
    assert ask("/0/")["Cache-Control"] == "s-maxage=31536000"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, "get_static_props returned nothing. Return a mapping"),
        (["a"], "get_static_props returned a list. Return a mapping"),
        ("a", "get_static_props returned a str"),
    ],
)
def test_what_get_static_props_may_not_return_is_named(use_urls: UseUrls, given: Any, message: str) -> None:
    class Page(StaticPage):
        template_name = "site/home.html"

        def get_static_props(self, context: StaticContext) -> Any:
            return given

    use_urls(path("p/", Page.as_view()))
    with pytest.raises(PageError) as caught:
        render_page("/p/")
    assert message in str(caught.value)
    assert "Page" in str(caught.value)


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (["a"], {}, "takes a mapping of template variables, not list"),
        ({}, {"revalidate": 0}, "whole seconds above 0, or None"),
        ({}, {"revalidate": True}, "not True"),
        ({}, {"revalidate": 1.5}, "not 1.5"),
        ({}, {"tags": "posts"}, r"write \['posts'\]"),
        ({}, {"tags": [""]}, "1 to 256 characters"),
        ({}, {"tags": [3]}, "not 3"),
        ({}, {"tags": ["x" * 257]}, "1 to 256 characters"),
    ],
)
def test_props_that_make_no_sense_are_refused(values: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Props(values, **options)


def test_the_context_of_a_page_is_in_the_hands_of_class_and_function(use_urls: UseUrls) -> None:
    class Page(StaticPage):
        def get_static_props(self, context: StaticContext) -> HttpResponse:
            same = self.request.static_context is context  # type: ignore[attr-defined]
            return HttpResponse(f"{same} {self.kwargs} {context.params} {context.reason} {context.draft}")

    use_urls(path("<int:n>/", Page.as_view()))
    assert render_page("/7/").body == b"True {'n': 7} {'n': 7} on-demand False"


def test_a_page_without_template_says_so(use_urls: UseUrls) -> None:
    use_urls(path("p/", StaticPage.as_view()))
    with pytest.raises(Exception, match="StaticPage has no template: set template_name, or return an HttpResponse"):
        render_page("/p/")


def test_a_template_finds_the_view_and_has_the_content_type_of_the_page(use_urls: UseUrls, ask: Ask) -> None:
    class Page(StaticPage):
        content_type = "text/plain"
        template_name = "site/view.txt"
        template_engine = "django"
        word = "w"

    use_urls(path("p/", Page.as_view(word="given")))
    response = ask("/p/")
    assert (response["Content-Type"], response.content) == ("text/plain", b"given\n")


def test_the_links_of_a_page_are_the_projects_whatever_the_visitor_came_by(use: Use, ask: Ask) -> None:
    use(lambda request: render(request, "site/home.html", {"title": redirect("p").url}))
    assert b"<h1>/p/</h1>" in ask("/p/").content
    with translation.override("fr"), timezone.override("Asia/Tokyo"):
        body = made(facts, use).body
    assert b"'language': 'en', 'zone': 'UTC'" in body


def test_links_within_an_app_lead_to_the_same_instance_of_it(use_urls: UseUrls, ask: Ask) -> None:
    page = static_page(template("{% url 'shop:item' %}"))
    patterns: list[Any] = [path("item/", page, name="item"), path("", include(([path("deep/", page)], "deep")))]
    inner = (patterns, "shop")
    use_urls(path("a/", include(inner, namespace="one")), path("b/", include(inner, namespace="two")))
    for place in ("a", "b"):
        for name in ("item", "deep"):
            url, link = f"/{place}/{name}/", f"/{place}/item/".encode()
            assert (render_page(url).body, ask(url).content) == (link, link)


def test_rendering_leaves_the_callers_context_alone(use: Use) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        translation.activate("fr")
        timezone.activate("Asia/Tokyo")
        return HttpResponse()

    with translation.override("de"):
        made(view, use)
        assert (translation.get_language(), timezone.get_current_timezone_name()) == ("de", "UTC")


def test_nothing_is_stored_by_rendering(use: Use, ask: Ask) -> None:
    use(lambda request: HttpResponse("x"))
    render_page("/p/")
    assert ask("/p/")["X-Pagesapi-Cache"] == "MISS"
