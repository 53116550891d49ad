"""An HTTP/1.1 client of raw bytes: what is sent is what the test wrote, what is read is judged strictly."""

import contextlib
import select
import socket
import struct
import types
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.servers.gate import TIMEOUT

NO_BODY = {204, 304}


class CutOff(Exception):
    """The server closed the connection before the message was complete."""


@dataclass(frozen=True)
class Head:
    version: str
    status: int
    fields: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        values = [value for key, value in self.fields if key == name.lower()]
        return ", ".join(values) if values else None

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def stable(self) -> dict[str, str]:
        """The fields that two answers to one question have in common."""
        return {key: value for key, value in self.fields if key not in {"date", "connection", "keep-alive"}}


@dataclass(frozen=True)
class Answer:
    head: Head
    body: bytes

    @property
    def status(self) -> int:
        return self.head.status

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


def request_bytes(
    method: str, target: str | bytes, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> bytes:
    """One request; `Content-Length` is added for a body, unless the headers say how long it is."""
    fields = {"Host": "127.0.0.1", **(headers or {})}
    if body and not {"Content-Length", "Transfer-Encoding"} & fields.keys():
        fields["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    raw_target = target if isinstance(target, bytes) else target.encode("ascii")
    return b"%s %s HTTP/1.1\r\n%s\r\n%s" % (method.encode(), raw_target, lines.encode("latin-1"), body)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"


class Connection:
    """with Connection(port) as connection: connection.request("GET", "/api/hello").json()"""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        # Without it the kernel holds small requests back until the server has acknowledged the last.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self._socket.close()

    # sending

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def try_to_send(self, data: bytes) -> None:
        """As much as the server takes before it hangs up."""
        with contextlib.suppress(ConnectionError):
            self.send(data)

    def send_until_answered(self, piece: bytes, limit: int) -> int:
        """Sends the piece again and again until the server answers or hangs up; returns the bytes sent."""
        sent = 0
        while sent < limit:
            readable, _, _ = select.select([self._socket], [self._socket], [], TIMEOUT)
            if readable:
                return sent
            try:
                sent += self._socket.send(piece[sent % len(piece) :])
            except ConnectionError:
                return sent
        raise AssertionError(f"The server took {sent} bytes and has not answered.")

    def request(
        self,
        method: str,
        target: str | bytes,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        assert not self._buffer, f"bytes left over of the last answer: {self._buffer[:200]!r}"
        self.send(request_bytes(method, target, headers, body))
        return self.answer(method)

    def serves_on_after(self, answer: Answer) -> bool:
        """Whether the next request is answered, or the server hangs up as it said that it would."""
        if answer.head.get("Connection") == "close":
            return self.closed_by_server()
        return self.request("GET", "/api/hello").json() == {"message": "hello"}  # type: ignore[no-any-return]

    def finish_sending(self) -> None:
        """No more from us; the server may still answer."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def hang_up(self) -> None:
        """Leaves as a closed browser tab does: what the server sends from now on is refused."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    # reading

    def answer(self, method: str = "GET") -> Answer:
        """The final answer to one request, after any interim ones."""
        head = self.head()
        while head.status < 200:
            head = self.head()
        return Answer(head, b"".join(self.pieces(head, method)))

    def head(self) -> Head:
        status_line = self._line()
        version, _, rest = status_line.partition(" ")
        status = rest[:3]
        assert version in {"HTTP/1.1", "HTTP/1.0"}, status_line
        assert status.isdigit(), status_line
        fields = []
        while line := self._line():
            name, colon, value = line.partition(":")
            assert colon, f"no header field: {line!r}"
            assert name == name.strip(), f"white space around a field's name: {line!r}"
            fields.append((name.lower(), value.strip()))
        return Head(version, int(status), tuple(fields))

    def pieces(self, head: Head, method: str = "GET") -> Iterator[bytes]:
        """The body as it arrives, without chunking and compression."""
        arriving = self._framed(head, method)
        if head.get("Content-Encoding") == "gzip" and method != "HEAD" and head.status not in NO_BODY:
            return _decompressed(arriving)
        return arriving

    def closed_by_server(self) -> bool:
        """Waits until the server has hung up, or says that it sent something instead."""
        return not self._buffer and not self._receive()

    def everything(self) -> bytes:
        """All bytes until the server hangs up."""
        while self._receive():
            pass
        data, self._buffer = self._buffer, b""
        return data

    def what_is_answered(self) -> bytes:
        """The status line and the body of one answer, and all that follows it."""
        received = b""
        with contextlib.suppress(CutOff):
            head = self.head()
            received += f"{head.version} {head.status}\r\n".encode()
            for piece in self.pieces(head):
                received += piece
        self.finish_sending()
        return received + b"\r\n" + self.everything()

    def _framed(self, head: Head, method: str) -> Iterator[bytes]:
        length, coding = head.get("Content-Length"), head.get("Transfer-Encoding")
        assert length is None or coding is None, "two framings of one body"
        if method == "HEAD" or head.status in NO_BODY:
            return iter(())
        if coding is not None:
            assert coding == "chunked", coding
            return self._chunks()
        if length is not None:
            return self._counted(int(length))
        return self._until_closed()

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._line(), 16):
            yield self._exactly(size)
            assert self._exactly(2) == b"\r\n", "a chunk without its end"
        assert self._line() == "", "trailers that nobody announced"

    def _counted(self, length: int) -> Iterator[bytes]:
        while length:
            if not self._buffer and not self._receive():
                raise CutOff(f"{length} bytes are missing")
            piece, self._buffer = self._buffer[:length], self._buffer[length:]
            length -= len(piece)
            yield piece

    def _until_closed(self) -> Iterator[bytes]:
        while self._buffer or self._receive():
            piece, self._buffer = self._buffer, b""
            yield piece

    def _line(self) -> str:
        while b"\r\n" not in self._buffer:
            if not self._receive():
                raise CutOff(f"in a line: {self._buffer[:200]!r}")
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line.decode("latin-1")

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            if not self._receive():
                raise CutOff(f"{size - len(self._buffer)} bytes of a chunk are missing")
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def _receive(self) -> int:
        try:
            data = self._socket.recv(65536)
        except ConnectionError:  # reset: the server left without reading what we had sent
            data = b""
        self._buffer += data
        return len(data)


class Reader:
    """The text of a stream, read just so far as a test asks.

    Reader(connection.pieces(head)).until("first") → everything up to and with "first"
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._text = b""

    def until(self, mark: str) -> str:
        while mark.encode() not in self._text:
            piece = next(self._pieces, None)
            assert piece is not None, f"the stream ended without {mark!r}: {self._text[-200:]!r}"
            self._text += piece
        before, _, self._text = self._text.partition(mark.encode())
        return before.decode() + mark

    def rest(self) -> str:
        text, self._text = self._text + b"".join(self._pieces), b""
        return text.decode()

    def rest_until_cut(self) -> tuple[str, bool]:
        """What else arrives, and whether the server broke off before the end."""
        cut = False
        try:
            for piece in self._pieces:
                self._text += piece
        except CutOff:
            cut = True
        return self._text.decode(), cut


def _decompressed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    decoder = zlib.decompressobj(wbits=31)
    for piece in pieces:
        if data := decoder.decompress(piece):
            yield data
    assert decoder.eof, "the compressed stream has no end"
