"""The service behind the proxy, as bad as a test wants it: it reads requests, and answers with raw bytes."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TIMEOUT = 20.0  # seconds; reached only where something hangs
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


def answer(*lines: str, status: str = "200 OK", body: bytes = b"") -> bytes:
    """An answer with these header lines, and a length."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body)}"))
    return head.encode("latin-1") + b"\r\n" + body


@dataclass(frozen=True)
class Received:
    """A request as it came over the wire."""

    method: str
    target: str
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def get(self, name: str) -> str | None:
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def names(self) -> set[str]:
        return {name.lower() for name, _ in self.fields}


class Peer:
    """The upstream's end of one connection."""

    def __init__(self, sock: socket.socket, left: threading.Event) -> None:
        self.sock = sock
        self.left = left  # set when the proxy has gone
        self._reader = sock.makefile("rb")

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def wait(self) -> None:
        """Until the proxy goes."""
        with contextlib.suppress(OSError):
            while self._reader.read1(65536):
                pass
        self.left.set()

    def flood(self, piece: bytes) -> None:
        """The same again and again, until the proxy goes."""
        with contextlib.suppress(OSError):
            while True:
                self.send(piece)
        self.left.set()

    def drip(self, data: bytes) -> None:
        """A byte at a time, with a pause, so that no single wait is long; until the proxy goes."""
        for byte in data:
            self.send(bytes([byte]))
            if select.select([self.sock], [], [], 0.02)[0]:  # readable: it has closed
                break
        self.left.set()

    def receive(self, *, body: bool = True) -> Received | None:
        """The next request; None at the end of the connection."""
        line = self._reader.readline()
        if not line:
            return None
        method, target, _ = line.decode("latin-1").split(" ")
        fields = []
        while (line := self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            fields.append((name, value.strip()))
        request = Received(method, target, tuple(fields), b"")
        return Received(method, target, tuple(fields), b"".join(self._body(request))) if body else request

    def close(self) -> None:
        self._reader.close()
        self.sock.close()

    def reset(self) -> None:
        """Closed as by a crash: without a word to say so."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def _body(self, request: Received) -> Iterator[bytes]:
        left = int(request.get("Content-Length") or 0)
        while left and (piece := self._reader.read(min(left, 65536))):
            left -= len(piece)
            yield piece if len(piece) < 65536 else b"#"  # of large ones nothing is kept
        while request.get("Transfer-Encoding") == "chunked":
            line = self._reader.readline()
            if not line:
                raise ConnectionError("the proxy gave up")
            size = int(line, 16)
            yield self._reader.read(size)
            self._reader.readline()
            if not size:
                return


Reply = bytes | Callable[[Peer], None]


class Upstream:
    """with Upstream(OK) as upstream: upstream.url → "http://127.0.0.1:…"; upstream.requests → what came.

    One reply for each request, the last of them for all further ones; bytes, or a function that does as it likes.
    """

    def __init__(self, *replies: Reply, context: ssl.SSLContext | None = None, reads_bodies: bool = True) -> None:
        self._reads_bodies = reads_bodies
        self.replies = list(replies)
        self.requests: list[Received] = []
        self.connections = 0
        self.asked = threading.Event()
        self.left = threading.Event()
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'http' if context is None else 'https'}://127.0.0.1:{self.port}"
        self._threads = [threading.Thread(target=self._accept)]
        self._open: list[socket.socket] = []
        self._threads[0].start()

    def __enter__(self) -> Upstream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join(TIMEOUT)
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(TIMEOUT)
            assert not thread.is_alive()

    @property
    def last(self) -> Received:
        return self.requests[-1]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                sock.settimeout(TIMEOUT)
                self.connections += 1
                self._open.append(sock)
                thread = threading.Thread(target=self._serve, args=(sock,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the other side has gone, or does not trust us
            if self._context is not None:
                sock = self._context.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            peer = Peer(sock, self.left)
            with contextlib.closing(peer):
                while (request := peer.receive(body=self._reads_bodies)) is not None:
                    self.requests.append(request)
                    self.asked.set()
                    reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
                    if not isinstance(reply, bytes):
                        reply(peer)
                        return
                    peer.send(reply)
        sock.close()
