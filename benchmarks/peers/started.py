"""A peer's server, a process of its own on one core."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import node
from benchmarks.peers import routes
from benchmarks.peers.asking import Answer
from benchmarks.peers.cases import Case
from benchmarks.peers.peer import Peer
from benchmarks.sample_tree import write

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 30.0  # seconds; reached only where something hangs
GRANIAN = "granian --host=127.0.0.1 --port={port} --workers=1 --blocking-threads=1 --log-level=warning"
COMMANDS = {
    "django": f"{GRANIAN} --interface=wsgi benchmarks.peers.wsgi:application",
    "wsgi": f"{GRANIAN} --interface=wsgi benchmarks.peers.{{module}}:application",
    "asgi": f"{GRANIAN} --interface=asgi benchmarks.peers.{{module}}:application",
    "bolt": "django runbolt --skip-checks --no-admin --host=127.0.0.1 --port={port} --processes=1",
}


@dataclass(frozen=True, slots=True)
class Started:
    port: int
    pid: int
    prefix: str = "/api"  # of its URLs, in the place of "/api"

    def url(self, case: Case) -> str:
        return f"http://127.0.0.1:{self.port}{self.path(case)}"

    def path(self, case: Case) -> str:
        return self.prefix + case.path.removeprefix("/api")

    def answer(self, case: Case) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {"Content-Type": "application/json"} if case.body else {}
        connection.request("POST" if case.body else "GET", self.path(case), case.body or None, headers)
        response = connection.getresponse()
        answer = Answer(str(response.status), response.headers["Content-Type"], response.read())
        connection.close()
        return answer


@contextmanager
def started(peer: Peer, *, middleware: bool, cores: Sequence[int]) -> Iterator[Started]:
    with tempfile.TemporaryDirectory(prefix="benchmarks_") as base, tempfile.TemporaryFile() as log:
        (folder := Path(base).resolve() / "api").mkdir()
        write(folder, getattr(routes, peer.files) if peer.files else {})
        port = _free_port()
        command = [sys.executable, "-m", *COMMANDS[peer.kind].format(port=port, module=peer.module).split()]
        process = subprocess.Popen(
            [*node.pinned(cores), *command],
            cwd=ROOT,
            env=_environment(peer, str(folder.parent), middleware=middleware),
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(process, port, log.fileno())
            yield Started(port, process.pid)
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def _environment(peer: Peer, base: str, *, middleware: bool) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.peers.settings",
        "PYTHONPATH": str(ROOT),
        "BENCHMARKS_BASE": base,
        "BENCHMARKS_URLCONF": f"benchmarks.peers.{peer.module if peer.kind == 'django' else 'views'}",
        "BENCHMARKS_MIDDLEWARE": "default" if middleware else "none",
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(process: subprocess.Popen[bytes], port: int, log: int) -> None:
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"The server did not come up: {os.pread(log, 100_000, 0).decode('utf-8', 'replace')[-2000:]}")
