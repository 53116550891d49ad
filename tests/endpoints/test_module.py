from __future__ import annotations

import pytest
from django.test import Client

import pagesapi
from pagesapi import urls
from pagesapi.testing import route_tree

ODD = """
class Odd:
    __signature__ = 3

    def __call__(self, request):
        return 7

GET = Odd()
"""


def test_a_function_without_a_signature_is_taken_at_its_word(client: Client) -> None:
    with route_tree({"a.py": ODD}):
        assert client.get("/api/a").json() == 7


@pytest.mark.parametrize(
    "function", ["def POST(request): return 1", "async def POST(request): return 1", "def handler(req, res): return 1"]
)
def test_what_is_marked_csrf_exempt_answers_any_site(client: Client, function: str) -> None:
    foreign = {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}
    exempt = f"from django.views.decorators.csrf import csrf_exempt\n@csrf_exempt\n{function}"
    with route_tree({"open.py": exempt, "closed.py": function}):
        assert client.post("/api/open", headers=foreign).status_code == 200
        assert client.post("/api/closed", headers=foreign).status_code == 403


def test_the_package_exports_what_a_user_types_and_no_more() -> None:
    for name in pagesapi.__all__:
        assert getattr(pagesapi, name).__name__ == name
    assert set(pagesapi.__all__) <= set(dir(pagesapi))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        pagesapi.Nothing  # type: ignore[attr-defined]  # noqa: B018


def test_an_unknown_view_of_the_urlconf_is_an_attribute_error() -> None:
    with route_tree({"posts/[id].py": "def GET(request, id): return id"}):
        view = getattr(urls, "posts\N{DIVISION SLASH}[id]")
        assert view.pagesapi_route.file == "posts/[id].py"
        with pytest.raises(AttributeError, match="nothing"):
            urls.nothing  # noqa: B018
