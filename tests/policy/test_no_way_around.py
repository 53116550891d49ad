"""Middleware only ever adds: nothing below a guard drops it."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.policy.trees import GET, config

DENIES = """
from pagesapi import HTTPError
def middleware(get_response):
    def run(request):
        raise HTTPError(403)
    return run
"""
DROPPING = {
    "an empty list": config(middleware="[]"),
    "a tuple": config(middleware="()"),
    "another middleware": config(middleware="['tests.policy.layers.function_layer']"),
    "a config of the same": config(middleware="'tests.policy.layers.function_layer'"),
    "everything else set": config(csrf="False", cors="Cors('*')", etag="False", body_limit="None"),
    "login_not_required": "from django.contrib.auth.decorators import login_not_required as GET\n",
}


def test_what_stands_under_a_folders_name_in_a_route_closes_it(ask: Ask) -> None:
    guard = "from pagesapi.guards import require_user\nmiddleware = [require_user]\n"
    with route_tree({"x.py": guard + GET, "y.py": "from pagesapi import RouteConfig\nConfig = RouteConfig()\n" + GET}):
        assert (ask("/api/x").status_code, ask("/api/y").status_code) == (500, 500)
        said = " ".join(f"{message.msg} {message.hint}" for message in run_checks())
    assert "RouteConfig(middleware=[…])" in said
    assert "Call it `config`" in said


@pytest.mark.parametrize("head", DROPPING.values(), ids=DROPPING)
@pytest.mark.parametrize("file", ["a/x.py", "a/b/c/x.py", "a/(group)/x.py", "a/[id]/x.py"])
def test_a_route_cannot_drop_its_folders_guard(ask: Ask, file: str, head: str) -> None:
    with route_tree({"a/_middleware.py": DENIES, file: head + GET}):
        url = "/api/" + file.removesuffix(".py").replace("(group)/", "")
        for method in ("GET", "POST", "HEAD", "OPTIONS"):
            assert ask(url, method=method).status_code == 403


@pytest.mark.parametrize("head", DROPPING.values(), ids=DROPPING)
@pytest.mark.parametrize("folder", ["a/b", "a/(group)", "a/[id]", "a/b/c/d"])
def test_a_folder_cannot_drop_the_guard_of_the_folder_above(ask: Ask, folder: str, head: str) -> None:
    with route_tree({"a/_middleware.py": DENIES, f"{folder}/_middleware.py": head, f"{folder}/x.py": GET}):
        url = f"/api/{folder}/x".replace("(group)/", "")
        response = ask(url)
    assert response.status_code in (403, 500)  # 500: its own `_middleware.py` exports neither name
    assert b"secret" not in response.content
