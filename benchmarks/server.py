"""A server of one worker, with the blog of `benchmarks/blog/serving.py`, on a free loopback port."""

from __future__ import annotations

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

from benchmarks.built import roomy
from benchmarks.client import TIMEOUT
from benchmarks.node import pinned

ROOT = Path(__file__).resolve().parent.parent
# "{fd}" stands for a socket that listens, "{port}" for a port that was free a moment ago.
COMMANDS = {
    "gunicorn": (
        "gunicorn --bind=fd://{fd} --workers=1 --worker-class=gthread --threads=2 --keep-alive=60 --no-control-socket"
        " --log-level=warning benchmarks.blog.wsgi:application"
    ),
    "uvicorn": (
        "uvicorn --fd={fd} --http=httptools --lifespan=off --no-access-log --log-level=warning"
        " benchmarks.blog.asgi:application"
    ),
}
GRANIAN = (
    "granian --interface=wsgi --host=127.0.0.1 --port={port} --http=1 --no-ws --workers=1 --blocking-threads=1"
    " --runtime-threads=1 --log-level=warning benchmarks.blog.wsgi:application"
)


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and `manage.py` of its project."""

    port: int
    pid: int
    environment: dict[str, str]

    @property
    def out(self) -> Path:
        return Path(self.environment["BENCHMARKS_BASE"], "out")

    def manage(self, *words: str) -> None:
        _manage(self.environment, *words)


@contextmanager
def running(command: str, *, built: bool, urlconf: str = "serving", cores: Sequence[int] = ()) -> Iterator[Server]:
    """`built`: its pages are prerendered before it starts. `cores`: the only ones that it may use."""
    with (
        tempfile.TemporaryDirectory(prefix="benchmarks_", dir=roomy()) as base,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        # Connections inherit it. Without it the kernel holds the second piece of an answer back, 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Path(base, "api").mkdir()
        environment = _environment(base, urlconf)
        if built:
            _manage(environment, "prerender", "--no-static", "--verbosity=0")
        words = command.format(fd=listener.fileno(), port=free_port()).split()
        process = subprocess.Popen(
            [*pinned(cores), sys.executable, "-m", *words], cwd=ROOT, env=environment, pass_fds=[listener.fileno()]
        )
        try:
            port = next((int(word[7:]) for word in words if word.startswith("--port=")), listener.getsockname()[1])
            wait_for(port, process)
            yield Server(port, process.pid, environment)
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until somebody listens there."""
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The server did not come up.")


def _manage(environment: dict[str, str], *words: str) -> None:
    command = [sys.executable, "-m", "django", *words]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _environment(base: str, urlconf: str) -> dict[str, str]:
    named = {"DJANGO_SETTINGS_MODULE": "benchmarks.blog.settings", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **named, "BENCHMARKS_URLCONF": urlconf, "BENCHMARKS_BASE": base}
