"""The HTTP of Lambda's runtime API, on a loopback port: what a function's process asks, and is answered.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import contextlib
import http.client
import json
import selectors
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from typing import IO, Any

VERSION = "/2018-06-01/runtime"
PATIENCE = 30.0  # seconds for the rest of a request that has begun


@dataclass(frozen=True)
class Call:
    """One request of the process."""

    method: str
    path: str  # below the version: "/invocation/next"
    headers: Message
    body: bytes
    connection: socket.socket

    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Nobody is left to hear it where the process has ended meanwhile."""
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Content-Type: application/json"]
        lines += [f"Content-Length: {len(body)}", *[f"{name}: {value}" for name, value in (headers or {}).items()]]
        with contextlib.suppress(OSError):
            self.connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def accept(self) -> None:
        self.answer(202, b'{"status":"OK"}')

    def refuse(self, status: int, kind: str, message: str) -> None:
        self.answer(status, json.dumps({"errorMessage": message, "errorType": kind}).encode())


class RuntimeAPI:
    """A function is one process that takes turns with its caller, so the caller's thread serves it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)

    @property
    def address(self) -> str:
        host, port = self._listener.getsockname()[:2]
        return f"{host}:{port}"

    def next_call(self, timeout: float) -> Call | None:
        """What the process asks; None if it says nothing for so many seconds."""
        for key, _ in self._selector.select(timeout):
            if key.fileobj is self._listener:
                self._welcome()
            elif (call := self._read(key.fileobj, key.data)) is not None:
                return call
        return None

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            self._leave(key.fileobj, key.data)
        self._selector.close()

    def _welcome(self) -> None:
        connection, _ = self._listener.accept()
        connection.settimeout(PATIENCE)
        self._selector.register(connection, selectors.EVENT_READ, connection.makefile("rb"))

    def _read(self, connection: Any, stream: IO[bytes]) -> Call | None:
        with contextlib.suppress(OSError):
            line = stream.readline().decode("latin-1")
            if line.endswith("\n"):
                headers = http.client.parse_headers(stream)
                size = int(headers.get("Content-Length", 0))
                body = stream.read(size)
                if len(body) == size:
                    method, path, _ = line.split(" ", 2)
                    return Call(method, path.removeprefix(VERSION), headers, body, connection)
        self._leave(connection, stream)  # it hung up, or ended in the middle
        return None

    def _leave(self, connection: Any, stream: IO[bytes] | None) -> None:
        self._selector.unregister(connection)
        if stream is not None:
            stream.close()
        connection.close()
