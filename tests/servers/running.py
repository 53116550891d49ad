"""A server that runs: started on a free loopback port as a process of its own, its output kept."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from tests.servers.gate import TIMEOUT
from tests.servers.wire import Connection

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of server, and how it is started."""

    name: str
    interface: Literal["wsgi", "asgi"]
    # A module and its arguments; "{fd}" or "{port}" stands for the socket that it is to listen on.
    command: tuple[str, ...]
    # Where it chooses a port itself, or listens before it serves: what it prints then, with a group "port".
    announcement: str | None = None
    # Seconds that its start and its end may take.
    patience: float = TIMEOUT
    # Whether it tells the application where a chunked body ends.
    ends_chunked_bodies: bool = True
    # Whether a client can tell a stream that broke from one that ended.
    cuts_broken_streams: bool = True
    # Whether the client has the pieces of a stream as soon as there are any.
    streams_answers: bool = True


class Output:
    """What a server prints, read as it comes, so that nobody has to look again and again."""

    def __init__(self, pipe: IO[str]) -> None:
        self._pipe = pipe
        self._text = ""
        self._ended = False
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __len__(self) -> int:
        return len(self._text)

    def since(self, position: int) -> str:
        return self._text[position:]

    def wait_for(self, pattern: str, timeout: float = TIMEOUT) -> re.Match[str]:
        with self._news:
            self._news.wait_for(lambda: self._ended or re.search(pattern, self._text), timeout)
            found = re.search(pattern, self._text)
        if found is None:
            raise RuntimeError(f"The server never printed {pattern!r}, but:\n{self._text}")
        return found

    def wait_for_end(self, timeout: float = TIMEOUT) -> bool:
        """Whether the server has closed its output, that is, ended."""
        with self._news:
            return self._news.wait_for(lambda: self._ended, timeout)

    def close(self) -> None:
        self._reader.join(TIMEOUT)
        self._pipe.close()

    def _read(self) -> None:
        for line in self._pipe:
            with self._news:
                self._text += line
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


class Server:
    """server = Server(kind); server.connect(); server.stop()"""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._position = 0
        with _reserved_port(kind) as reserved:
            self.port: int = reserved.getsockname()[1]
            self._process = _start(kind, reserved)
            assert self._process.stdout is not None
            self.output = Output(self._process.stdout)
            try:
                self._wait_until_ready()
            except BaseException:
                self.stop()
                raise

    def connect(self) -> Connection:
        return Connection(self.port)

    def forget_output(self) -> None:
        """What was printed until now belongs to earlier tests."""
        self.printed()  # what the server wrote is here once it has answered this
        self._position = len(self.output)

    def output_so_far(self) -> str:
        return self.output.since(self._position)

    def printed(self) -> str:
        """What the server has printed in this test; shows that it still answers, too."""
        word = secrets.token_hex(16)
        with self.connect() as connection:
            answer = connection.request("GET", f"/api/say?word={word}")
        assert answer.json() == {"said": word}
        self.output.wait_for(f"(?m)^{word}$")
        return self.output_so_far()

    def stop(self) -> None:
        """Ends the process that was started here; if need be, its workers too, which are in its group."""
        self._process.terminate()
        try:
            self._process.wait(self.kind.patience)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(TIMEOUT)
        self.output.close()

    def _wait_until_ready(self) -> None:
        if self.kind.announcement is not None:
            self.port = int(self.output.wait_for(self.kind.announcement, self.kind.patience)["port"])
        with self._first_connection() as connection:
            answer = connection.request("GET", "/api/hello")
        if answer.status != 200:
            raise RuntimeError(f"{self.kind.name} answered {answer}\n{self.output.since(0)}")

    def _first_connection(self) -> Connection:
        give_up = time.monotonic() + TIMEOUT
        while True:
            try:
                return self.connect()
            except ConnectionRefusedError:
                ended = self.output.wait_for_end(0.02)
                if ended or time.monotonic() > give_up:
                    raise RuntimeError(f"{self.kind.name} never listened:\n{self.output.since(0)}") from None


def _reserved_port(kind: Kind) -> socket.socket:
    """A port that is ours until the server listens on it."""
    if any("{fd}" in word for word in kind.command):
        return socket.create_server(("127.0.0.1", 0), backlog=128)
    reserved = socket.socket()
    # Bound and not listening: a server that sets the same option can join, and nobody else gets the port.
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved


def _start(kind: Kind, reserved: socket.socket) -> subprocess.Popen[str]:
    port = reserved.getsockname()[1]
    words = [word.format(fd=reserved.fileno(), port=port) for word in kind.command]
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.servers.site_settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        },
        pass_fds=[reserved.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="backslashreplace",
        start_new_session=True,
    )
