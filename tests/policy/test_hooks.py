"""What Django's hooks see of an endpoint beyond what they see of any view, and what they may change."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.layers import KINDS
from tests.policy.trees import layers

HOOKED = [kind for kind in KINDS if kind.startswith(("class", "mixin"))]
HEAD = "from pagesapi import HTTPError\nfrom django.core.exceptions import ValidationError\n"
RAISES = {
    "def GET(request): raise HTTPError(409, 'Taken.')": ("HTTPError", 409),
    "async def GET(request): raise HTTPError(409, 'Taken.')": ("HTTPError", 409),
    "def handler(req, res): req.query['missing']": ("MissingField", 400),
    "async def handler(req, res): req.query['missing']": ("MissingField", 400),
    "def GET(request): raise ValidationError('no')": ("ValidationError", 400),
    "def handler(req, res): pass": ("ResponseError", 500),
    "def GET(request): return object()": ("JSONEncodeError", 500),
    "async def GET(request): return (201, 'made')": ("ResponseError", 500),
}


@pytest.mark.parametrize("kind", HOOKED)
@pytest.mark.parametrize("function", RAISES)
def test_process_exception_sees_whatever_an_endpoint_raises(
    ask: Ask, calls: list[str], function: str, kind: str
) -> None:
    name, status = RAISES[function]
    with route_tree({"_middleware.py": layers("outer", "inner", kind=kind), "x.py": HEAD + function}):
        response = ask("/api/x")
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert [call for call in calls if "exception" in call] == [f"inner exception {name}", f"outer exception {name}"]
    assert calls[-2:] == [f"inner response {status}", f"outer response {status}"]


@pytest.mark.parametrize("function", RAISES)
def test_process_exception_may_answer_and_the_ones_above_are_not_asked(
    ask: Ask, calls: list[str], function: str, records: list[Any], signalled: list[Any]
) -> None:
    folder = f"{layers('outer')}from tests.policy.acts import AnswersExceptions\nmiddleware.append(AnswersExceptions)"
    with route_tree({"_middleware.py": folder, "x.py": HEAD + function}):
        response = ask("/api/x")
    assert (response.status_code, response.content.decode()) == (203, f"caught {RAISES[function][0]}")
    assert "outer exception" not in " ".join(calls)
    assert (records, signalled) == ([], [])


def test_the_refusal_of_an_inner_middleware_is_an_answer_and_no_exception(ask: Ask, calls: list[str]) -> None:
    guard = "from pagesapi.guards import require_bearer\nmiddleware = require_bearer('t')"
    with route_tree({"_middleware.py": layers("outer"), "a/_middleware.py": guard, "a/x.py": "GET = None"}):
        ask("/api/a/x")  # a broken route is a 500 for everybody
    calls.clear()
    with route_tree(
        {"_middleware.py": layers("outer"), "a/_middleware.py": guard, "a/x.py": "def GET(request): pass"}
    ):
        assert ask("/api/a/x").status_code == 401
    assert calls == ["outer request GET", "outer response 401"]


@pytest.mark.parametrize("kind", HOOKED)
def test_process_view_sees_the_view_that_the_url_stands_for(ask: Ask, kind: str) -> None:
    source = """
        class Sees:
            def __init__(self, get_response):
                self.get_response = get_response
            def __call__(self, request):
                return self.get_response(request)
            def process_view(self, request, view, args, kwargs):
                assert view.__name__ == request.resolver_match.func.__name__
                request.seen = [view.pagesapi_route.file, request.resolver_match.view_name, list(args), kwargs]
        middleware = Sees
    """
    with route_tree({"_middleware.py": source, "posts/[id=int].py": "def GET(request, id): return request.seen"}):
        assert ask("/api/posts/7").json() == ["posts/[id=int].py", "pagesapi:posts/[id=int]", [], {"id": 7}]


CHANGES = """
class Changes:
    def __init__(self, get_response):
        self.get_response = get_response
    def __call__(self, request):
        return self.get_response(request)
    def process_view(self, request, view, args, kwargs):
        kwargs["slug"] = [*kwargs.get("slug", ()), "more"]
middleware = Changes
"""


@pytest.mark.parametrize(
    "function",
    [
        "def GET(request, slug=()): return slug",
        "async def GET(request, slug=()): return slug",
        "def handler(req, res): return req.params['slug']",
        "async def handler(req, res): return req.query['slug']",
    ],
)
def test_process_view_may_change_the_parameters_of_both_styles(ask: Ask, function: str) -> None:
    with route_tree({"_middleware.py": CHANGES, "docs/[[...slug]].py": function}):
        assert ask("/api/docs/a/b").json() == ["a", "b", "more"]
        assert ask("/api/docs").json() in (["more"], "more")
        assert ask("/api/docs/a/b").json() == ["a", "b", "more"]  # and it changed this request alone


TEMPLATE = """
from django.template import engines
from django.template.response import TemplateResponse
def page(request):
    return TemplateResponse(request, engines["django"].from_string("{{ said }}"), {})
"""


@pytest.mark.parametrize("kind", HOOKED)
@pytest.mark.parametrize(
    "function",
    [
        "def GET(request): return page(request)",
        "async def GET(request): return page(request)",
        "def handler(req, res): return page(req.django)",
        "async def handler(req, res): return page(req.django)",
    ],
)
def test_process_template_response_fills_the_template_of_both_styles(ask: Ask, function: str, kind: str) -> None:
    with route_tree({"_middleware.py": layers("outer", "inner", kind=kind), "x.py": TEMPLATE + function}):
        response = ask("/api/x")
    assert (response.status_code, response.content) == (200, b"inner outer ")
    assert response["Content-Length"] == str(len(response.content))


def test_a_folder_whose_middleware_is_not_used_is_a_folder_without_any(ask: Ask, calls: list[str]) -> None:
    with route_tree({"_middleware.py": layers("one", "two", kind="not_used"), "x.py": "def GET(request): return 1"}):
        assert [ask("/api/x").json() for _ in range(3)] == [1, 1, 1]
    assert sorted(calls) == ["one not used", "two not used"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "not_used"])
@pytest.mark.parametrize(
    "function", ["def GET(request): return iter([b'a', b'b'])", "def handler(req, res): res.sse([])"]
)
def test_a_stream_passes_every_kind_of_middleware(ask: Ask, kind: str, function: str) -> None:
    with route_tree({"_middleware.py": layers("outer", "inner", kind=kind), "x.py": function}):
        response = ask("/api/x")
    assert (response.status_code, response.streaming, response["X-Layers"]) == (200, True, "inner outer ")


@pytest.mark.parametrize("kind", ["function_async", "class_async", "class_of_both", "class", "mixin"])
@pytest.mark.parametrize("kind_of_function", ["def", "async def"])
def test_requests_at_the_same_time_keep_their_own_parameters(kind: str, kind_of_function: str) -> None:
    tree = {
        "_middleware.py": layers("outer", "inner", kind=kind),
        "[id=int].py": f"{kind_of_function} GET(request, id): return [id, request.GET['id']]",
    }

    async def ask_all() -> list[Any]:
        client = AsyncClient()
        answers = await asyncio.gather(*(client.get(f"/api/{number}?id={number}") for number in range(20)))
        return [answer.json() for answer in answers]

    with route_tree(tree):
        assert async_to_sync(ask_all)() == [[number, str(number)] for number in range(20)]


@pytest.mark.parametrize("given", ["None", "7", "'text'", "object()"])
@pytest.mark.parametrize("kind", ["", "async_only_middleware"])
def test_a_middleware_that_answers_with_something_else_is_a_500(ask: Ask, given: str, kind: str) -> None:
    prefix = "async " if kind else ""
    source = (
        "from django.utils.decorators import async_only_middleware\n"
        f"{'@' + kind if kind else ''}\n"
        f"def middleware(get_response):\n    {prefix}def run(request): return {given}\n    return run"
    )
    with route_tree({"_middleware.py": source, "x.py": "def GET(request): return 'secret'"}):
        response = ask("/api/x")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")


def test_a_middleware_that_forgets_to_await_is_a_500(ask: Ask, recwarn: pytest.WarningsRecorder) -> None:
    source = """
        from django.utils.decorators import async_only_middleware
        @async_only_middleware
        def middleware(get_response):
            async def run(request):
                coroutine = get_response(request)
                coroutine.close()
                return coroutine
            return run
    """
    with route_tree({"_middleware.py": source, "x.py": "async def GET(request): return 'secret'"}):
        response = ask("/api/x")
    assert response.status_code == 500
    assert b"secret" not in response.content


ELSEWHERE = {
    "a task": """
from django.utils.decorators import async_only_middleware
import asyncio
@async_only_middleware
def middleware(get_response):
    async def run(request): return await asyncio.create_task(get_response(request))
    return run
""",
    "a time limit": """
from django.utils.decorators import async_only_middleware
import asyncio
@async_only_middleware
def middleware(get_response):
    async def run(request): return await asyncio.wait_for(get_response(request), 60)
    return run
""",
    "a thread": """
from concurrent.futures import ThreadPoolExecutor
def middleware(get_response):
    def run(request):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(get_response, request).result()
    return run
""",
    "another context": """
from contextvars import Context
def middleware(get_response):
    def run(request): return Context().run(get_response, request)
    return run
""",
}


@pytest.mark.parametrize("function", ["def GET(request, id): return id", "def handler(req, res): return req.query.id"])
@pytest.mark.parametrize("source", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_middleware_may_run_the_rest_somewhere_else(ask: Ask, source: str, function: str) -> None:
    with route_tree({"_middleware.py": source, "[id=int].py": function, "c/[id].py": "def GET(request, id): 1 / 0"}):
        assert ask("/api/7").json() == 7
        assert ask("/api/c/7").status_code == 500
