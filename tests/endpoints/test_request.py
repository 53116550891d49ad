"""What an endpoint asks about its request, however often."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import Client, RequestFactory
from django.test import override_settings as override

from pagesapi.endpoints.config import Rules
from pagesapi.http.request import Request
from pagesapi.http.source import DjangoSource
from pagesapi.testing import route_tree
from pagesapi.urls import urlpatterns


def asked(path: str = "/api/a?x=1", **options: Any) -> Request:
    return Request(DjangoSource(RequestFactory().post(path, **options)), {"id": 3}, Rules())


def test_what_was_read_once_is_the_same_object_ever_after() -> None:
    req = asked(data={"a": "1", "file": SimpleUploadedFile("x.txt", b"x")}, headers={"Cookie": "c=%20"})
    assert req.query is req.query
    assert req.cookies is req.cookies
    assert req.body is req.body
    assert (req.query, req.cookies, req.body) == ({"x": "1", "id": 3}, {"c": " "}, {"a": "1"})
    (file,) = req.files.values()
    assert isinstance(file, UploadedFile)
    assert file.name == "x.txt"


def test_a_body_is_read_in_pieces_and_to_its_end() -> None:
    req = asked(data=b"abcdef", content_type="application/octet-stream")
    assert [req.read(2), req.read(1), req.read(), req.read(5)] == [b"ab", b"c", b"def", b""]


def test_everything_else_is_looked_up_on_djangos_request() -> None:
    req = asked()
    req.django.user = AnonymousUser()
    assert req.user is req.django.user
    assert req.META is req.django.META
    assert repr(req) == "<Request POST /api/a?x=1>"
    with pytest.raises(AttributeError):
        req.nothing  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError):
        req.__deepcopy__  # type: ignore[attr-defined]  # noqa: B018
    assert copy.copy(asked().query) == {"x": "1", "id": 3}


def test_a_query_of_dunder_names_is_a_mapping_still() -> None:
    query = asked("/api/a?__class__=evil&__deepcopy__=1").query
    assert query["__class__"] == "evil"
    assert type(query).__name__ == "Fields"
    assert copy.deepcopy(query) == query


@override(INSTALLED_APPS=["corsheaders", "pagesapi"], MIDDLEWARE=["pagesapi.middleware.ApiMiddleware"])
def test_a_project_without_users_has_endpoints(client: Client) -> None:
    with route_tree({"a.py": "def GET(request): return 1"}):
        assert client.get("/api/a").json() == 1


def test_an_error_of_validation_without_fields_is_under_all(client: Client) -> None:
    source = "from django.core.exceptions import ValidationError\ndef POST(request): raise ValidationError(['a', 'b'])"
    with route_tree({"a.py": source}):
        response = client.post("/api/a")
    assert (response.status_code, response.json()["errors"]) == (400, {"__all__": ["a", "b"]})


@override(CORS_ALLOWED_ORIGINS=[])
def test_a_preflight_for_no_route_is_as_django_cors_headers_has_it(client: Client) -> None:
    headers = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    response = client.options("/nowhere", headers=headers)
    assert (response.status_code, response.content) == (200, b"")


def test_an_async_function_reads_a_body_in_pieces(client: Client) -> None:
    source = """
        from pagesapi import RouteConfig

        config = RouteConfig(parse_body=False)

        async def handler(req, res):
            return [(await req.aread(2)).decode(), (await req.aread()).decode(), req.body]
    """
    with route_tree({"a.py": source}):
        assert client.post("/api/a", b"abcd", content_type="text/plain").json() == ["ab", "cd", None]


def test_a_package_that_resolves_by_the_patterns_gets_the_same_parameters() -> None:
    with route_tree({"docs/[...slug].py": "", "shop/[[...slug]].py": "", "n/[id=int].py": ""}):
        found = {
            path: match.kwargs
            for path in ("api/docs/a/b", "api/shop", "api/shop/a", "api/n/3")
            for pattern in urlpatterns[0].url_patterns
            if (match := pattern.resolve(path))
        }
    assert found == {
        "api/docs/a/b": {"slug": ["a", "b"]},
        "api/shop": {"slug": []},
        "api/shop/a": {"slug": ["a"]},
        "api/n/3": {"id": 3},
    }
