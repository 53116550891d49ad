"""How a test holds a stream of the server in its hands, so that neither has to sleep.

The test listens and names its port in the request. The stream connects twice: on one connection it waits,
before each further piece, for a byte that tells it what to do; on the other it says how it ended.
Two, since a connection that is closed with bytes unread takes back what it has sent.
"""

import asyncio
import contextlib
import socket
import types
from collections.abc import AsyncGenerator, Generator, Iterator
from typing import TypeVar

Stream = TypeVar("Stream")

TIMEOUT = 20.0  # seconds; reached only where something hangs

PIECE, FLOOD, FINISH, BREAK = b"+", b"*", b".", b"!"
CLOSED, FINISHED, BROKEN = b"closed", b"finished", b"broken"
WORDS, ENDING = range(2)  # the connections of a stream
SECRET = "the-secret-of-the-house"

# More than all buffers between the two processes hold, so that a stream into the void must notice.
FLOOD_PIECES = 1024
FLOOD_PIECE = "x" * 65535 + "\n"


class Gate:
    """The test's end.

    with Gate() as gate: gate.port → the stream's parameter; gate.let_through(PIECE); gate.ending() → CLOSED
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(TIMEOUT)
        self._connections: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "Gate":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        for connection in self._connections:
            connection.close()
        self._listener.close()

    def let_through(self, word: bytes) -> None:
        with contextlib.suppress(ConnectionError):  # the stream has ended before it was told to go on
            self._connection(WORDS).sendall(word)

    def ending(self) -> bytes:
        """How the stream ended: waits until it did."""
        text = b""
        while piece := self._connection(ENDING).recv(64):
            text += piece
        return text

    def was_asked(self) -> bool:
        """Whether a stream has come to the gate; does not wait for one."""
        self._listener.settimeout(0)
        try:
            self._connection(WORDS)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            self._listener.settimeout(TIMEOUT)

    def _connection(self, number: int) -> socket.socket:
        while len(self._connections) <= number:
            connection, _ = self._listener.accept()
            connection.settimeout(TIMEOUT)
            self._connections.append(connection)
        return self._connections[number]


_held: list[object] = []


def held(stream: Stream) -> Stream:
    """Keeps the stream for good, so that whoever closes it does so on purpose, not the garbage collector."""
    _held.append(stream)
    return stream


def pieces(port: int) -> Generator[str, None, None]:
    """The server's end: one piece at once, each further one when the test lets it through."""
    address = ("127.0.0.1", port)
    with socket.create_connection(address) as words, socket.create_connection(address) as ending:
        try:
            yield "first\n"
            while (word := words.recv(1)) not in {FINISH, b""}:
                yield from _answers(word)
        except BaseException as error:
            ending.sendall(_ending_of(error))
            raise
        ending.sendall(FINISHED)


async def async_pieces(port: int) -> AsyncGenerator[str, None]:
    """As `pieces`; its connections belong to the event loop in which it begins."""
    words, _words = await asyncio.open_connection("127.0.0.1", port)
    _, ending = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield "first\n"
        while (word := await words.read(1)) not in {FINISH, b""}:
            for answer in _answers(word):
                yield answer
    except BaseException as error:
        ending.write(_ending_of(error))
        raise
    else:
        ending.write(FINISHED)
    finally:
        ending.close()
        _words.close()


def _answers(word: bytes) -> Iterator[str]:
    if word == PIECE:
        yield "next\n"
    elif word == FLOOD:
        for _ in range(FLOOD_PIECES):
            yield FLOOD_PIECE
    elif word == BREAK:
        raise RuntimeError(SECRET)


def _ending_of(error: BaseException) -> bytes:
    return CLOSED if isinstance(error, GeneratorExit | asyncio.CancelledError) else BROKEN
