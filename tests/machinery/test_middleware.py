"""Django's own middleware around endpoints: compression, conditional requests, sessions."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import PermissionDenied
from django.test import AsyncClient, Client

from pagesapi import load_route
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.machinery.conftest import UseMiddleware

GZIP = "django.middleware.gzip.GZipMiddleware"
CONDITIONAL = "django.middleware.http.ConditionalGetMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
LONG = "x" * 1000
TREE = {
    "long.py": f"def GET(request): return {{'text': '{LONG}'}}",
    "along.py": f"async def handler(req, res): res.json({{'text': '{LONG}'}})",
    "response.py": "from django.http import HttpResponse\ndef GET(request): return HttpResponse(b'as it is')",
    "post.py": "def POST(request): return {'made': True}",
}


@pytest.mark.parametrize("name", ["long", "along"])
def test_a_body_is_compressed(ask: Ask, use_middleware: UseMiddleware, name: str) -> None:
    use_middleware(GZIP, before=SECURITY)
    with route_tree(TREE):
        plain = ask(f"/api/{name}")
        response = ask(f"/api/{name}", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == plain.content
    assert response["ETag"] == f"W/{plain['ETag']}"


@pytest.mark.parametrize("name", ["long", "along"])
def test_the_weak_tag_of_a_compressed_body_is_known_again(ask: Ask, use_middleware: UseMiddleware, name: str) -> None:
    use_middleware(GZIP, before=SECURITY)
    with route_tree(TREE):
        tag = ask(f"/api/{name}", headers={"Accept-Encoding": "gzip"})["ETag"]
        response = ask(f"/api/{name}", headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")


STREAMS = {
    "sync.py": """
        seen = []
        def GET(request):
            def pieces():
                for number in range(3):
                    seen.append(number)
                    yield f"{number} ".encode() * 300
            return pieces()
    """,
    "async.py": """
        seen = []
        async def handler(req, res):
            async def pieces():
                for number in range(3):
                    seen.append(number)
                    yield f"{number} ".encode() * 300
            res.stream(pieces(), content_type="text/plain")
    """,
}


@pytest.mark.parametrize("name", ["sync", "async"])
def test_a_stream_is_not_held_back_by_compression_under_wsgi(use_middleware: UseMiddleware, name: str) -> None:
    use_middleware(GZIP, before=SECURITY)
    with route_tree(STREAMS):
        response: Any = Client().get(f"/api/{name}", headers={"Accept-Encoding": "gzip"})
        seen = load_route(name).seen
        pieces: Iterator[bytes] = iter(response)
        for number in range(3):
            assert next(pieces) == f"{number} ".encode() * 300
            assert seen == list(range(number + 1))
        assert list(pieces) == []


@pytest.mark.parametrize("name", ["sync", "async"])
def test_a_stream_is_not_held_back_by_compression_under_asgi(use_middleware: UseMiddleware, name: str) -> None:
    use_middleware(GZIP, before=SECURITY)

    async def read() -> None:
        response: Any = await AsyncClient().get(f"/api/{name}", headers={"Accept-Encoding": "gzip"})
        seen = load_route(name).seen
        pieces = aiter(response)
        for number in range(3):
            assert await anext(pieces) == f"{number} ".encode() * 300
            assert seen == list(range(number + 1))
        assert [piece async for piece in pieces] == []

    with route_tree(STREAMS):
        async_to_sync(read)()


@pytest.mark.parametrize("name", ["long", "along", "response"])
def test_conditional_get_answers_304_for_values_and_responses(
    ask: Ask, use_middleware: UseMiddleware, name: str
) -> None:
    use_middleware(CONDITIONAL)
    with route_tree(TREE):
        first = ask(f"/api/{name}")
        again = ask(f"/api/{name}", headers={"If-None-Match": first["ETag"]})
        other = ask(f"/api/{name}", headers={"If-None-Match": '"another"'})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert (other.status_code, other.content) == (200, first.content)


def test_conditional_get_leaves_other_methods_alone(ask: Ask, use_middleware: UseMiddleware) -> None:
    use_middleware(CONDITIONAL)
    with route_tree(TREE):
        response = ask("/api/post", method="POST", headers={"If-None-Match": "*"})
    assert (response.status_code, response.json()) == (200, {"made": True})


SESSION = {
    "count.py": """
        def handler(req, res):
            req.session["count"] = req.session.get("count", 0) + 1
            return req.session["count"]
    """,
    "acount.py": """
        async def POST(request):
            count = await request.session.aget("count", 0) + 1
            await request.session.aset("count", count)
            return count
    """,
    "quiet.py": "def GET(request): return {}",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["count", "acount"])
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_session_lasts_from_request_to_request(kind: Any, name: str) -> None:
    client = kind()
    post = async_to_sync(client.post) if kind is AsyncClient else client.post
    with route_tree(SESSION):
        assert [post(f"/api/{name}").json() for _ in range(3)] == [1, 2, 3]


@pytest.mark.django_db
def test_an_endpoint_that_leaves_the_session_alone_sets_no_cookie_and_no_vary_on_it(ask: Ask) -> None:
    with route_tree(SESSION):
        response = ask("/api/quiet")
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


def test_security_headers_are_set_on_endpoints_and_on_their_errors(ask: Ask) -> None:
    with route_tree(TREE):
        responses = [ask("/api/long"), ask("/api/post"), ask("/api/nothing")]
    assert [response.status_code for response in responses] == [200, 405, 404]
    for response in responses:
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert re.fullmatch(r"\d+", response["Content-Length"])


class Denies:
    """A project's middleware that refuses every view."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        raise PermissionDenied("Not here.")


class Breaks(Denies):
    """A project's middleware with a bug, after the view has answered."""

    def __call__(self, request: Any) -> Any:
        self.get_response(request)
        raise RuntimeError("a bug of the project")

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        return None


@pytest.mark.parametrize(("middleware", "status"), [(Denies, 403), (Breaks, 500)])
def test_the_error_of_a_middleware_around_an_endpoint_is_a_problem_document(
    ask: Ask, use_middleware: UseMiddleware, middleware: type, status: int
) -> None:
    use_middleware(middleware)
    with route_tree(TREE):
        response = ask("/api/long")
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["status"] == status
    assert "a bug of the project" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("middleware", "status"), [(Denies, 403), (Breaks, 500)])
def test_the_error_of_a_middleware_around_a_page_stays_as_it_was(
    ask: Ask, use_middleware: UseMiddleware, middleware: type, status: int
) -> None:
    use_middleware(middleware)
    response = ask("/")
    assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
