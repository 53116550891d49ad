"""`api("posts/[id]").get(id=5)`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from pagesapi.exceptions import RouteNotFound
from pagesapi.testing import ApiClient, route_tree

urlpatterns = [path("", lambda request: HttpResponse())]  # one without the tree

TOLD = """
def handler(req, res):
    res.json({
        "method": req.method, "path": req.path, "query": dict(req.query), "body": str(req.body),
        "type": req.headers.get("Content-Type"), "token": req.headers.get("X-Token"),
        "files": {name: file.read().decode() for name, file in req.files.items()},
        "session": "session" in dir(req.django),
    })
"""
FILES = {
    "told/[id].py": TOLD,
    "docs/[...slug].py": "def GET(request, slug): return slug",
    "me.py": "def GET(request): return request.user.get_username()",
    "odd/[body].py": "def GET(request, body): return body",
    "broken.py": "def GET(request): return 1 / 0",
    "counted.py": """
        def GET(request):
            request.session["count"] = request.session.get("count", 0) + 1
            return request.session["count"]
    """,
}


@pytest.fixture(autouse=True)
def _tree() -> Iterator[Path]:
    with route_tree(FILES) as folder:
        yield folder


def test_a_path_parameter_and_the_whole_of_the_middleware(api: ApiClient) -> None:
    answer = api("told/[id]").get(id=5).json()
    assert (answer["path"], answer["query"], answer["session"]) == ("/api/told/5", {"id": "5"}, True)
    assert answer["body"] == "{}"
    assert answer["type"] is None


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_each_method_has_a_name(api: ApiClient, method: str) -> None:
    assert getattr(api("told/[id]"), method)(id=1).json()["method"] == method.upper()


def test_head_has_no_body(api: ApiClient) -> None:
    answer = api("told/[id]").head(id=1)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("body", "content_type", "read"),
    [
        ({"a": [1]}, "application/json", "{'a': [1]}"),
        ("text", "text/plain; charset=utf-8", "text"),
        (b"\x00", "application/octet-stream", "b'\\x00'"),
    ],
)
def test_a_body_is_sent_as_what_it_is(api: ApiClient, body: object, content_type: str, read: str) -> None:
    answer = api("told/[id]").post(id=1, body=body).json()
    assert (answer["type"], answer["body"]) == (content_type, read)


def test_headers_and_a_query_go_along(api: ApiClient) -> None:
    headers = {"X-Token": "t", "Content-Type": "application/json"}
    answer = api("told/[id]").post(id=1, query={"tag": ["a", "b"], "q": "ü&"}, headers=headers, body=b"[1]").json()
    assert answer["query"] == {"tag": ["a", "b"], "q": "ü&", "id": "1"}
    assert (answer["token"], answer["body"]) == ("t", "[1]")


def test_a_form_has_fields_and_files(api: ApiClient) -> None:
    file = BytesIO(b"content")
    file.name = "a.txt"
    answer = api("told/[id]").post(id=1, form={"name": "Ada", "file": file}).json()
    assert (answer["body"], answer["files"]) == ("{'name': 'Ada'}", {"file": "content"})


def test_a_body_and_a_form_are_one_too_many(api: ApiClient) -> None:
    with pytest.raises(TypeError, match="a body or a form, not both"):
        api("told/[id]").post(id=1, form={}, body={})


def test_a_user_is_signed_in_for_one_request(api: ApiClient, db: None) -> None:
    ada = User.objects.create_user("ada")
    assert api("me").get(user=ada).content == b"ada"
    assert api("me").get().content == b""


def test_a_client_of_ones_own_keeps_its_cookies(db: None) -> None:
    api = ApiClient(Client(headers={"X-Token": "mine"}))
    assert [api("counted").get().json() for _ in range(2)] == [1, 2]
    assert api("told/[id]").get(id=1).json()["token"] == "mine"


def test_a_parameter_may_be_called_as_an_option(api: ApiClient) -> None:
    assert api("odd/[body]").get(params={"body": "x"}).content == b"x"


def test_a_catch_all_takes_a_list(api: ApiClient) -> None:
    assert api("docs/[...slug]").get(slug=["a", "b ü"]).json() == ["a", "b ü"]
    assert api("docs/[...slug]").url(slug="a/b") == "/api/docs/a/b"


def test_a_route_that_is_not_there_names_the_one_that_is(api: ApiClient) -> None:
    with pytest.raises(RouteNotFound, match=r"Did you mean 'told/\[id\]'"):
        api("told/[ids]")


def test_wrong_parameters_are_named(api: ApiClient) -> None:
    with pytest.raises(TypeError, match="no parameter 'pk'"):
        api("told/[id]").get(pk=3)
    with pytest.raises(TypeError, match="needs the parameter 'id'"):
        api("told/[id]").get()


def test_an_error_of_the_program_is_raised(api: ApiClient) -> None:
    with pytest.raises(ZeroDivisionError):
        api("broken").get()
    assert ApiClient(Client(raise_request_exception=False))("broken").get().status_code == 500


def test_a_urlconf_that_leads_to_no_tree_is_told(api: ApiClient, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    with pytest.raises(LookupError, match=r'include\("pagesapi.urls"\)'):
        api("told/[id]").get(id=1)


def test_a_tree_below_a_parameter_of_the_urlconf(
    api: ApiClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("urls_of_tenants")
    module.urlpatterns = [path("<slug:tenant>/", include("pagesapi.urls"))]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.ROOT_URLCONF = module.__name__

    assert api("docs/[...slug]").url(tenant="acme", slug=["a", "b"]) == "/acme/api/docs/a/b"


@pytest.mark.parametrize("name", ["../x.py", "/x.py"])
def test_a_tree_has_no_file_outside_of_it(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} would be outside of the tree"):
        route_tree({name: ""})


def test_a_tree_with_an_option_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match=r"PAGESAPI has no key 'TRAILINGSLASH'\. The keys are API_DIR, "):
        route_tree({}, TRAILINGSLASH="accept")


def test_a_view_gets_djangos_request() -> None:
    with route_tree({"kind.py": "def GET(request): return type(request).__mro__[1].__name__"}):
        assert ApiClient()("kind").get().content.decode() == HttpRequest.__name__


def test_a_user_is_signed_in_at_the_client_that_was_given(db: None) -> None:
    client = Client(headers={"X-Token": "mine"}, raise_request_exception=False)
    api, ada = ApiClient(client), User.objects.create_user("ada")
    assert [api("counted").get().json() for _ in range(2)] == [1, 2]

    assert api("told/[id]").get(id=1, user=ada).json()["token"] == "mine"
    assert api("broken").get(user=ada).status_code == 500
    assert api("counted").get(user=ada).json() == 1  # in a session of her own

    assert api("me").get().content == b""
    assert api("counted").get().json() == 3


def test_a_parameter_may_have_any_name_but_those_of_options() -> None:
    with route_tree({"m/[method].py": "def GET(request, method): return method"}):
        assert ApiClient()("m/[method]").get(method="a").content == b"a"


def test_a_value_that_does_not_fit_is_told_with_its_parameter() -> None:
    with route_tree({"posts/[id=int].py": "def GET(request, id): return id"}):
        with pytest.raises(ValueError, match=r"\[id=int\] does not take 'x'"):
            ApiClient()("posts/[id=int]").get(id="x")
        with pytest.raises(TypeError, match=r"no parameter 'pk'; it has 'id'\."):
            ApiClient()("posts/[id=int]").get(pk=1)
