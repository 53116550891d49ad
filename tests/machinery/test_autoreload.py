"""A real `manage.py runserver` that notices edited, new, renamed and deleted files."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 30  # seconds, for a restart on a busy machine
NOBODY = 0  # the status while the server restarts


def asking_again() -> Iterator[None]:
    """Another process has no event to be awaited: look ten times a second, until the deadline."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        yield
        time.sleep(0.1)


class RunServer:
    """`runserver` with its reloader, on a port of the system's choice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.machinery.autoreload_settings",
            "API_DIR_OF_A_TEST": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.log = (folder.parent / "runserver.log").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "django", "runserver", f"127.0.0.1:{self.port}"],
            cwd=ROOT,
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # the reloader has a child
        )

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            return NOBODY, ""
        finally:
            connection.close()

    def await_answer(self, path: str, status: int, text: str = "") -> str:
        """Ask until the answer is the expected one."""
        answer: tuple[int, str] = (NOBODY, "")
        for _ in asking_again():
            answer = self.get(path)
            if answer[0] == status and text in answer[1]:
                return answer[1]
        pytest.fail(f"{path}: expected {status} with {text!r}; at last {answer}\n{self.output()}")

    def await_output(self, text: str) -> None:
        for _ in asking_again():
            if text in self.output():
                return
        pytest.fail(f"expected {text!r} in\n{self.output()}")

    def write(self, name: str, source: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
        # Modification times may have a coarse grain; an editor's next save is never in the same tick.
        later = path.stat().st_mtime + 2
        os.utime(path, (later, later))

    def output(self) -> str:
        self.log.flush()
        return Path(self.log.name).read_text("utf-8", "replace")

    def stop(self) -> None:
        for _ in range(2):  # the child, and the parent that restarts it
            try:
                os.killpg(self.process.pid, 15)
                self.process.wait(10)
                break
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, 9)
        self.log.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunServer]:
    folder = tmp_path / "api"
    folder.mkdir()
    (folder / "hello.py").write_text("def GET(request): return 'one'", "utf-8")
    server = RunServer(folder)
    try:
        yield server
    finally:
        server.stop()


def test_files_that_change_come_and_go_are_noticed(server: RunServer) -> None:
    server.await_answer("/api/hello", 200, "one")

    server.write("hello.py", "def GET(request): return 'two'")
    server.await_answer("/api/hello", 200, "two")

    server.write("posts/[id].py", "def GET(request, id): return f'post {id}'")
    server.await_answer("/api/posts/3", 200, "post 3")
    server.await_output("api/posts/[id].py is new, and taken up.")
    assert server.output().count("Watching for file changes") == 2  # so this one came without a restart

    (server.folder / "hello.py").rename(server.folder / "hi.py")
    server.await_answer("/api/hi", 200, "two")
    server.await_answer("/api/hello", 404)

    (server.folder / "posts" / "[id].py").unlink()
    server.await_answer("/api/posts/3", 404)


def test_a_file_that_breaks_breaks_its_url_alone_and_heals(server: RunServer) -> None:
    server.write("other.py", "def GET(request): return 'other'")
    server.await_answer("/api/other", 200, "other")

    server.write("hello.py", "def GET(request:")
    assert "SyntaxError" in server.await_answer("/api/hello", 500, "hello.py")
    server.await_answer("/api/other", 200, "other")

    server.write("hello.py", "def GET(request): return 'mended'")
    server.await_answer("/api/hello", 200, "mended")


def test_the_line_of_a_request_names_the_file_that_answered(server: RunServer) -> None:
    server.write("posts/[id].py", "def GET(request, id): return id")
    server.await_answer("/api/posts/3?q=%20x", 200, "3")
    server.await_answer("/api/posts/%C3%BC/", 308)
    server.await_answer("/api/nothing", 404)
    server.await_output('"GET /api/nothing HTTP/1.1" 404')

    lines = [line.partition("] ")[2] for line in server.output().splitlines() if "HTTP/1.1" in line]
    file = (server.folder / "posts" / "[id].py").as_posix()
    assert f'"GET /api/posts/3?q=%20x HTTP/1.1" 200 1 {file}' in lines
    assert next(line for line in lines if "/api/nothing" in line).split()[-2] == "404"


def test_a_file_that_a_route_imports_is_noticed(server: RunServer) -> None:
    server.write("_lib/texts.py", "TEXT = 'first'")
    server.write("uses.py", "from ._lib.texts import TEXT\ndef GET(request): return TEXT")
    server.await_answer("/api/uses", 200, "first")

    server.write("_lib/texts.py", "TEXT = 'second'")
    server.await_answer("/api/uses", 200, "second")


def test_a_tree_that_is_refused_is_reported_and_heals_when_it_is_mended(server: RunServer) -> None:
    server.await_answer("/api/hello", 200, "one")

    server.write("hello/index.py", "def GET(request): return 'again'")
    server.await_output("pagesapi.E015")

    (server.folder / "hello" / "index.py").unlink()
    server.await_answer("/api/hello", 200, "one")
