"""Debian's redis-server on a free loopback port, which keeps nothing on disk."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from typing import NoReturn

import pytest

from tests.servers.gate import TIMEOUT
from tests.servers.running import Output

PROGRAM = "redis-server"
ATTEMPTS = 3  # it takes no socket, so somebody else may take the port between the asking and the binding
OPTIONS = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no")


class Redis:
    """redis = Redis(); redis.url → for CACHES' LOCATION; redis.stop()"""

    def __init__(self) -> None:
        for attempt in range(ATTEMPTS):
            try:
                self._start()
            except RuntimeError:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                return

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Whoever asks it from now on gets a refused connection."""
        self._process.terminate()
        try:
            self._process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def _start(self) -> None:
        self.port = _free_port()
        self._process = subprocess.Popen(
            [PROGRAM, "--port", str(self.port), *OPTIONS],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
        )
        assert self._process.stdout is not None
        self._output = Output(self._process.stdout)
        try:
            self._output.wait_for("Ready to accept connections")
        except RuntimeError:
            self.stop()
            raise


def started_redis() -> Redis:
    """Skips the test where there is no Redis, or fails it where nothing may be skipped."""
    if shutil.which(PROGRAM) is None:
        _go_without(f"{PROGRAM} is not on PATH")
    try:
        import redis  # noqa: F401, PLC0415 - an extra
    except ImportError:
        _go_without("the Python package redis is not installed")
    return Redis()


def _go_without(reason: str) -> NoReturn:
    if os.environ.get("PAGESAPI_CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
