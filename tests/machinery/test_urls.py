"""The tree in Django's URLconf: `reverse`, `resolve`, `{% url %}`, `include` in every form."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, JsonResponse
from django.template import Context, Template
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, include, path, re_path, resolve, reverse, set_script_prefix

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.machinery.conftest import UseMiddleware, UseUrls

ECHO = "def handler(req, res): res.json({'params': req.params, 'route': req.resolver_match.route})"
TREE = dict.fromkeys(
    [
        "index.py",
        "posts/index.py",
        "posts/[id=int].py",
        "(internal)/users/[name].py",
        "docs/[...slug].py",
        "shop/[[...slug]].py",
        "items/[id=uuid]/[tag=slug].py",
        "hello.json.py",
    ],
    ECHO,
)
UUID = "12345678-1234-5678-1234-567812345678"


@pytest.mark.parametrize(
    ("name", "kwargs", "url"),
    [
        ("index", {}, "/api"),
        ("posts", {}, "/api/posts"),
        ("posts/[id=int]", {"id": 3}, "/api/posts/3"),
        ("users/[name]", {"name": "ann b"}, "/api/users/ann%20b"),
        ("docs/[...slug]", {"slug": ["a", "b"]}, "/api/docs/a/b"),
        ("docs/[...slug]", {"slug": "a/b"}, "/api/docs/a/b"),
        ("docs/[...slug]", {"slug": ["é", "%", "?"]}, "/api/docs/%C3%A9/%25/%3F"),
        ("shop/[[...slug]]", {}, "/api/shop"),
        ("shop/[[...slug]]", {"slug": []}, "/api/shop"),
        ("shop/[[...slug]]", {"slug": ["a", 1]}, "/api/shop/a/1"),
        ("items/[id=uuid]/[tag=slug]", {"id": UUID, "tag": "new"}, f"/api/items/{UUID}/new"),
        ("hello.json", {}, "/api/hello.json"),
    ],
)
def test_a_route_is_reversed_by_its_file_name_and_answers_there(
    client: Client, name: str, kwargs: dict[str, object], url: str
) -> None:
    with route_tree(TREE):
        assert reverse(f"pagesapi:{name}", kwargs=kwargs) == url
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("posts/[id=int]", {"id": "three"}),
        ("posts/[id=int]", {}),
        ("posts/[id=int]", {"number": 3}),
        ("users/[name]", {"name": "a/b"}),
        ("docs/[...slug]", {"slug": []}),
        ("docs/[...slug]", {"slug": ""}),
        ("docs/[...slug]", {"slug": "a//b"}),
        ("unknown", {}),
    ],
)
def test_what_no_url_can_hold_is_not_reversed(name: str, kwargs: dict[str, object]) -> None:
    with route_tree(TREE), pytest.raises(NoReverseMatch):
        reverse(f"pagesapi:{name}", kwargs=kwargs)


def test_a_template_names_a_route() -> None:
    with route_tree(TREE):
        template = Template(
            "{% url 'pagesapi:posts/[id=int]' id=row %} {% url 'pagesapi:docs/[...slug]' slug=parts %}"
        )
        assert template.render(Context({"row": 7, "parts": ["a", "b"]})) == "/api/posts/7 /api/docs/a/b"


def test_a_url_is_resolved_to_its_route() -> None:
    with route_tree(TREE):
        match = resolve("/api/posts/3")
        assert (match.view_name, match.kwargs, match.args) == ("pagesapi:posts/[id=int]", {"id": 3}, ())
        assert (match.app_names, match.namespaces) == (["pagesapi"], ["pagesapi"])
        with pytest.raises(Resolver404):
            resolve("/api/posts/three")


@pytest.mark.parametrize(
    ("paths", "route"),
    [
        (["/api/posts/1", "/api/posts/22"], "api/posts/<int:id>"),
        (["/api/docs/a", "/api/docs/a/b/c"], "api/docs/<path:slug>"),
        (["/api/users/ann", "/api/users/bob"], "api/users/<str:name>"),
        (["/api/shop/a", "/api/shop/a/b"], "api/shop/<path:slug>"),
        (["/api/shop"], "api/shop"),
        (["/api"], "api"),
    ],
)
def test_the_text_of_a_match_is_the_same_for_every_value(ask: Ask, paths: list[str], route: str) -> None:
    with route_tree(TREE):
        assert {ask(path).json()["route"] for path in paths} == {route}


def test_an_include_below_a_prefix_with_parameters_hands_them_on(ask: Ask, use_urls: UseUrls) -> None:
    use_urls(path("<slug:tenant>/", include("pagesapi.urls")))
    files = {"posts/[id=int].py": "def GET(request, id, tenant): return [tenant, id]"}
    with route_tree(files):
        assert ask("/acme/api/posts/3").json() == ["acme", 3]
        assert reverse("pagesapi:posts/[id=int]", kwargs={"tenant": "acme", "id": 3}) == "/acme/api/posts/3"
        match = resolve("/acme/api/posts/3")
        assert (match.route, match.kwargs) == (
            "<slug:tenant>/api/posts/<int:id>",
            {"tenant": "acme", "id": 3},
        )
        assert ask("/acme/api/posts/3/")["Location"] == "/acme/api/posts/3"
        assert ask("/acme/api/nothing")["Content-Type"] == "application/problem+json"


def test_an_include_below_a_regular_expression_works(ask: Ask, use_urls: UseUrls) -> None:
    use_urls(re_path(r"^v(?P<version>[12])/", include("pagesapi.urls")))
    with route_tree({"a.py": "def GET(request, version): return version"}):
        assert ask("/v2/api/a").content == b"2"
        assert ask("/v3/api/a").status_code == 404
        assert reverse("pagesapi:a", kwargs={"version": "1"}) == "/v1/api/a"


def test_two_includes_are_told_apart_by_their_namespaces(ask: Ask, use_urls: UseUrls) -> None:
    use_urls(
        path("", include("pagesapi.urls")),
        path("partners/", include("pagesapi.urls", namespace="partners")),
    )
    with route_tree(TREE):
        assert reverse("pagesapi:posts") == "/api/posts"
        assert reverse("partners:posts") == "/partners/api/posts"
        assert reverse("pagesapi:posts", current_app="partners") == "/partners/api/posts"
        assert ask("/api/posts/1").json() == {"params": {"id": 1}, "route": "api/posts/<int:id>"}
        assert ask("/partners/api/posts/1").json() == {"params": {"id": 1}, "route": "partners/api/posts/<int:id>"}
        assert resolve("/partners/api/posts").namespace == "partners"


def test_a_prefix_of_several_segments_is_served(ask: Ask) -> None:
    with route_tree(TREE, API_PREFIX="/v2/api/"):
        assert ask("/v2/api").status_code == 200
        assert ask("/v2/api/posts/3").json()["params"] == {"id": 3}
        assert reverse("pagesapi:posts") == "/v2/api/posts"
        assert ask("/api/posts").status_code == 404


def test_a_script_name_is_part_of_every_url(client: Client) -> None:
    with route_tree({**TREE, "self.py": "def handler(req, res): res.json([req.path, req.url])"}):
        answer = client.get("/api/self?a=1", SCRIPT_NAME="/site")
        redirect = client.get("/api/posts/?a=1", SCRIPT_NAME="/site")
        missing = client.get("/api/nothing", SCRIPT_NAME="/site")
        set_script_prefix("/site/")
        try:
            assert reverse("pagesapi:posts") == "/site/api/posts"
        finally:
            set_script_prefix("/")
    assert answer.json() == ["/site/api/self", "/site/api/self?a=1"]
    assert (redirect.status_code, redirect["Location"]) == (308, "/site/api/posts?a=1")
    assert missing.json()["instance"] == "/site/api/nothing"


def test_a_request_with_another_urlconf_is_answered_by_that_one(
    ask: Ask, use_urls: UseUrls, use_middleware: UseMiddleware
) -> None:
    def page(request: HttpRequest) -> JsonResponse:
        return JsonResponse({"page": True})

    class Tenant:
        def __init__(self, get_response: object) -> None:
            self.get_response = get_response

        def __call__(self, request: HttpRequest) -> object:
            request.urlconf = with_api
            return self.get_response(request)  # type: ignore[operator]

    with_api = use_urls(path("own/", include("pagesapi.urls")))
    use_urls(path("page", page))
    use_middleware(Tenant, before="django.middleware.security.SecurityMiddleware")
    with route_tree(TREE):
        assert ask("/own/api/posts/3").json()["params"] == {"id": 3}
        assert ask("/own/api/posts/3/")["Location"] == "/own/api/posts/3"
        assert ask("/own/api/nothing")["Content-Type"] == "application/problem+json"
        assert ask("/page").status_code == 404


def test_names_and_paths_of_another_urlconf_are_reversed_there(use_urls: UseUrls) -> None:
    own = use_urls(path("own/", include("pagesapi.urls")))
    use_urls()
    with route_tree(TREE):
        assert reverse("pagesapi:posts", urlconf=own) == "/own/api/posts"
        assert resolve("/own/api/posts", urlconf=own).url_name == "posts"
        with pytest.raises(NoReverseMatch):
            reverse("pagesapi:posts")
