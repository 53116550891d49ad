from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from pagesapi import acall_route, call_route, load_route
from pagesapi.endpoints.cors import METHODS
from pagesapi.exceptions import RouteNotFound
from pagesapi.testing import route_tree
from project.blog.models import Post
from tests.docs.page import Page
from tests.docs.served import problems

PAGE = Page("handlers")


def test_one_function_for_every_method(site: Path, client: Client) -> None:
    assert client.get("/api/echo?name=Ada").json() == {"name": "Ada"}
    answer = client.post("/api/echo", {"a": [1]}, "application/json")
    assert (answer.status_code, answer.json()) == (201, {"you_sent": {"a": [1]}})
    assert client.options("/api/echo").json() == {"name": None}
    head = client.head("/api/echo")
    assert (head.status_code, head.content, head["Content-Type"]) == (200, b"", "application/json")
    with route_tree({"a.py": "from pagesapi import RouteConfig\nconfig = RouteConfig(methods=['GET'])\n" + HANDLER}):
        assert [client.head("/api/a").status_code, client.post("/api/a").status_code] == [200, 405]


HANDLER = "def handler(req, res): return {'a': 1}\n"


def test_a_function_a_method(site: Path, client: Client, db: None) -> None:
    (post,) = Post.objects.bulk_create([Post(title="Title", slug="title")])
    url = f"/api/posts/{post.pk}"
    assert client.get(url).json()["title"] == "Title"
    assert client.head(url).status_code == 200
    assert client.put(url)["Allow"] == "GET, HEAD, OPTIONS, PATCH"
    assert (client.options(url).status_code, client.options(url)["Allow"]) == (204, "GET, HEAD, OPTIONS, PATCH")
    assert client.patch(url, {"title": "x"}, "application/json").status_code == 403
    assert client.get("/api/posts/0").json()["detail"] == "There is no post 0."
    names = re.search(r"The names are (.*), in upper case", PAGE.source)
    assert names
    assert tuple(re.findall(r"`(\w+)`", names[1])) == METHODS


@pytest.mark.parametrize(
    ("body", "status", "kind", "content"),
    [
        ("return {'a': 1}", 200, "application/json", b'{"a":1}'),
        ("return True", 200, "application/json", b"true"),
        ("return 'text'", 200, "text/plain; charset=utf-8", b"text"),
        ("return b'bytes'", 200, "application/octet-stream", b"bytes"),
        ("return open(__file__, 'rb')", 200, "text/x-python", None),
        ("yield 'a'", 200, "application/octet-stream", b"a"),
        ("from django.http import HttpResponse; return HttpResponse('a', status=299)", 299, "text/html", b"a"),
        ("return None", 204, None, b""),
        ("return 201, {'a': 1}", 500, "application/problem+json", None),
        ("return {'a': 1}, 201", 500, "application/problem+json", None),
    ],
)
def test_what_a_method_function_returns(
    body: str, status: int, kind: str | None, content: bytes | None, client: Client
) -> None:
    with route_tree({"a.py": f"def GET(request): {body}"}):
        answer = client.get("/api/a")
        found = answer.getvalue() if answer.streaming else answer.content
        assert (answer.status_code, (answer.headers.get("Content-Type") or "").removesuffix("; charset=utf-8")) == (
            status,
            (kind or "").removesuffix("; charset=utf-8"),
        )
        assert content in (None, found)


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ("res.status(202).json(1)", 202, ""),
        ("return res.status(202)", 202, ""),
        ("res.status(202); return {'a': 1}", 202, ""),
        ("pass", 500, "neither answered nor returned"),
        ("res.json(1); res.json(2)", 500, "is a `return` missing"),
        ("res.json(1); return {'a': 1}", 500, "keep one of them"),
    ],
)
def test_what_a_handler_returns(body: str, status: int, detail: str, client: Client, settings: Any) -> None:
    settings.DEBUG = True
    with route_tree({"a.py": f"def handler(req, res): {body}"}):
        answer = client.get("/api/a")
        assert answer.status_code == status
        assert detail in answer.content.decode()


def test_decorators_and_views(site: Path, client: Client) -> None:
    assert (client.get("/api/teapot").status_code, client.get("/api/teapot")["X-Handle"]) == (418, "here")
    assert "no-store" in client.get("/api/clock")["Cache-Control"]
    assert client.get("/api/version").content == b"1.4"
    assert client.get("/api/slow").json() == {"done": True}
    assert client.get("/api/typed?a=1").json() == {"path": "/api/typed", "query": {"a": "1"}}
    assert client.post("/api/typed").status_code == 405


def test_an_async_function_under_asgi(site: Path) -> None:
    async def asked() -> None:
        assert (await AsyncClient().get("/api/slow")).json() == {"done": True}
        assert (await acall_route("greet")).status_code == 200

    async_to_sync(asked)()


def test_a_queryset_that_an_async_function_returns_is_read_for_it(client: Client, db: None) -> None:
    source = "from project.blog.models import Post\nasync def GET(request): return Post.objects.values('pk')[:2]"
    with route_tree({"a.py": source}):
        assert len(client.get("/api/a").json()) == 2


def test_functions_are_shared(site: Path, client: Client) -> None:
    assert client.get("/api/greet").json() == {"text": "Hello, you"}
    assert load_route("posts/[id=int]").Post is Post
    with pytest.raises(RouteNotFound, match="posts/"):
        load_route("posts/[id]")
    assert issubclass(RouteNotFound, LookupError)


def test_the_keywords_of_call_route() -> None:
    listed = {row[0].strip("`"): row[1] for row in PAGE.rows_below("Use endpoints from Python")}
    parameters = inspect.signature(call_route).parameters
    assert list(listed) == list(parameters)[1:]
    assert listed["method"] == '`"GET"`' == f'`"{parameters["method"].default}"`'


def test_each_id_that_is_named_is_that_of_the_check() -> None:
    source = """
        from django.views.decorators.csrf import csrf_exempt

        from pagesapi import JsonResponse

        @csrf_exempt
        def GET(request): return JsonResponse(1)

        def POST(request): return JsonResponse(1)
    """
    both = "def handler(req, res): ...\ndef GET(request): ..."
    with route_tree({"a.py": source, "b.py": both, "c.py": "def get(request): ..."}):
        assert [re.findall(r"pagesapi\.(E\d+)", text)[0] for text in problems()] == ["E026", "E021", "E022"]
