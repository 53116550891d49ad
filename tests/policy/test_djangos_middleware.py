"""Django's own middleware as items of a folder, whose routes alone it touches."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import AsyncClient, Client
from django.utils.translation import override
from pytest_django import Settings

from pagesapi import load_route
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.visitor import Visitor

LONG = "x" * 1000
ENDPOINTS = {
    "method.py": f"def GET(request): return {{'text': '{LONG}'}}",
    "amethod.py": f"async def GET(request): return {{'text': '{LONG}'}}",
    "handler.py": f"def handler(req, res): res.json({{'text': '{LONG}'}})",
    "ahandler.py": f"async def handler(req, res): res.json({{'text': '{LONG}'}})",
    "response.py": f"from django.http import HttpResponse\ndef GET(request): return HttpResponse('{LONG}')",
}
NAMES = [name.removesuffix(".py") for name in ENDPOINTS]
GZIP = "django.middleware.gzip.GZipMiddleware"
CONDITIONAL = "django.middleware.http.ConditionalGetMiddleware"


def tree_behind(*paths: str, **files: str) -> dict[str, str]:
    """Every endpoint in the folder `in/`, behind middleware, and once more beside it."""
    tree = {"in/_middleware.py": f"middleware = {list(paths)!r}", **ENDPOINTS}
    return {**tree, **{f"in/{name}": source for name, source in ENDPOINTS.items()}, **files}


@pytest.mark.parametrize("name", NAMES)
def test_gzip_compresses_what_stands_beneath_it(ask: Ask, name: str) -> None:
    with route_tree(tree_behind(GZIP)):
        plain = ask(f"/api/{name}", headers={"Accept-Encoding": "gzip"})
        packed = ask(f"/api/in/{name}", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert (packed["Content-Encoding"], gzip.decompress(packed.content)) == ("gzip", plain.content)
    assert packed["Content-Length"] == str(len(packed.content))
    assert "accept-encoding" in packed["Vary"].lower()


@pytest.mark.parametrize("name", ["method", "amethod", "handler", "ahandler"])
def test_the_tag_of_a_compressed_body_is_known_again(ask: Ask, name: str) -> None:
    with route_tree(tree_behind(GZIP)):
        tag = ask(f"/api/in/{name}", headers={"Accept-Encoding": "gzip"})["ETag"]
        known = ask(f"/api/in/{name}", headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert (known.status_code, known.content) == (304, b"")


STREAMS = {
    "in/stream.py": """
        seen = []
        def GET(request):
            def pieces():
                for number in range(3):
                    seen.append(number)
                    yield f"{number} ".encode() * 300
            return pieces()
    """,
    "in/astream.py": """
        seen = []
        async def handler(req, res):
            async def pieces():
                for number in range(3):
                    seen.append(number)
                    yield f"{number} ".encode() * 300
            res.stream(pieces(), content_type="text/plain")
    """,
}


@pytest.mark.parametrize("name", ["stream", "astream"])
def test_a_stream_is_not_held_back_under_wsgi(name: str) -> None:
    with route_tree(tree_behind(GZIP) | STREAMS):
        response: Any = Client().get(f"/api/in/{name}", headers={"Accept-Encoding": "gzip"})
        seen = load_route(f"in/{name}").seen
        pieces: Iterator[bytes] = iter(response)
        for number in range(3):
            assert next(pieces) == f"{number} ".encode() * 300
            assert seen == list(range(number + 1))
        assert list(pieces) == []


@pytest.mark.parametrize("name", ["stream", "astream"])
def test_a_stream_is_not_held_back_under_asgi(name: str) -> None:
    async def read() -> None:
        response: Any = await AsyncClient().get(f"/api/in/{name}", headers={"Accept-Encoding": "gzip"})
        seen = load_route(f"in/{name}").seen
        pieces = aiter(response)
        for number in range(3):
            assert await anext(pieces) == f"{number} ".encode() * 300
            assert seen == list(range(number + 1))
        assert [piece async for piece in pieces] == []

    with route_tree(tree_behind(GZIP) | STREAMS):
        async_to_sync(read)()


@pytest.mark.parametrize("name", NAMES)
def test_conditional_get_tags_and_answers_304(ask: Ask, name: str) -> None:
    with route_tree(tree_behind(CONDITIONAL)):
        first = ask(f"/api/in/{name}")
        again = ask(f"/api/in/{name}", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "Content-Length" not in again


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("function", ["def GET(request):", "async def GET(request):"])
def test_sessions_may_belong_to_one_folder(settings: Settings, kind: Any, function: str) -> None:
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "contrib" not in path]
    counts = f"{function}\n    count = request.session['n'] = request.session.get('n', 0) + 1\n    return count"
    if function.startswith("async"):
        counts = (
            f"{function}\n    count = await request.session.aget('n', 0) + 1\n"
            "    await request.session.aset('n', count)\n    return count"
        )
    client = kind()
    get = async_to_sync(client.get) if kind is AsyncClient else client.get
    sessions = "django.contrib.sessions.middleware.SessionMiddleware"
    with route_tree(
        {
            **tree_behind(sessions),
            "in/count.py": counts,
            "has.py": "def GET(request): return hasattr(request, 'session')",
        }
    ):
        assert [get("/api/in/count").json() for _ in range(3)] == [1, 2, 3]
        assert get("/api/has").json() is False


@pytest.mark.parametrize("kind", ["", "async "])
def test_a_language_of_the_caller_is_active_within_the_folder_alone(ask: Ask, settings: Settings, kind: str) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "Locale" not in path]
    says = f"from django.utils.translation import get_language\n{kind}def GET(request): return get_language()"
    headers = {"Accept-Language": "de"}
    tree = {**tree_behind("django.middleware.locale.LocaleMiddleware"), "in/says.py": says, "says.py": says}
    with route_tree(tree), override("en", deactivate=True):
        inside, outside = ask("/api/in/says", headers=headers), ask("/api/says", headers=headers)
    assert (inside.content, inside["Content-Language"]) == (b"de", "de")
    assert "accept-language" in inside["Vary"].lower()
    assert (outside.content, "Content-Language" in outside) == (b"en", False)


def test_security_and_frame_headers_are_set_on_answers_and_errors(ask: Ask, settings: Settings) -> None:
    settings.MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware"]
    items = (
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    )
    files = {"in/crash.py": "def GET(request): raise RuntimeError", "in/posts.py": "def POST(request): return 1"}
    with route_tree(tree_behind(*items) | files):
        responses = [ask(f"/api/in/{name}") for name in ("method", "amethod", "posts", "crash")]
        outside = ask("/api/method")
    assert [response.status_code for response in responses] == [200, 200, 405, 500]
    for response in responses:
        assert (response["X-Content-Type-Options"], response["X-Frame-Options"]) == ("nosniff", "DENY")
    assert "X-Frame-Options" not in outside


def test_security_redirects_to_https_before_the_endpoint_runs(ask: Ask, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware"]
    with route_tree(tree_behind("django.middleware.security.SecurityMiddleware")):
        response = ask("/api/in/method?a=1")
        assert (response.status_code, response["Location"]) == (301, "https://testserver/api/in/method?a=1")
        assert ask("/api/method").status_code == 200


MADE_FROM = {
    "never_cache": "from django.views.decorators.cache import never_cache as middleware",
    "cache_control": "from django.views.decorators.cache import *\nmiddleware = cache_control(private=True)",
    "xframe_options_sameorigin": (
        "from django.views.decorators.clickjacking import xframe_options_sameorigin as middleware"
    ),
    "vary_on_headers": "from django.views.decorators.vary import *\nmiddleware = vary_on_headers('X-Tenant')",
}
EXPECTED = {
    "never_cache": ("Cache-Control", "no-store"),
    "cache_control": ("Cache-Control", "private"),
    "xframe_options_sameorigin": ("X-Frame-Options", "SAMEORIGIN"),
    "vary_on_headers": ("Vary", "X-Tenant"),
}


@pytest.mark.parametrize("made", MADE_FROM)
@pytest.mark.parametrize("name", ["method", "amethod", "handler", "ahandler"])
def test_a_decorator_of_views_is_middleware_too(ask: Ask, made: str, name: str) -> None:
    header, value = EXPECTED[made]
    with route_tree({**tree_behind(), "in/_middleware.py": MADE_FROM[made]}):
        response = ask(f"/api/in/{name}")
    assert response.status_code == 200
    assert value in response[header]


def test_a_condition_of_a_view_holds_for_a_whole_folder(ask: Ask) -> None:
    source = "from django.views.decorators.http import require_safe as middleware"
    with route_tree({**tree_behind(), "in/_middleware.py": source}):
        assert ask("/api/in/handler").status_code == 200
        assert ask("/api/in/handler", method="POST").status_code == 405
        assert ask("/api/handler", method="POST").status_code == 200


def test_authentication_may_belong_to_one_folder(ask: Ask, settings: Settings, db: None) -> None:
    from_django = [path for path in settings.MIDDLEWARE if "sessions" in path or "AuthenticationMiddleware" in path]
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "contrib" not in path]
    source = f"from pagesapi.guards import require_user\nmiddleware = [*{from_django!r}, require_user]"
    with route_tree({**tree_behind(), "in/_middleware.py": source}):
        assert ask("/api/in/method").status_code == 401
        assert ask("/api/in/amethod").status_code == 401
        assert ask("/api/method").status_code == 200


def test_the_whole_cache_framework_may_stand_in_a_folder(ask: Ask, settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "policy"}}
    items = ("django.middleware.cache.UpdateCacheMiddleware", "django.middleware.cache.FetchFromCacheMiddleware")
    counts = "from itertools import count\nnumbers = count(1)\ndef GET(request): return next(numbers)"
    with route_tree({**tree_behind(*items), "in/count.py": counts, "count.py": counts}):
        unique = f"/api/in/count?{id(ask)}"
        assert [ask(unique).json() for _ in range(3)] == [1, 1, 1]
        assert [ask("/api/count").json() for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("function", ["def GET(request): return 1", "async def GET(request): return 1"])
def test_a_login_may_be_required_of_one_folder(ask: Ask, db: None, function: str) -> None:
    free = f"from django.contrib.auth.decorators import login_not_required\n@login_not_required\n{function}"
    login = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    with route_tree({**tree_behind(login), "in/x.py": function, "in/free.py": free, "x.py": function}):
        refused = ask("/api/in/x")
        assert refused.status_code in (302, 401)
        assert [ask(f"/api/{name}").status_code for name in ("in/free", "x")] == [200, 200]
        assert ask("/api/in/x", user=User.objects.create_user("ann")).status_code == 200


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("function", ["def POST(request): return 1", "async def POST(request): return 1"])
def test_djangos_own_csrf_check_may_stand_in_one_folder(kind: Any, function: str) -> None:
    exempt = f"from django.views.decorators.csrf import csrf_exempt\n@csrf_exempt\n{function}"
    check = "django.middleware.csrf.CsrfViewMiddleware"
    visitor = Visitor(kind)
    with route_tree({**tree_behind(check), "in/x.py": function, "in/free.py": exempt, "x.py": function}):
        found = [visitor.send("POST", f"/api/{name}").status_code for name in ("in/x", "in/free", "x")]
    assert found == [403, 200, 200]
