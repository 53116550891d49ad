"""A function of a few routes: what it reads of the tree, and what it imports."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from pagesapi.conf import conf
from pagesapi.deploy.function import warm
from pagesapi.endpoints.tree import get_tree
from pagesapi.routing.part import Part, write_part
from pagesapi.testing import route_tree
from tests.deploy.conftest import Become

GET = "def GET(request, **params): return {'from': __name__.rpartition('.')[2], **params}"
TREE = {
    "posts/index.py": GET,
    "posts/[id].py": GET,
    "posts/new.py": GET,
    "users/[id].py": GET,
    "staff/_middleware.py": "from pagesapi.guards import require_staff\nmiddleware = [require_staff]",
    "staff/report.py": GET,
}


Serve = Callable[..., None]


@pytest.fixture
def serve(become: Become, settings: Settings) -> Serve:
    """Write down which routes the function "api-part" serves, and be it."""

    def serve_files(*files: str) -> None:
        part = Part.of(get_tree().scan, files)
        settings.BASE_DIR = base = get_tree().scan.root.parent
        write_part(base / "_pagesapi", "api-part", part)
        become("api-part")

    return serve_files


def imported() -> set[str]:
    root = str(get_tree().loader.root)
    files = (getattr(module, "__file__", None) or "" for module in list(sys.modules.values()))
    return {file.removeprefix(f"{root}/") for file in files if file.startswith(root)}


@pytest.fixture(autouse=True)
def tree() -> Iterator[Path]:
    with route_tree(TREE) as folder:
        yield folder


def test_it_answers_for_its_route_and_imports_no_other(serve: Serve, client: Client) -> None:
    serve("posts/[id].py")
    assert client.get("/api/posts/7").json() == {"from": "[id]", "id": "7"}
    assert imported() == {"posts/[id].py"}
    assert "scan" not in vars(get_tree())


def test_a_path_of_a_route_that_comes_before_is_that_routes(serve: Serve, client: Client) -> None:
    serve("posts/[id].py")
    assert client.get("/api/posts/new").json()["from"] == "new"


def test_every_other_url_is_answered_as_by_the_whole_tree(serve: Serve, client: Client) -> None:
    serve("posts/[id].py")
    assert client.get("/api/users/3").json() == {"from": "[id]", "id": "3"}
    assert client.get("/api/nothing").status_code == 404
    assert reverse("pagesapi:users/[id]", kwargs={"id": "3"}) == "/api/users/3"


def test_the_guards_of_folders_hold(serve: Serve, client: Client) -> None:
    serve("staff/report.py")
    assert client.get("/api/staff/report").status_code == 401


def test_the_routes_of_a_function_are_imported_while_it_starts(serve: Serve) -> None:
    serve("posts/[id].py", "posts/index.py")
    warm()
    assert imported() == {"posts/[id].py", "posts/index.py"}


def test_a_route_that_cannot_be_imported_is_told_in_the_log_and_answers_500(
    serve: Serve, client: Client, tree: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tree / "posts" / "new.py").write_text("import nothing_of_that_name", "utf-8")
    serve("posts/new.py")
    warm()
    assert "posts/new.py cannot be imported" in caplog.text
    client.raise_request_exception = False
    assert client.get("/api/posts/new").status_code == 500


def test_the_function_of_the_whole_site_imports_nothing_while_it_starts(become: Become) -> None:
    become("site")
    warm()
    assert imported() == set()
    assert conf.function == "site"
