from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client, override_settings

import pagesapi
import pagesapi.exceptions
from pagesapi.exceptions import PagesapiError
from pagesapi.routing.fault import FaultKind
from pagesapi.testing import route_tree
from tests.docs.page import Page
from tests.docs.served import problems

PAGE = Page("errors")
VOTE = PAGE.block('"poll": 7')
NEAR = PAGE.block('"near"')
TABLES = ("The settings and the installation", "The names of the tree", "What the files say", "Static pages")


def decoded(content: bytes) -> Any:
    return msgspec.json.decode(content)


def test_an_error_is_the_document_that_is_shown(site: Path, client: Client) -> None:
    answer = client.post("/api/vote")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.content == msgspec.json.encode(decoded(VOTE.text.encode()))


def test_the_text_of_an_exception_of_the_project(site: Path, client: Client) -> None:
    assert client.get("/api/orders/3").json()["detail"] == "There is no order 3."
    answer = client.put("/api/orders/3")
    assert (answer.status_code, answer.json()["errors"]) == (400, {"amount": ["Too much."]})


RAISED = """
from django.core.exceptions import *
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from pagesapi import HTTPError, MissingField

def GET(request, name):
    raise {"HTTPError": lambda: HTTPError(418)}.get(name, lambda: globals()[name]("text"))()
"""


def test_each_exception_has_the_status_that_is_listed(client: Client) -> None:
    rows = PAGE.rows_below("Exceptions")
    with route_tree({"[name].py": RAISED}):
        for raised, answer in rows:
            for name in re.findall(r"`(\w+)`", raised) or ["ZeroDivisionError"]:
                status = 418 if name == "HTTPError" else int(answer[:3])
                found = client.get(f"/api/{name}")
                assert (found.status_code, found["Content-Type"]) == (status, "application/problem+json"), name
                if status == 500:
                    assert "text" not in found.content.decode()


def test_whose_text_is_shown(client: Client, db: None) -> None:
    source = """
        from django.shortcuts import get_object_or_404
        from project.blog.models import Post

        def GET(request):
            return get_object_or_404(Post, pk=0)
    """
    with route_tree({"a.py": source}):
        assert "detail" not in client.get("/api/a").json()
        with override_settings(DEBUG=True):
            assert "No Post matches" in client.get("/api/a").json()["detail"]


def test_each_exception_of_the_package_is_listed() -> None:
    table = PAGE.source.split("one base, ")[1].split("\n\n")[1]
    listed = re.findall(r"^\| `(\w+)`", table, re.MULTILINE)
    kinds = [each for each in vars(pagesapi.exceptions).values() if isinstance(each, type)]
    assert listed == [each.__name__ for each in kinds if issubclass(each, PagesapiError) and each is not PagesapiError]
    for base in (LookupError, KeyError, TypeError, ImportError):
        for name in re.findall(rf"^\| `(\w+)` \|[^|]*; an? `{base.__name__}` \|", table, re.MULTILINE):
            assert issubclass(getattr(pagesapi.exceptions, name), base)


def test_which_routes_came_near(site: Path, client: Client) -> None:
    assert client.get("/api/orders/abc").json()["detail"] == "No endpoint has this URL."
    with override_settings(DEBUG=True):
        found = client.get("/api/orders/abc", headers={"Accept": "text/html"}).content.decode()
    assert decoded(re.sub(r"in \S+ answers", "in … answers", found).encode()) == decoded(NEAR.text.encode())


def test_what_debug_adds(client: Client) -> None:
    with route_tree({"a.py": "def GET(request): return 1 / 0"}):
        assert set(client.get("/api/a").json()) == {"type", "title", "status", "instance"}
    with override_settings(DEBUG=True), route_tree({"a.py": "def GET(request): return 1 / 0"}):
        assert "ZeroDivisionError" in client.get("/api/a").json()["traceback"][-1]
        page = client.get("/api/a", headers={"Accept": "text/html"})
        assert page["Content-Type"].startswith("text/html")


def checks() -> dict[str, list[str]]:
    """Every id that is listed → the cells of its row."""
    rows = [row for heading in TABLES for row in PAGE.rows_below(heading)]
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row for row in rows}


def numbers_in(source: str) -> Iterator[str]:
    """`"pagesapi.E001"` in a text, `ModuleFault(21, …)`, and what is handed on to make one."""
    yield from re.findall(r"\bpagesapi\.([EW]\d{3})\b", source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("ModuleFault", "unread_fields"):
            given = [each.value for each in node.args if isinstance(each, ast.Constant)]
            yield from (f"E{value:03}" for value in given if isinstance(value, int))


def numbers() -> set[str]:
    found = {f"E{kind:03}" for kind in FaultKind}
    for path in Path(pagesapi.__file__).parent.rglob("*.py"):
        found.update(numbers_in(path.read_text("utf-8")))
    return found


def test_each_check_is_listed() -> None:
    assert set(checks()) == numbers()


@pytest.mark.parametrize(
    ("number", "files"),
    [
        ("E010", ["[id.py"]),
        ("E011", ["[...a]/b.py"]),
        ("E012", ["[a]/[a].py"]),
        ("E013", ["[a].py", "[b]/c.py"]),
        ("E014", ["[a=b].py"]),
        ("E015", ["a.py", "a/index.py"]),
        ("E016", ["[...a].py", "[[...a]].py"]),
        ("E018", ["models.py", "apps.py"]),
    ],
)
def test_a_mistake_in_a_name_has_this_id(number: str, files: list[str]) -> None:
    with route_tree(dict.fromkeys(files, "def GET(request, **found): return 1")):
        assert number in checks()
        assert all(f"pagesapi.{number}" in problem for problem in problems())
        assert problems()


@pytest.mark.parametrize(
    ("number", "source"),
    [
        ("E020", "1 / 0"),
        ("E021", "def handler(req, res): ...\ndef GET(request): ..."),
        ("E022", "def handel(req, res): ..."),
        ("E023", "def GET(request): ...\ndef get(request): ..."),
        ("E024", "class GET: ..."),
        ("E025", "config = {}\ndef GET(request): ..."),
        ("E027", "def GET(request, name): ..."),
    ],
)
def test_a_mistake_in_a_file_has_this_id(number: str, source: str) -> None:
    with route_tree({"a.py": source}):
        assert f"pagesapi.{number}" in problems()[0]
