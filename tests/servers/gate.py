"""How a test holds a stream of the server in its hands: a socket between the two; neither has to sleep.

The test listens and names its port in the request; the stream connects, and before each further piece
waits for a byte that tells it what to do. It says how it ended.
"""

import asyncio
import socket
import types
from collections.abc import AsyncIterator, Iterator

TIMEOUT = 20.0  # seconds; reached only where something hangs

PIECE, FLOOD, FINISH, BREAK = b"+", b"*", b".", b"!"
CLOSED, FINISHED, BROKEN = "closed", "finished", "broken"
SECRET = "the-secret-of-the-house"

# More than all buffers between the two processes hold, so that a stream into the void must notice.
FLOOD_PIECES = 1024
FLOOD_PIECE = "x" * 65535 + "\n"


class Gate:
    """The test's end.

    with Gate() as gate: gate.port → the stream's parameter; gate.let_through(PIECE); gate.ending() → "closed"
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(TIMEOUT)
        self._passage: socket.socket | None = None
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "Gate":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        if self._passage is not None:
            self._passage.close()
        self._listener.close()

    def let_through(self, word: bytes) -> None:
        self._stream().sendall(word)

    def ending(self) -> str:
        """How the stream ended: waits until it did."""
        text = b""
        while piece := self._stream().recv(64):
            text += piece
        return text.decode()

    def was_asked(self) -> bool:
        """Whether a stream has come to the gate; does not wait for one."""
        if self._passage is not None:
            return True
        self._listener.settimeout(0)
        try:
            self._stream()
        except BlockingIOError:
            return False
        finally:
            self._listener.settimeout(TIMEOUT)
        return True

    def _stream(self) -> socket.socket:
        if self._passage is None:
            self._passage, _ = self._listener.accept()
            self._passage.settimeout(TIMEOUT)
        return self._passage


def pieces(port: int) -> Iterator[str]:
    """The server's end: one piece at once, each further one when the test lets it through."""
    gate = socket.create_connection(("127.0.0.1", port))
    with gate:
        try:
            yield "first\n"
            while (word := gate.recv(1)) not in {FINISH, b""}:
                yield from _answers(word)
        except BaseException as error:
            gate.sendall(_ending_of(error))
            raise
        gate.sendall(FINISHED.encode())


async def async_pieces(port: int) -> AsyncIterator[str]:
    """As `pieces`; the connection belongs to the event loop in which the stream began."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield "first\n"
        while (word := await reader.read(1)) not in {FINISH, b""}:
            for answer in _answers(word):
                yield answer
    except BaseException as error:
        writer.write(_ending_of(error))
        raise
    else:
        writer.write(FINISHED.encode())
    finally:
        writer.close()


def _answers(word: bytes) -> Iterator[str]:
    if word == PIECE:
        yield "next\n"
    elif word == FLOOD:
        for _ in range(FLOOD_PIECES):
            yield FLOOD_PIECE
    elif word == BREAK:
        raise RuntimeError(SECRET)


def _ending_of(error: BaseException) -> bytes:
    left = isinstance(error, GeneratorExit | asyncio.CancelledError)
    return (CLOSED if left else BROKEN).encode()
