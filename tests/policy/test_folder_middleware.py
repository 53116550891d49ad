"""Which `_middleware.py` holds for which route, what it may export, and in which order its middleware runs."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync

from pagesapi import acall_route, call_route, load_route
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.trees import GET, config, layers

TREE = {
    "_middleware.py": layers("root"),
    "index.py": GET,
    "plain.py": GET,
    "posts/_middleware.py": layers("posts"),
    "posts/index.py": GET,
    "posts/new.py": GET,
    "posts/[id]/_middleware.py": layers("id"),
    "posts/[id]/index.py": GET,
    "posts/[id]/comments/[number=int].py": GET,
    "(internal)/_middleware.py": layers("internal"),
    "(internal)/users.py": GET,
    "(internal)/posts/[id]/likes.py": GET,
    "v1.2/_middleware.py": layers("dotted"),
    "v1.2/hello.json.py": GET,
    "docs/_middleware.py": layers("docs"),
    "docs/[...slug].py": GET,
    "shop/_middleware.py": layers("shop"),
    "shop/[[...slug]].py": GET,
    "typed/[id=int]/_middleware.py": layers("int"),
    "typed/[id=int]/x.py": GET,
    "typed/[slug]/x.py": GET,
    "deep/a/b/_middleware.py": layers("b"),
    "deep/a/b/c/d/_middleware.py": layers("d"),
    "deep/a/b/c/d/e.py": GET,
    "deep/a/b/c/f.py": GET,
    "deep/a/g.py": GET,
    "teams.py": GET,
    "teams/_middleware.py": layers("teams"),
    "teams/mine.py": GET,
    "_lib/_middleware.py": layers("private"),
}
HELD_BY = {
    "/api": "root",
    "/api/plain": "root",
    "/api/posts": "root posts",
    "/api/posts/new": "root posts",
    "/api/posts/7": "root posts id",
    "/api/posts/7/comments/3": "root posts id",
    "/api/users": "root internal",
    "/api/posts/7/likes": "root internal",  # where the file stands, whatever its URL
    "/api/v1.2/hello.json": "root dotted",
    "/api/docs/a": "root docs",
    "/api/docs/a/b/c": "root docs",
    "/api/shop": "root shop",
    "/api/shop/a/b": "root shop",
    "/api/typed/7/x": "root int",
    "/api/typed/seven/x": "root",
    "/api/deep/a/b/c/d/e": "root b d",
    "/api/deep/a/b/c/f": "root b",
    "/api/deep/a/g": "root",
    "/api/teams": "root",  # beside the folder, not in it
    "/api/teams/mine": "root teams",
}


def order(calls: list[str]) -> str:
    """The names of the layers that saw the request, outermost first."""
    return " ".join(call.split()[0] for call in calls if " request " in call)


@pytest.mark.parametrize(("url", "names"), HELD_BY.items())
def test_a_folders_middleware_holds_for_every_route_beneath_it(
    ask: Ask, calls: list[str], url: str, names: str
) -> None:
    with route_tree(TREE):
        response = ask(url)
    assert (response.status_code, response.content) == (200, b"secret")
    assert order(calls) == names
    assert response["X-Layers"].split() == names.split()[::-1]


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE", "PROPFIND"])
def test_it_sees_requests_that_no_function_answers(ask: Ask, calls: list[str], method: str) -> None:
    with route_tree(TREE):
        response = ask("/api/posts/7", method=method)
    assert order(calls) == "root posts id"
    assert response["X-Layers"] == "id posts root "


@pytest.mark.parametrize("url", ["/api/nothing", "/api/posts/7/nothing/at/all", "/api/_middleware", "/api/_lib"])
def test_an_unknown_url_is_no_route_so_nothing_runs(ask: Ask, calls: list[str], url: str) -> None:
    with route_tree(TREE):
        assert ask(url).status_code == 404
    assert calls == []


def test_a_slash_at_the_end_is_redirected_before_anything_runs(ask: Ask, calls: list[str]) -> None:
    with route_tree(TREE):
        assert ask("/api/posts/new/").status_code == 308
    assert calls == []


ITEMS = {
    "a callable": "middleware = layer('function', 'only')",
    "a class": "middleware = layer('class', 'only')",
    "a dotted path": "middleware = 'tests.policy.layers.function_layer'",
    "a list of one": "middleware = [layer('function', 'only')]",
    "a tuple of one": "middleware = (layer('function', 'only'),)",
    "a dotted path in a list": "middleware = ['tests.policy.layers.mixin_layer']",
    "in the config": "config = RouteConfig(middleware=[layer('function', 'only')])",
    "alone in the config": "config = RouteConfig(middleware=layer('function', 'only'))",
    "a function of the file": """
def middleware(get_response):
    inner = layer('function', 'only')(get_response)
    def run(request): return inner(request)
    return run
""",
    "an async function of the file": """
from django.utils.decorators import async_only_middleware
@async_only_middleware
def middleware(get_response):
    inner = layer('function_async', 'only')(get_response)
    async def run(request): return await inner(request)
    return run
""",
}
HEAD = "from pagesapi import RouteConfig\nfrom tests.policy.layers import layer\n"


@pytest.mark.parametrize("source", ITEMS.values(), ids=ITEMS)
def test_a_file_may_export_one_item_or_several(ask: Ask, calls: list[str], source: str) -> None:
    with route_tree({"_middleware.py": HEAD + source, "x.py": GET}):
        response = ask("/api/x")
    assert (response.content, order(calls), response["X-Layers"]) == (b"secret", "only", "only ")


@pytest.mark.parametrize("source", ["middleware = []", "middleware = ()", "config = RouteConfig()"])
def test_a_file_may_have_nothing_to_run(ask: Ask, calls: list[str], source: str) -> None:
    with route_tree({"_middleware.py": HEAD + source, "x.py": GET}):
        assert ask("/api/x").content == b"secret"
    assert calls == []


def test_the_order_is_outermost_folder_first_and_the_routes_own_last(ask: Ask, calls: list[str]) -> None:
    tree = {
        "_middleware.py": layers("one", "two"),
        "a/_middleware.py": layers("three", kind="mixin") + config(middleware="[layer('function', 'four')]"),
        "a/(b)/_middleware.py": layers("five", "six", kind="function"),
        "a/(b)/x.py": config(middleware="['tests.policy.layers.mixin_layer', layer('class', 'seven')]") + GET,
    }
    with route_tree(tree):
        response = ask("/api/a/x")
    assert order(calls) == "one two three four five six only seven"
    assert response["X-Layers"] == "seven only six five four three two one "


@pytest.mark.parametrize("given", ["[layer('function', 'own')]", "layer('function', 'own')"])
@pytest.mark.parametrize("function", ["def GET(request): return 1", "async def handler(req, res): res.json(1)"])
def test_a_route_may_have_middleware_without_any_folder(ask: Ask, calls: list[str], given: str, function: str) -> None:
    with route_tree({"x.py": config(middleware=given) + function, "y.py": GET}):
        assert (ask("/api/x")["X-Layers"], "X-Layers" in ask("/api/y")) == ("own ", False)
    assert calls == ["own request GET", "own response 200"]


def test_the_same_item_in_two_folders_runs_twice(ask: Ask, calls: list[str]) -> None:
    line = "middleware = 'tests.policy.layers.function_layer'"
    with route_tree({"_middleware.py": line, "a/_middleware.py": line, "a/x.py": GET}):
        assert ask("/api/a/x")["X-Layers"] == "only only "


COUNTED = """
made = []
def middleware(get_response):
    made.append(get_response)
    return get_response
"""


def test_a_factory_is_called_when_a_route_is_first_asked_for_and_never_again(ask: Ask) -> None:
    with route_tree({"a/_middleware.py": COUNTED, "a/x.py": f"from ._middleware import made\n{GET}"}):
        for _ in range(3):
            assert ask("/api/a/x").status_code == 200
        assert len(load_route("a/x").made) == 1


def test_a_file_is_not_executed_before_a_route_beneath_it_is_asked_for(ask: Ask) -> None:
    with route_tree({"a/_middleware.py": "raise RuntimeError('executed')", "a/x.py": GET, "y.py": GET}):
        assert ask("/api/y").status_code == 200
        assert callable(load_route("a/x").GET)
        assert ask("/api/a/x").status_code == 500


@pytest.mark.parametrize("kind", ["function", "class_async", "class_of_both", "mixin", "function_of_both"])
@pytest.mark.parametrize("function", ["def GET(request): return 1", "async def GET(request): return 1"])
@pytest.mark.parametrize("caller", [call_route, async_to_sync(acall_route)], ids=["call_route", "acall_route"])
def test_a_call_in_process_goes_through_the_same_middleware(
    calls: list[str], caller: Any, function: str, kind: str
) -> None:
    with route_tree({"_middleware.py": layers("outer", "inner", kind=kind), "x.py": function}):
        response = caller("x")
    assert (response.content, response["X-Layers"]) == (b"1", "inner outer ")
    assert order(calls) == "outer inner"


def test_what_a_call_in_process_raises_comes_through_the_middleware(calls: list[str]) -> None:
    tree = {"_middleware.py": layers("only"), "x.py": "def GET(request): raise RuntimeError('boom')"}
    with route_tree(tree), pytest.raises(RuntimeError, match="boom"):
        call_route("x")
    assert calls == ["only request GET", "only view [] {}", "only exception RuntimeError", "only response 500"]


COPIES = """
import copy
def middleware(get_response):
    def run(request):
        other = copy.copy(request)
        other.tenant = "acme"
        return get_response(other)
    return run
"""


def test_a_middleware_may_hand_on_a_copy_of_the_request(ask: Ask) -> None:
    tree = {"_middleware.py": COPIES, "[id].py": "def GET(request, id): return [request.tenant, id]"}
    with route_tree({**tree, "h/[id].py": "def handler(req, res): res.json([req.tenant, req.query.id])"}):
        assert ask("/api/7").json() == ["acme", "7"]
        assert ask("/api/h/7").json() == ["acme", "7"]


def test_what_a_middleware_puts_on_the_request_reaches_both_styles(ask: Ask) -> None:
    source = """
        def middleware(get_response):
            def run(request):
                request.tenant = "acme"
                return get_response(request)
            return run
    """
    tree = {
        "m.py": "def GET(request): return request.tenant",
        "am.py": "async def GET(request): return request.tenant",
        "h.py": "def handler(req, res): res.send(req.tenant)",
        "ah.py": "async def handler(req, res): res.send(req.django.tenant)",
    }
    with route_tree({"_middleware.py": source, **tree}):
        assert {ask(f"/api/{name[:-3]}").content for name in tree} == {b"acme"}
