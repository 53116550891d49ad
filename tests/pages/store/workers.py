"""gunicorn with several worker processes, of which a test holds the renderings in its hands."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import types
from pathlib import Path

from tests.pages.store.backends import Backend
from tests.servers.gate import TIMEOUT
from tests.servers.running import ROOT, Output
from tests.servers.wire import Connection, request_bytes

WORKERS = 4
MOST = 60  # connections of one process: 200 visitors need all four
OPTIONS = (
    f"--workers={WORKERS}",
    f"--worker-connections={MOST}",
    "--worker-class=gthread",
    "--threads=16",
    "--graceful-timeout=1",
)


class Workers:
    """with Workers(folder, backend) as workers: workers.connect(); workers.renderings()"""

    def __init__(self, folder: Path, backend: Backend) -> None:
        self._folder = folder
        self._gate = socket.create_server(("127.0.0.1", 0))
        self._gate.settimeout(TIMEOUT)
        (folder / "gate").write_text(str(self._gate.getsockname()[1]))
        told = {"folder": str(folder), "caches": backend.caches, "store": backend.options()}
        with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
            self.port: int = listening.getsockname()[1]
            self._process = self._start(listening, json.dumps(told))
        assert self._process.stdout is not None
        self.output = Output(self._process.stdout)

    def _start(self, listening: socket.socket, told: str) -> subprocess.Popen[str]:
        bind = f"--bind=fd://{listening.fileno()}"
        application = "tests.servers.site_wsgi:application"
        return subprocess.Popen(
            [sys.executable, "-m", "gunicorn", bind, *OPTIONS, "--no-control-socket", application],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.pages.store.workers_settings",
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
                "STORE_TESTS": told,
            },
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
        )

    def __enter__(self) -> Workers:
        try:
            with self.connect() as connection:
                assert connection.request("GET", "/hello/").status == 200, self.output.since(0)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._gate.close()
        self._process.terminate()
        try:
            self._process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.output.close()

    def connect(self) -> Connection:
        return Connection(self.port)

    def ask(self, path: str) -> Connection:
        """A request under way, whose answer is not read yet.

        It may be kept alive: a worker that closes waits for us to do so too, and does nothing else meanwhile.
        """
        connection = self.connect()
        connection.send(request_bytes("GET", path))
        return connection

    def rendering(self) -> socket.socket:
        """Waits until one has begun; it goes on when this is closed."""
        return self._gate.accept()[0]

    def renderings(self) -> list[tuple[str, int]]:
        """The slug and the process of each that was begun."""
        return [(slug, int(process)) for slug, process in self._noted("renderings")]

    def are_all_asked(self) -> bool:
        """Whether a visitor has come to each process."""
        return len({process for process, _ in self._noted("visits")}) == WORKERS

    def _noted(self, file: str) -> list[tuple[str, str]]:
        lines = (self._folder / file).read_text().splitlines()
        return [(first, second) for first, second in (line.split() for line in lines)]
