"""An exception that nobody answers, behind a folder's middleware: signalled and logged once, rolled back, raised."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest
from pytest_django import Settings

from pagesapi.testing import route_tree
from project.blog.models import Feedback
from tests.machinery.asking import Ask
from tests.policy.conftest import UseMiddleware
from tests.policy.layers import KINDS, layer
from tests.policy.trees import layers

WRAPPED = [kind for kind in KINDS if kind != "not_used"]
SOME = ("class", "class_async", "function_of_both")
CRASHES = {
    "crash.py": "def GET(request): raise RuntimeError('a secret')",
    "acrash.py": "async def GET(request): raise RuntimeError('a secret')",
    "handled.py": "def handler(req, res): raise RuntimeError('a secret')",
    "ahandled.py": "async def handler(req, res): raise RuntimeError('a secret')",
    "silent.py": "def handler(req, res): pass",
    "unsendable.py": "def GET(request): return object()",
}
NAMES = [name.removesuffix(".py") for name in CRASHES]


def behind(kind: str) -> dict[str, str]:
    return {"_middleware.py": layers("outer", "inner", kind=kind), **CRASHES}


@pytest.mark.parametrize("kind", WRAPPED)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_problem_document_without_its_text(ask: Ask, kind: str, name: str) -> None:
    with route_tree(behind(kind)):
        response = ask(f"/api/{name}")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "instance": f"/api/{name}",
    }
    assert response["X-Layers"] == "inner outer "
    assert response["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize("kind", SOME)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("debug", [False, True])
def test_it_is_signalled_and_logged_once(
    ask: Ask,
    settings: Settings,
    records: list[logging.LogRecord],
    signalled: list[Mapping[str, Any]],
    kind: str,
    name: str,
    debug: bool,
) -> None:
    settings.DEBUG = debug
    with route_tree(behind(kind)):
        ask(f"/api/{name}")
    (sent,), (record,) = signalled, records
    assert (sent["sender"], sent["request"].path) == (None, f"/api/{name}")
    assert (record.name, record.levelname) == ("django.request", "ERROR")
    assert record.getMessage() == f"Internal Server Error: /api/{name}"
    assert record.exc_info is not None
    assert record.exc_info[1] is sent["error"]


@pytest.mark.parametrize("kind", SOME)
@pytest.mark.parametrize("name", NAMES[:4])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("debug", [True, False])
def test_the_test_client_raises_it_again(
    ask: Ask, settings: Settings, kind: str, name: str, accept: str, debug: bool
) -> None:
    settings.DEBUG = debug
    with route_tree(behind(kind)), pytest.raises(RuntimeError, match="a secret"):
        ask(f"/api/{name}", raises=True, headers={"Accept": accept})


@pytest.mark.parametrize("name", NAMES[:4])
def test_its_traceback_leads_to_the_line_of_the_endpoint(ask: Ask, signalled: list[Any], name: str) -> None:
    with route_tree(behind("class")):
        ask(f"/api/{name}")
    trace, files = signalled[0]["error"].__traceback__, []
    while trace is not None:
        files.append(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    assert files[-1].endswith(f"{name}.py")


def test_in_debug_a_browser_gets_the_technical_page_and_others_the_traceback(ask: Ask, settings: Settings) -> None:
    settings.DEBUG = True
    with route_tree(behind("class")):
        page = ask("/api/crash", headers={"Accept": "text/html,*/*"})
        document = ask("/api/crash")
    assert (page.status_code, page["Content-Type"].split(";")[0]) == (500, "text/html")
    assert "a secret" in page.content.decode()
    assert (document["Content-Type"], document.json()["detail"]) == (
        "application/problem+json",
        "RuntimeError: a secret",
    )
    assert any("crash.py" in line for line in document.json()["traceback"])


def test_it_is_left_alone_where_the_project_wants_it_propagated(ask: Ask, settings: Settings) -> None:
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    with route_tree(behind("class")), pytest.raises(RuntimeError, match="a secret"):
        ask("/api/crash")


def test_the_projects_own_middleware_sees_it_after_the_folders(
    ask: Ask, use_middleware: UseMiddleware, calls: list[str]
) -> None:
    use_middleware(layer("class", "project"))
    with route_tree({"_middleware.py": layers("folder"), **CRASHES}):
        ask("/api/crash")
    assert calls == [
        "project request GET",
        "project view [] {}",
        "folder request GET",
        "folder view [] {}",
        "folder exception RuntimeError",
        "folder response 500",
        "project exception RuntimeError",
        "project response 500",
    ]


def test_what_a_folder_answered_in_its_place_is_no_crash_for_the_project(
    ask: Ask, use_middleware: UseMiddleware, calls: list[str], records: list[Any], signalled: list[Any]
) -> None:
    use_middleware(layer("class", "project"))
    source = "from tests.policy.acts import AnswersExceptions as middleware"
    with route_tree({"_middleware.py": source, **CRASHES}):
        response = ask("/api/crash")
    assert (response.status_code, response.content) == (203, b"caught RuntimeError")
    assert "project exception RuntimeError" not in calls
    assert (records, signalled) == ([], [])


def test_a_crash_whose_answer_was_replaced_is_known_all_the_same(
    ask: Ask, records: list[logging.LogRecord], signalled: list[Mapping[str, Any]]
) -> None:
    source = "from tests.policy.acts import Replaces as middleware"
    with route_tree({"_middleware.py": source, **CRASHES}):
        response = ask("/api/crash")
    assert (response.status_code, response.content) == (203, b"instead of 500")
    assert [str(sent["error"]) for sent in signalled] == ["a secret"]
    assert [(record.name, record.levelname) for record in records] == [("django.request", "ERROR")]


# Transactions


WRITES = "from project.blog.models import Feedback\nfrom pagesapi import HTTPError\nfrom django.http import Http404\n"
FAILS = {
    "an exception": "raise RuntimeError('boom')",
    "an HTTPError": "raise HTTPError(409)",
    "a 404": "raise Http404",
    "an answer that cannot be encoded": "return {'it': object()}",
}


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
@pytest.mark.parametrize("kind", SOME)
@pytest.mark.parametrize("ending", FAILS.values(), ids=FAILS)
@pytest.mark.parametrize("head", ["def handler(req, res):", "def POST(request):"])
def test_what_was_written_is_rolled_back(ask: Ask, kind: str, head: str, ending: str) -> None:
    body = f"{WRITES}{head}\n    Feedback.objects.create(email='a@example.com', message='x')\n    {ending}\n"
    with route_tree({"_middleware.py": layers("only", kind=kind), "x.py": body}):
        assert ask("/api/x", method="POST").status_code >= 400
    assert not Feedback.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
@pytest.mark.parametrize("act", ["AnswersExceptions", "Replaces"])
def test_it_is_rolled_back_whatever_middleware_makes_of_the_answer(ask: Ask, act: str) -> None:
    written = "Feedback.objects.create(email='a@example.com', message='x')"
    body = f"{WRITES}def POST(request):\n    {written}\n    raise HTTPError(409)"
    with route_tree({"_middleware.py": f"from tests.policy.acts import {act} as middleware", "x.py": body}):
        assert ask("/api/x", method="POST").status_code == 203
    assert not Feedback.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
def test_what_middleware_itself_writes_is_kept_as_in_django(ask: Ask) -> None:
    """A transaction is around the view alone, so that a log of refused requests can be kept."""
    middleware = f"""{WRITES}
def middleware(get_response):
    def run(request):
        Feedback.objects.create(email="log@example.com", message="asked")
        return get_response(request)
    return run
"""
    with route_tree({"_middleware.py": middleware, "x.py": f"{WRITES}def POST(request): raise HTTPError(409)"}):
        assert ask("/api/x", method="POST").status_code == 409
    assert [row.email for row in Feedback.objects.all()] == ["log@example.com"]


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
def test_an_answer_that_middleware_refuses_afterwards_was_committed_as_in_django(ask: Ask) -> None:
    body = f"{WRITES}def POST(request):\n    Feedback.objects.create(email='a@example.com', message='x')\n    return 1"
    source = "from tests.policy.acts import HidesAfterwards as middleware"
    with route_tree({"_middleware.py": source, "x.py": body}):
        assert ask("/api/x", method="POST").status_code == 404
    assert Feedback.objects.count() == 1
