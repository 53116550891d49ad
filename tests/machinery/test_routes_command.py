"""`manage.py routes`."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from pagesapi.testing import route_tree

TREE = {
    "index.py": "def handler(req, res): res.end()",
    "posts/index.py": "def GET(request): return []\ndef POST(request): return 1\n",
    "posts/[id=int].py": "async def GET(request, id): return id",
    "posts/[slug].py": """
        from pagesapi import RouteConfig
        config = RouteConfig(methods=["GET", "PUT"])
        def handler(req, res): res.end()
    """,
    "(internal)/users.py": "DELETE = lambda request: None",
    "docs/[...slug].py": "def GET(request, slug): return slug",
}
BROKEN = {**TREE, "broken.py": "import nothing_of_this_name"}


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("routes", *arguments, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def test_the_table_has_a_line_for_each_route_in_the_order_in_which_they_are_tried() -> None:
    with route_tree(TREE):
        table, errors = run()
    head, *lines = [line.split() for line in table.splitlines()]
    assert head == ["URL", "METHODS", "FILE", "STYLE"]
    assert [line[0] for line in lines] == [
        "/api",
        "/api/docs/[...slug]",
        "/api/posts",
        "/api/posts/[id=int]",
        "/api/posts/[slug]",
        "/api/users",
    ]
    assert errors == ""


def test_the_columns_of_the_table_stand_below_each_other() -> None:
    with route_tree(TREE):
        lines = run()[0].splitlines()
    place = lines[0].index("FILE")
    assert all(line[place - 1] == " " and line[place] != " " for line in lines)


def test_the_json_form_is_for_other_programs() -> None:
    with route_tree(TREE):
        rows = {row["file"]: row for row in json.loads(run("--json")[0])}
    assert rows["posts/index.py"] == {
        "url": "/api/posts",
        "methods": ["GET", "HEAD", "OPTIONS", "POST"],
        "file": "posts/index.py",
        "style": "methods",
        "name": "posts",
        "error": None,
    }
    assert rows["index.py"]["methods"] == ["any"]
    assert rows["posts/[slug].py"]["methods"] == ["GET", "HEAD", "PUT"]
    assert rows["posts/[id=int].py"]["style"] == "methods, async"
    assert rows["(internal)/users.py"]["url"] == "/api/users"


def test_a_broken_file_has_a_row_with_its_error_and_the_others_are_listed() -> None:
    with route_tree(BROKEN):
        table = run()[0]
        rows: dict[str, Any] = {row["file"]: row for row in json.loads(run("--json")[0])}
    assert "nothing_of_this_name" in next(line for line in table.splitlines() if "broken.py" in line)
    assert "ModuleNotFoundError" in rows["broken.py"]["error"]
    assert len(rows) == len(BROKEN)


def test_a_refused_tree_exits_with_1_and_names_every_error() -> None:
    out, err = StringIO(), StringIO()
    with route_tree({**TREE, "[x.py": "", "posts/route.py": ""}), pytest.raises(SystemExit) as caught:
        call_command("routes", stdout=out, stderr=err, no_color=True)
    assert caught.value.code == 1
    assert "[x.py" in err.getvalue()
    assert "posts/route.py" in err.getvalue()
    assert "/api/docs/[...slug]" in out.getvalue()


def test_an_empty_tree_is_told_where_its_first_file_goes() -> None:
    with route_tree({}) as folder:
        assert str(folder / "hello.py") in run()[0]


def test_the_prefix_is_the_projects() -> None:
    with route_tree(TREE, API_PREFIX="v2"):
        assert "/v2/posts/[slug]" in run()[0]
    with route_tree(TREE, API_PREFIX=""):
        assert {row["url"] for row in json.loads(run("--json")[0])} >= {"/", "/posts"}


def test_a_converter_of_the_urlconf_is_known_before_the_urlconf_is_used(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.machinery.year_urls"
    with route_tree({"[year=four_digit_year].py": "def GET(request, year): return year"}):
        assert "/api/[year=four_digit_year]" in run()[0]


def test_a_urlconf_that_cannot_be_imported_leaves_the_converter_unknown(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.machinery.no_urls"
    with route_tree({"[year=unheard_of].py": ""}), pytest.raises(SystemExit):
        run()
