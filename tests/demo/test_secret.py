"""The service with a key: what it gets, what its callers get, and that nobody gets the key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client

from pagesapi.testing import route_tree

SOURCE = (Path(__file__).resolve().parents[2] / "api" / "secret.py").read_text("utf-8")
KEY = "k3y-that-nobody-must-see"


class Upstream(ThreadingHTTPServer):
    """Knows the key. `asked`: what it was asked for, and with which headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/weather"


class Answers(BaseHTTPRequestHandler):
    server: Upstream

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers))
        status, body = (200, b'{"sky": "blue"}') if headers.get("authorization") == f"Bearer {KEY}" else (401, b"{}")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def configured(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The file as it is imported where the environment has both."""
    monkeypatch.setenv("DEMO_UPSTREAM_URL", upstream.url)
    monkeypatch.setenv("DEMO_API_KEY", KEY)
    with route_tree({"secret.py": SOURCE}):
        yield


def test_the_service_is_asked_with_the_key(client: Client, upstream: Upstream, configured: None) -> None:
    answer = client.get("/api/secret?city=Lima")

    assert (answer.status_code, b"".join(answer)) == (200, b'{"sky": "blue"}')
    assert [(method, path) for method, path, _ in upstream.asked] == [("GET", "/weather?city=Lima")]


def test_what_a_caller_shows_to_us_is_not_shown_to_the_service(
    client: Client, upstream: Upstream, configured: None
) -> None:
    client.cookies["sessionid"] = "ours"
    answer = client.get("/api/secret", headers={"Authorization": "Bearer mine"})

    assert answer.status_code == 200
    [(_, _, headers)] = upstream.asked
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "cookie" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nobody_can_change_anything_there(client: Client, upstream: Upstream, configured: None, method: str) -> None:
    assert client.generic(method, "/api/secret", "{}", "application/json").status_code == 405
    assert upstream.asked == []


def test_a_service_that_is_away_is_a_502(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Upstream()
    monkeypatch.setenv("DEMO_UPSTREAM_URL", server.url)
    monkeypatch.setenv("DEMO_API_KEY", KEY)
    server.server_close()
    with route_tree({"secret.py": SOURCE}):
        answer = client.get("/api/secret")

    assert answer.status_code == 502
    assert KEY not in sent(answer)


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_answer_holds_the_key(client: Client, configured: None, settings: Any, method: str, debug: bool) -> None:
    settings.DEBUG = debug
    for url in ["/api/secret", "/api/secret/", "/api/secret?a[]=%FF", "/api/secret/x", "/api/no/such"]:
        answer = client.generic(method, url, "{", "application/json", headers={"Accept": "text/html"})

        assert KEY not in sent(answer), url


@pytest.mark.parametrize("missing", ["DEMO_UPSTREAM_URL", "DEMO_API_KEY"])
def test_without_a_variable_it_says_which_to_set(
    client: Client, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv("DEMO_UPSTREAM_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("DEMO_API_KEY", KEY)
    monkeypatch.delenv(missing)
    with route_tree({"secret.py": SOURCE}):
        answer = client.get("/api/secret")

        assert answer.status_code == 503
        assert "DEMO_UPSTREAM_URL and DEMO_API_KEY" in answer.json()["detail"]
        assert KEY not in sent(answer)
        assert [message for message in run_checks() if str(message.id).startswith("pagesapi.")] == []


def sent(answer: Any) -> str:
    return f"{answer.headers}{answer.getvalue().decode()}"
