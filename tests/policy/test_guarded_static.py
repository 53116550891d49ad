"""`RouteConfig(static=True)` behind a guard: made for each caller, so nothing of it is stored, built or shared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import include, path
from pytest_django import Settings

from pagesapi.pages import iter_pages, prerender
from pagesapi.pages.shelf import get_shelf
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.machinery.checking import found, hint_of
from tests.pages.conftest import OPTIONS
from tests.policy.conftest import UseUrls
from tests.policy.test_guards import FORMS, FUNCTIONS, assert_refused, tree_of

STATIC = "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True, revalidate=60)\n"
WITH_CONFIG = {
    "route": "config = RouteConfig(static=True, revalidate=60, middleware=[{guard}])\n{function}",
    "decorator": STATIC + "@{guard}\n{function}",
}


@pytest.fixture(autouse=True)
def _site(settings: Settings, tmp_path: Path, use_urls: UseUrls) -> None:
    settings.BASE_DIR = tmp_path
    settings.PAGESAPI = OPTIONS
    use_urls(path("", include("pagesapi.urls")))


def static_tree(form: str, guard: str, function: str) -> dict[str, str]:
    tree = tree_of(form, guard, function)
    file = next(file for file in tree if file.endswith("x.py"))
    if form in WITH_CONFIG:
        head = tree[file].split("config =")[0] if form == "route" else ""
        body = WITH_CONFIG[form].replace("{guard}", guard).replace("{function}", function)
        return {file: (head or "from pagesapi.guards import *\n") + body}
    return {**tree, file: STATIC + function}


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_stranger_learns_nothing_from_an_earlier_visitor(ask: Ask, form: str, function: str) -> None:
    ann = User.objects.create_user("ann")
    with route_tree(static_tree(form, "require_user", function)):
        for _ in range(2):
            allowed = ask("/api/x", user=ann)
            assert (allowed.status_code, allowed.content) == (200, b"secret")
            assert_refused(ask("/api/x"), 401)
            assert ask("/api/x", method="HEAD").status_code == 401
    assert "X-Pagesapi-Cache" not in allowed
    assert "s-maxage" not in allowed.get("Cache-Control", "")
    assert get_shelf().find("/api/x") is None


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_visitor_is_not_refused_since_a_stranger_was(ask: Ask, form: str, function: str) -> None:
    ann = User.objects.create_user("ann")
    with route_tree(static_tree(form, "require_user", function)):
        assert_refused(ask("/api/x"), 401)
        assert ask("/api/x", user=ann).content == b"secret"
        refused = ask("/api/x")
    assert_refused(refused, 401)
    assert "s-maxage" not in refused.get("Cache-Control", "")


def test_each_visitor_gets_an_answer_of_their_own(ask: Ask, db: None) -> None:
    with route_tree(static_tree("folder", "require_user", "def GET(request): return request.user.username")):
        for name in ("ann", "bob"):
            assert ask("/api/x", user=User.objects.create_user(name)).content.decode() == name


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_it_is_built(form: str, tmp_path: Path) -> None:
    guarded = {f"x/{file}": source for file, source in static_tree(form, "require_user", FUNCTIONS["method"]).items()}
    with route_tree({**guarded, "open.py": f"{STATIC}def GET(request): return 1"}):
        assert [page.path for page in iter_pages()] == ["/api/open"]
        prerender(output_dir=tmp_path / "out", workers=1)
    written = [str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*.json")]
    assert "api/open/index.json" in written
    assert not any("x" in Path(file).parts for file in written)
    assert not any(b"secret" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


@pytest.mark.parametrize("form", FORMS)
def test_check_warns_that_it_is_made_for_each_caller(form: str) -> None:
    with route_tree(static_tree(form, "require_user", FUNCTIONS["method"])):
        messages: list[Any] = [message for message in found() if message.id == "pagesapi.W027"]
    (message,) = messages
    assert "x.py" in message.msg
    assert hint_of(message)


def test_any_middleware_at_all_makes_it_an_answer_to_one_caller(ask: Ask, calls: list[str]) -> None:
    tree = {
        "_middleware.py": "middleware = 'tests.policy.layers.function_layer'",
        "x.py": STATIC + FUNCTIONS["method"],
    }
    with route_tree(tree):
        for _ in range(2):
            assert ask("/api/x")["X-Layers"] == "only "
    assert len(calls) == 4


def test_a_folder_that_makes_its_routes_static_does_not_open_a_guarded_one(ask: Ask, db: None) -> None:
    ann = User.objects.create_user("ann")
    tree = {
        "_middleware.py": "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)",
        "x.py": f"from pagesapi.guards import require_user\n@require_user\n{FUNCTIONS['method']}",
        "open.py": "def GET(request): return 'open'",
    }
    with route_tree(tree):
        assert ask("/api/open")["X-Pagesapi-Cache"] == "MISS"
        assert ask("/api/x", user=ann).content == b"secret"
        assert_refused(ask("/api/x"), 401)
