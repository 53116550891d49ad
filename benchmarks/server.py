"""A server of one process, with the blog of `benchmarks/blog/serving.py`, on a free loopback port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import TIMEOUT

ROOT = Path(__file__).resolve().parent.parent
# "{fd}" stands for a socket that listens.
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


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and `manage.py` of its project."""

    port: int
    environment: dict[str, str]

    def manage(self, *words: str) -> None:
        command = [sys.executable, "-m", "django", *words]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running(name: str, *, built: bool) -> Iterator[Server]:
    """`built`: its pages are prerendered before it starts."""
    with tempfile.TemporaryDirectory(prefix="benchmarks_") as base, socket.create_server(("127.0.0.1", 0)) as listener:
        # Connections inherit it. Without it the kernel holds the second piece of an answer back, 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Path(base, "api").mkdir()
        server = Server(listener.getsockname()[1], _environment(base))
        if built:
            server.manage("prerender", "--no-static", "--verbosity=0")
        command = [sys.executable, "-m", *COMMANDS[name].format(fd=listener.fileno()).split()]
        process = subprocess.Popen(command, cwd=ROOT, env=server.environment, pass_fds=[listener.fileno()])
        try:
            yield server
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def _environment(base: str) -> dict[str, str]:
    named = {"DJANGO_SETTINGS_MODULE": "benchmarks.blog.settings", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **named, "BENCHMARKS_URLCONF": "serving", "BENCHMARKS_BASE": base}
