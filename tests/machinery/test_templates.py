"""Django's responses and view decorators in route files."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask

TEMPLATE = """
from django.template import engines
from django.template.response import TemplateResponse

HELLO = engines["django"].from_string("Hello {{ name }}!")
BROKEN = engines["django"].from_string("{% include missing %}")
def answer(request, status=200): return TemplateResponse(request, HELLO, {"name": "Ann"}, status=status)
"""
TREE = {
    "page.py": f"{TEMPLATE}\ndef GET(request): return answer(request)",
    "apage.py": f"{TEMPLATE}\nasync def GET(request): return answer(request)",
    "handled.py": f"{TEMPLATE}\ndef handler(req, res): return answer(req.django)",
    "gone.py": f"{TEMPLATE}\ndef GET(request): return answer(request, 204)",
    "broken.py": f"{TEMPLATE}\ndef GET(request): return TemplateResponse(request, BROKEN)",
}
PAGES = ["page", "apage", "handled"]


@pytest.mark.parametrize("name", PAGES)
def test_a_template_response_is_rendered(ask: Ask, name: str) -> None:
    with route_tree(TREE):
        response = ask(f"/api/{name}")
    assert (response.status_code, response.content) == (200, b"Hello Ann!")
    assert response["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", PAGES)
def test_head_of_a_template_response_has_its_headers_and_no_body(ask: Ask, name: str) -> None:
    with route_tree(TREE):
        response = ask(f"/api/{name}", method="HEAD")
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len("Hello Ann!"))


def test_a_template_response_without_content_has_none(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/gone")
    assert (response.status_code, response.content) == (204, b"")


def test_a_template_that_breaks_is_a_500_in_json(ask: Ask) -> None:
    with route_tree(TREE):
        response = ask("/api/broken")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")


VIEWS = """
from django.http import HttpResponse
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.vary import vary_on_headers

class Removing(View):
    def delete(self, request, id):
        return HttpResponse(f"removed {id}")

class AsyncRemoving(View):
    async def delete(self, request, id):
        return HttpResponse(f"removed {id}")
"""


@pytest.mark.parametrize("view", ["Removing", "AsyncRemoving"])
def test_a_django_view_is_a_method(ask: Ask, view: str) -> None:
    files = {"rows/[id].py": f"{VIEWS}\nDELETE = {view}.as_view()\n"}
    with route_tree(files):
        response = ask("/api/rows/3", method="DELETE")
        refused = ask("/api/rows/3")
    assert (response.status_code, response.content) == (200, b"removed 3")
    assert (refused.status_code, refused["Allow"]) == (405, "DELETE, OPTIONS")


def test_a_django_view_stands_beside_a_function_of_the_other_kind(ask: Ask) -> None:
    files = {"rows/[id].py": f"{VIEWS}\nasync def GET(request, id): return id\nDELETE = Removing.as_view()\n"}
    with route_tree(files):
        assert ask("/api/rows/3").content == b"3"
        assert ask("/api/rows/3", method="DELETE").content == b"removed 3"


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_decorators_of_django_work_on_method_functions(ask: Ask, kind: str) -> None:
    decorators = "@never_cache\n@vary_on_headers('X-Tenant')\n@xframe_options_exempt\n"
    source = f"{VIEWS}\n{decorators}{kind} GET(request): return HttpResponse('x')\n"
    with route_tree({"x.py": source}):
        response = ask("/api/x")
    assert response.content == b"x"
    assert "no-store" in response["Cache-Control"]
    assert "x-tenant" in response["Vary"].lower()
    assert "X-Frame-Options" not in response


def test_without_the_decorator_frames_are_denied(ask: Ask) -> None:
    with route_tree({"x.py": "def GET(request): return 'x'"}):
        assert ask("/api/x")["X-Frame-Options"] == "DENY"


def test_vary_and_cache_headers_of_a_value_are_set_by_the_handler(ask: Ask) -> None:
    source = """
        def handler(req, res):
            res.set_header("Cache-Control", "no-store")
            res.append_header("Vary", "X-Tenant").append_header("Vary", "Accept")
            res.json(1)
    """
    with route_tree({"x.py": source}):
        response = ask("/api/x")
    assert response["Cache-Control"] == "no-store"
    assert response["Vary"].startswith("X-Tenant, Accept")


def test_endpoints_need_no_csrf_token_where_other_views_do() -> None:
    client = Client(enforce_csrf_checks=True)
    with route_tree({"x.py": "def POST(request): return 'posted'"}):
        response = client.post("/api/x")
    assert (response.status_code, response.content) == (200, b"posted")


def test_csrf_protect_asks_for_a_token_all_the_same() -> None:
    client = Client(enforce_csrf_checks=True)
    with route_tree({"x.py": f"{VIEWS}\n@csrf_protect\ndef POST(request): return HttpResponse('posted')\n"}):
        response: Any = client.post("/api/x")
    assert response.status_code == 403
