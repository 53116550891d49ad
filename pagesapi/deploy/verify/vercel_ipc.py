"""The socket over which Vercel's runtime tells the platform what a function does: JSON documents, each with a NUL."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Message = dict[str, Any]


class Ipc:
    """`path` is what VERCEL_IPC_PATH says. All that was told is kept."""

    def __init__(self, path: Path) -> None:
        self.messages: list[Message] = []
        self._changed = threading.Condition()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen(1)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # it was closed
            connection, _ = self._listener.accept()
            with connection:
                self._read(connection)
        with self._changed:
            self._changed.notify_all()

    def _read(self, connection: socket.socket) -> None:
        rest = b""
        while data := connection.recv(65536):
            *whole, rest = (rest + data).split(b"\0")
            with self._changed:
                self.messages += map(json.loads, whole)
                self._changed.notify_all()

    def of_type(self, *types: str) -> list[Message]:
        with self._changed:
            return [message for message in self.messages if message["type"] in types]

    def wait(self, is_there: Callable[[], bool], seconds: float) -> bool:
        """Whether it came to be so, looked at whenever something is told; false when the time is over."""
        with self._changed:
            return self._changed.wait_for(is_there, seconds)

    def close(self) -> None:
        """Ends the thread too: `shutdown` wakes it where it waits for a process that never came."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
