"""A client that keeps its connection, and takes as little time as may be."""

from __future__ import annotations

import socket
import types

TIMEOUT = 20.0  # seconds; reached only where something hangs
HEADERS = (
    b"Host: 127.0.0.1\r\n"
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    b"Accept-Language: en-US,en;q=0.5\r\n"
    b"Accept-Encoding: gzip, deflate, br, zstd\r\n"
    b"Connection: keep-alive\r\n"
)


def request_bytes(path: str) -> bytes:
    return b"GET %s HTTP/1.1\r\n%s\r\n" % (path.encode(), HEADERS)


class Client:
    """with Client(port) as client: head, body = client.ask(request_bytes("/"))"""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Head and body of the answer. Raises `RuntimeError` for any but a 200 that says how long it is."""
        self._socket.sendall(request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._received()
        head = data[:end]
        length = _length(head)
        while len(data) < end + 4 + length:
            data += self._received()
        return head, data[end + 4 :]

    def _received(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise RuntimeError("The server has closed the connection.")
        return data


def _length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.find(b"\r\ncontent-length:")
    if start < 0 or not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"Not what was expected: {head.decode('latin-1')}")
    return int(lowered[start + 17 :].split(b"\r\n", 1)[0])
