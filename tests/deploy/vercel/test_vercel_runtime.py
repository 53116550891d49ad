"""A function in Vercel's own Python runtime: what it sees of a request, and what it survives."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.vercel_forwarding import vercel_headers
from pagesapi.deploy.verify.vercel_handler import VercelHandler
from pagesapi.deploy.verify.vercel_process import VercelProcess
from pagesapi.exceptions import DeployError
from tests.deploy.vercel.conftest import ENVIRONMENT, PYTHON, Deployed

HOST = ("Host", "example.com")
POST = b"POST /api/echo HTTP/1.1\r\nHost: example.com\r\n"
pytestmark = pytest.mark.usefixtures("needs_runtime")


def ask(process: VercelProcess, method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Answer:
    return process.ask(Question(method, target, (HOST, *headers), body))


def echo(process: VercelProcess, method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Any:
    answer = ask(process, method, target, *headers, body=body)
    assert answer.status == 200, answer
    return json.loads(answer.body)


def raw(process: VercelProcess, sent: bytes) -> bytes:
    """What comes back over the wire."""
    with socket.create_connection(("127.0.0.1", process.port), timeout=30) as connection:
        connection.sendall(sent)
        if not sent:
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):  # it did not read all that was sent
            return b"".join(iter(lambda: connection.recv(65536), b""))
        return b""


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/api/echo/a%20b/%C3%BC", "/api/echo/a b/ü", ""),
        ("/api/echo/100%2525", "/api/echo/100%25", ""),
        ("/api/echo/a%2Fb", "/api/echo/a/b", ""),
        ("/api/echo/a;b=1,2:3@4", "/api/echo/a;b=1,2:3@4", ""),
        ("/api/echo?a=%C3%BC&a=2&b", "/api/echo", "a=%C3%BC&a=2&b"),
        ("/api/echo?next=/x?y=//z", "/api/echo", "next=/x?y=//z"),
    ],
)
def test_a_path_is_decoded_once_and_a_query_is_as_it_was_sent(
    process: VercelProcess, target: str, path: str, query: str
) -> None:
    told = echo(process, "GET", target)
    assert (told["path"], told["query"]) == (path, query)


def test_the_visitor_is_who_vercel_says(process: VercelProcess) -> None:
    told = echo(process, "GET", "/api/echo", ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "http"))
    assert (told["client"], told["url"], told["port"]) == ("203.0.113.7", "https://example.com/", "443")
    assert told["headers"]["x-forwarded-for"] == "203.0.113.7"


@pytest.mark.parametrize("name", ["X_Forwarded_For", "X_Forwarded_Proto", "X_Forwarded_Port"])
def test_a_name_with_underscores_is_none_of_vercels_headers(process: VercelProcess, name: str) -> None:
    told = echo(process, "GET", "/api/echo", (name, "forged"))
    assert "forged" not in told["headers"].values()
    assert (told["client"], told["url"]) == ("203.0.113.7", "https://example.com/")


def test_what_is_between_the_platform_and_its_runtime_is_seen_by_nobody(process: VercelProcess) -> None:
    told = echo(process, "GET", "/api/echo", ("Accept-Language", "de"))
    assert told["headers"]["accept-language"] == "de"
    assert not [name for name in told["headers"] if name.startswith("x-vercel-internal")]


def test_cookies_arrive_together(process: VercelProcess) -> None:
    told = echo(process, "GET", "/api/echo", ("Cookie", "a=1"), ("Cookie", "b=2"))
    assert told["cookies"] == {"a": "1", "b": "2"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_body_is_the_bytes_that_were_sent(process: VercelProcess, method: str) -> None:
    body = bytes(range(256)) * 100
    told = echo(process, method, "/api/echo", ("Content-Type", "application/octet-stream"), body=body)
    assert (told["method"], base64.b64decode(told["body"])) == (method, body)


def test_no_body_is_nothing(process: VercelProcess) -> None:
    told = echo(process, "POST", "/api/echo")
    assert (told["body"], told["value"]) == ("", {})


def test_json_is_read(process: VercelProcess) -> None:
    told = echo(process, "POST", "/api/echo", ("Content-Type", "application/json"), body='{"a":"ü"}'.encode())
    assert told["value"] == {"a": "ü"}


def test_a_body_in_chunks_is_read(process: VercelProcess) -> None:
    headers = b"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
    answer = raw(process, POST + headers + b"\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\nTrailer: 1\r\n\r\n")
    assert b" 200 OK" in answer.partition(b"\r\n")[0]
    assert base64.b64encode(b"abcde") in answer


@pytest.mark.parametrize("length", [1025, 6_000_000])
def test_a_body_above_its_limit_is_413(process: VercelProcess, length: int) -> None:
    answer = ask(process, "POST", "/api/limited", ("Content-Type", "application/octet-stream"), body=b"x" * length)
    assert answer.status == 413
    assert "1kb" in json.loads(answer.body)["detail"]


def test_an_answer_to_head_has_no_body(process: VercelProcess) -> None:
    sent = b"HEAD /api/where HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n"
    head, _, body = raw(process, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.")
    assert body == b""


def test_who_has_an_answer_is_told_so(process: VercelProcess) -> None:
    etag = ask(process, "GET", "/about/").values("etag")[0]
    answer = ask(process, "GET", "/about/", ("If-None-Match", etag))
    assert (answer.status, answer.body) == (304, b"")


def test_several_cookies_leave(process: VercelProcess) -> None:
    answer = ask(process, "GET", "/api/leave")
    assert answer.values("set-cookie") == ["left=behind; Path=/", "and=another; Path=/"]


def test_two_requests_share_nothing(process: VercelProcess) -> None:
    ask(process, "GET", "/api/leave", ("Cookie", "a=1"))
    told = echo(process, "GET", "/api/echo")
    assert (told["language"], told["time_zone"], told["marked"], told["cookies"]) == ("en", "UTC", False, {})


def test_a_stream_arrives(process: VercelProcess) -> None:
    assert ask(process, "GET", "/api/stream").body == b"0\n1\n2\n"


def test_an_exception_is_a_500_and_stands_in_the_log(process: VercelProcess) -> None:
    answer = ask(process, "GET", "/api/crash")
    assert (answer.status, json.loads(answer.body)["status"]) == (500, 500)
    assert b"nobody caught this" not in answer.body
    assert "nobody caught this" in process.log
    assert ask(process, "GET", "/api/echo").status == 200


@pytest.mark.parametrize(
    "internal",
    [
        {},
        {"x-vercel-internal-request-id": "none"},
        {"x-vercel-internal-request-id": "9" * 400},
        {"x-vercel-internal-invocation-id": ""},
        {"x-vercel-internal-deadline": "tomorrow"},
        {"x-vercel-sc-headers": "{no json", "x-vercel-sc-host": "x"},
    ],
)
def test_wrong_headers_of_the_platform_are_survived(process: VercelProcess, internal: dict[str, str]) -> None:
    question = Question("GET", "/api/echo", (HOST,))
    assert process.exchange(question, {**vercel_headers(question), **internal}).status == 200
    assert ask(process, "GET", "/api/echo").status == 200


@pytest.mark.parametrize(
    "sent",
    [
        POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: x\r\n\r\nabc",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /api/echo\x00 HTTP/9.9\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"",
    ],
    ids=["both-lengths", "no-number", "no-chunk", "no-version", "nonsense", "nothing"],
)
def test_a_request_that_is_none_is_survived(process: VercelProcess, sent: bytes) -> None:
    answer = raw(process, sent)
    # http.server answers without a status line where it has not read a version.
    assert answer == b"" or re.match(rb"HTTP/1.[01] 4\d\d ", answer) or b"Error code: " in answer
    assert process.is_alive
    assert ask(process, "GET", "/api/echo").status == 200


def test_a_host_that_is_none_is_400(process: VercelProcess) -> None:
    for host in ("[", "a b", "evil.example"):
        answer = process.ask(Question("GET", "/about/", (("Host", host),)))
        assert answer.status == 400
    assert ask(process, "GET", "/about/").status == 200


def test_a_function_imports_nothing_but_its_folder_and_the_standard_library(process: VercelProcess) -> None:
    found = json.loads(ask(process, "GET", "/api/where").body)
    standard = str(Path(os.__file__).resolve().parent)
    own = str(process.function.folder)
    assert not [file for file in found["modules"] if not file.startswith((own, standard)) and file[0] != "<"]
    assert not [path for path in found["path"] if "site-packages" in path]


def test_a_function_writes_nothing_into_its_folder(process: VercelProcess) -> None:
    def state() -> dict[str, int]:
        return {str(file): file.stat().st_mtime_ns for file in process.function.folder.rglob("*")}

    before = state()
    assert ask(process, "GET", "/blog/not-built/").status == 200
    assert state() == before


# The other form


@pytest.fixture
def handler(grouped: Deployed) -> Iterator[VercelHandler]:
    running = VercelHandler(grouped.function("site"), ENVIRONMENT)
    yield running
    running.close()


def test_the_handler_answers_events(handler: VercelHandler) -> None:
    answer = handler.ask(Question("GET", "/about/", (HOST,)))
    assert (answer.status, answer.body) == (200, b"about us")
    body = bytes(range(256))
    told = handler.ask(Question("POST", "/api/echo", (HOST, ("Content-Type", "application/octet-stream")), body))
    assert base64.b64decode(json.loads(told.body)["body"]) == body
    cookies = handler.ask(Question("GET", "/api/leave", (HOST,))).values("set-cookie")
    assert cookies == ["left=behind; Path=/", "and=another; Path=/"]


def test_a_handler_that_raises_says_why(handler: VercelHandler) -> None:
    with pytest.raises(DeployError, match="KeyError"):
        handler.invoke({})
    with pytest.raises(DeployError, match="ended"):
        handler.invoke({})


# What does not start

CONFIG = {"runtime": f"python{PYTHON}", "handler": "start.vc_handler", "maxDuration": 0.2}


def folder_of(place: Path, source: str, **changes: str) -> Path:
    folder = place / "x.func"
    folder.mkdir()
    (folder / "start.py").write_text(source)
    (folder / ".vc-config.json").write_text(json.dumps({**CONFIG, **changes}))
    return folder


TELLING = """
import json, os, socket
ipc = socket.socket(socket.AF_UNIX)
ipc.connect(os.environ["VERCEL_IPC_PATH"])
def tell(kind, **payload):
    ipc.sendall(json.dumps({"type": kind, "payload": payload}).encode() + b"\\0")
"""


def test_a_function_that_ends_at_once_says_what_it_printed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "raise SystemExit('no settings')")
    with pytest.raises(DeployError, match=r"(?s)ended with exit status 1.*no settings"):
        VercelProcess(folder, {})


def test_a_function_that_cannot_be_started_says_why(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, TELLING + "tell('unrecoverable-error', exitCode=1, message='no such module')")
    with pytest.raises(DeployError, match=r"(?s)cannot be started.*no such module"):
        VercelProcess(folder, {})


def test_a_function_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    source = TELLING + (
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "tell('server-started', httpPort=server.getsockname()[1])\n"
        "connection, _ = server.accept()\n"
    )
    folder = folder_of(tmp_path, source)
    with VercelProcess(folder, {}) as process, pytest.raises(DeployError, match="has no answer to GET /x"):
        process.ask(Question("GET", "/x"))


def test_a_function_that_never_says_that_a_request_has_ended_is_an_error(tmp_path: Path) -> None:
    source = TELLING + (
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "tell('server-started', httpPort=server.getsockname()[1])\n"
        "connection, _ = server.accept()\n"
        "connection.recv(1000)\n"
        "connection.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\n')\n"
        "connection.close()\n"
        "server.accept()\n"
    )
    folder = folder_of(tmp_path, source)
    with VercelProcess(folder, {}) as process, pytest.raises(DeployError, match="has not told that GET /x has ended"):
        process.ask(Question("GET", "/x"))


def test_a_function_that_does_not_start_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pagesapi.deploy.verify.vercel_process.START_LIMIT", 0.2)
    folder = folder_of(tmp_path, TELLING + "ipc.recv(1)")
    with pytest.raises(DeployError, match=r"has not started within 0\.2 s"):
        VercelProcess(folder, {})


def test_a_function_for_another_python_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "", runtime="python3.99")
    with pytest.raises(DeployError, match=r"python3\.99"):
        VercelProcess(folder, {})


def test_a_folder_without_a_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeployError, match=r"\.vc-config\.json cannot be read"):
        VercelProcess(tmp_path, {})


def test_settings_that_cannot_be_read_are_told(grouped: Deployed) -> None:
    with pytest.raises(DeployError, match=r"(?s)cannot be started.*SECRET_KEY"):
        VercelProcess(grouped.function("site"), {})
