"""Errors of endpoints: what the caller sees, and what Django's log and signals get."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.machinery.asking import Ask

TREE = {
    "boom.py": "def GET(request): raise RuntimeError('a secret')",
    "aboom.py": "async def GET(request): raise RuntimeError('a secret')",
    "handled.py": "def handler(req, res): raise RuntimeError('a secret')",
    "ahandled.py": "async def handler(req, res): raise RuntimeError('a secret')",
    "silent.py": "def handler(req, res): pass",
    "broken.py": "raise RuntimeError('a secret')",
    "syntax.py": "def GET(request:  # a secret",
    "empty.py": "",
    "denied.py": """
        from django.core.exceptions import PermissionDenied
        def GET(request): raise PermissionDenied("Not you.")
    """,
    "suspicious.py": """
        from django.core.exceptions import SuspiciousOperation
        def GET(request): raise SuspiciousOperation("a secret")
    """,
    "missing.py": """
        from django.http import Http404
        def GET(request): raise Http404("No such row.")
    """,
    "busy.py": """
        from pagesapi import HTTPError
        def GET(request): raise HTTPError(503, "Later.", headers={"Retry-After": "9"})
    """,
    "teapot.py": """
        from pagesapi import HTTPError
        async def GET(request): raise HTTPError(418, "Short.", spout=True)
    """,
    "fine.py": "def GET(request): return 'fine'",
}
CRASHES = ["boom", "aboom", "handled", "ahandled", "silent", "broken", "syntax", "empty"]


@pytest.mark.parametrize("name", CRASHES)
def test_an_uncaught_error_is_a_500_without_its_text(ask: Ask, name: str) -> None:
    with route_tree(TREE):
        response = ask(f"/api/{name}")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "instance": f"/api/{name}",
    }


@pytest.mark.parametrize("name", CRASHES)
def test_an_uncaught_error_is_logged_once_as_django_does(
    ask: Ask, records: list[logging.LogRecord], name: str
) -> None:
    with route_tree(TREE):
        ask(f"/api/{name}")
    (record,) = records
    assert (record.name, record.levelname) == ("django.request", "ERROR")
    assert record.getMessage() == f"Internal Server Error: /api/{name}"
    assert record.__dict__["status_code"] == 500
    assert record.__dict__["request"].path == f"/api/{name}"
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], Exception)


@pytest.mark.parametrize("name", CRASHES)
@pytest.mark.parametrize("debug", [True, False])
def test_an_uncaught_error_is_signalled_once_as_django_does(
    ask: Ask, settings: Settings, signalled: list[Mapping[str, Any]], name: str, debug: bool
) -> None:
    settings.DEBUG = debug
    with route_tree(TREE):
        ask(f"/api/{name}")
    (sent,) = signalled
    assert sent["sender"] is None
    assert sent["request"].path == f"/api/{name}"
    assert isinstance(sent["error"], Exception)


@pytest.mark.parametrize("name", ["boom", "aboom", "handled", "ahandled", "broken"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("debug", [True, False])
def test_the_test_client_raises_it_again(ask: Ask, settings: Settings, name: str, accept: str, debug: bool) -> None:
    settings.DEBUG = debug
    with route_tree(TREE), pytest.raises(RuntimeError, match="a secret"):
        ask(f"/api/{name}", raises=True, headers={"Accept": accept})


def test_errors_are_left_alone_where_the_project_wants_them_propagated(ask: Ask, settings: Settings) -> None:
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    with route_tree(TREE), pytest.raises(RuntimeError, match="a secret"):
        ask("/api/boom")


@pytest.mark.parametrize("name", CRASHES)
def test_in_debug_a_browser_gets_the_technical_page(ask: Ask, settings: Settings, name: str) -> None:
    settings.DEBUG = True
    with route_tree(TREE):
        response = ask(f"/api/{name}", headers={"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
    assert (response.status_code, response["Content-Type"].split(";")[0]) == (500, "text/html")
    assert "Request information" in response.content.decode()


@pytest.mark.parametrize("name", ["boom", "aboom", "handled", "ahandled", "broken"])
@pytest.mark.parametrize("accept", ["application/json", "*/*", None])
def test_in_debug_others_get_the_traceback_as_json(
    ask: Ask, settings: Settings, name: str, accept: str | None
) -> None:
    settings.DEBUG = True
    with route_tree(TREE):
        response = ask(f"/api/{name}", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response.json()["detail"] == "RuntimeError: a secret"
    assert any(f"{name}.py" in line for line in response.json()["traceback"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("POST", "/api/fine", 405),
        ("GET", "/api/denied", 403),
        ("GET", "/api/missing", 404),
    ],
)
def test_what_the_caller_did_wrong_is_one_warning_in_the_log(
    ask: Ask, records: list[logging.LogRecord], signalled: list[Any], method: str, path: str, status: int
) -> None:
    with route_tree(TREE):
        assert ask(path, method=method).status_code == status
    (record,) = records
    assert (record.name, record.levelname) == ("django.request", "WARNING")
    assert record.__dict__["status_code"] == status
    assert path in record.getMessage()
    assert signalled == []


def test_a_suspicious_operation_is_one_record_of_the_security_log(ask: Ask, records: list[logging.LogRecord]) -> None:
    with route_tree(TREE):
        response = ask("/api/suspicious")
    (record,) = records
    assert (record.name, record.levelname) == ("django.security.SuspiciousOperation", "ERROR")
    assert (record.getMessage(), record.__dict__["status_code"]) == ("a secret", 400)
    assert record.exc_info
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert "a secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [
        ("denied", 403, "Not you."),
        ("missing", 404, "No such row."),
        ("busy", 503, "Later."),
        ("teapot", 418, "Short."),
    ],
)
def test_an_exception_that_stands_for_a_status_is_a_problem_document(
    ask: Ask, name: str, status: int, detail: str
) -> None:
    with route_tree(TREE):
        response = ask(f"/api/{name}")
        head = ask(f"/api/{name}", method="HEAD")
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["detail"] == detail
    assert response.json()["instance"] == f"/api/{name}"
    assert (head.status_code, head.content) == (status, b"")


def test_headers_and_members_of_an_httperror_arrive(ask: Ask) -> None:
    with route_tree(TREE):
        assert ask("/api/busy")["Retry-After"] == "9"
        assert ask("/api/teapot").json()["spout"] is True


def test_one_broken_file_breaks_its_own_url_alone_and_heals_when_it_is_mended(ask: Ask) -> None:
    with route_tree(TREE) as folder:
        assert ask("/api/syntax").status_code == 500
        assert ask("/api/fine").content == b"fine"
        (folder / "syntax.py").write_text("def GET(request): return 'mended'", "utf-8")
        assert ask("/api/syntax").content == b"mended"
