"""What stands before functions: HTTP/1.1 is read off the wire here, and is a question to the platform behind.

As on the platforms, a request is whole before any function hears of it, and whatever is no HTTP ends here.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import h11

from pagesapi.deploy.verify.question import Pairs, Question
from pagesapi.exceptions import DeployError
from tests.servers.gate import TIMEOUT

# Those of API Gateway: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
LONGEST_HEAD = 10_240
LARGEST_BODY = 10 * 1024 * 1024
RECEIVED = 65_536
# Of one connection (RFC 9110, 7.6.1); "expect" is answered here.
HOP_BY_HOP = {"connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Pairs
    pieces: Iterable[bytes]  # each is sent when it is there


class Platform(Protocol):
    def reply(self, question: Question) -> AbstractContextManager[Reply]:
        """Raises `DeployError` where there is none."""


class Refusal(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gateway:
    """It has the socket of a number until the process is told to end, and says its port when it serves."""

    def __init__(self, listening: int) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        self._listener = socket.socket(fileno=listening)

    def serve(self, platform: Platform) -> None:
        with self._listener as listener:
            print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)  # noqa: T201 - to who started it
            while True:
                connection, _ = listener.accept()
                connection.settimeout(TIMEOUT)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=_serve, args=(connection, platform), daemon=True).start()


def _serve(connection: socket.socket, platform: Platform) -> None:
    with connection, contextlib.suppress(OSError):  # the client has left
        client = Client(connection)
        while client.is_served:
            try:
                question = client.question()
                if question is None:
                    return
                client.answer(platform, question)
            except Refusal as refusal:
                client.say(refusal.status)
        client.leave()


class Client:
    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._wire = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST_HEAD)
        self.is_served = True

    def question(self) -> Question | None:
        """The next one; None if the client has left. Raises `Refusal`."""
        try:
            head = self._event()
            if not isinstance(head, h11.Request):
                return None
            body = b"".join(self._body(head))
        except h11.RemoteProtocolError as error:
            raise Refusal(error.error_status_hint) from error
        return Question(head.method.decode(), head.target.decode("latin-1"), tuple(_passed_on(head)), body)

    def answer(self, platform: Platform, question: Question) -> None:
        try:
            with platform.reply(question) as reply:
                self._send(_head_of(reply.status, reply.headers))
                for piece in reply.pieces:
                    self._send(h11.Data(piece))
            self._send(h11.EndOfMessage())
        except (DeployError, h11.LocalProtocolError) as error:
            print(error, flush=True)  # noqa: T201 - the log of the tests' server
            if self._wire.our_state is not h11.SEND_RESPONSE:  # it has begun: cut off
                self.is_served = False
                return
            raise Refusal(502) from error
        self._finish()

    def say(self, status: int) -> None:
        """An answer of the gateway itself, the last on this connection."""
        if self._wire.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._send(_head_of(status, (("Content-Length", "0"), ("Connection", "close"))))
            self._send(h11.EndOfMessage())
        self.is_served = False

    def leave(self) -> None:
        """Whatever the client still sends is read, or the kernel would take back our last words."""
        self._socket.shutdown(socket.SHUT_WR)
        while self._socket.recv(RECEIVED):
            pass

    def _finish(self) -> None:
        if self._wire.our_state is h11.DONE and self._wire.their_state is h11.DONE:
            self._wire.start_next_cycle()
        else:
            self.is_served = False

    def _body(self, head: h11.Request) -> Iterator[bytes]:
        if int(dict(head.headers).get(b"content-length", b"0")) > LARGEST_BODY:
            raise Refusal(413)
        left = LARGEST_BODY
        while isinstance(event := self._event(), h11.Data):
            left -= len(event.data)
            if left < 0:
                raise Refusal(413)
            yield bytes(event.data)

    def _event(self) -> object:
        while (event := self._wire.next_event()) is h11.NEED_DATA:
            if self._wire.they_are_waiting_for_100_continue:
                self._send(h11.InformationalResponse(status_code=100, headers=[]))
            self._wire.receive_data(self._socket.recv(RECEIVED))
        return event

    def _send(self, event: h11.Event) -> None:
        if data := self._wire.send(event):
            self._socket.sendall(data)


def _passed_on(head: h11.Request) -> Iterator[tuple[str, str]]:
    for name, value in head.headers.raw_items():
        if name.lower().decode() not in HOP_BY_HOP:
            yield name.decode(), value.decode("latin-1")


def _head_of(status: int, headers: Pairs) -> h11.Response:
    return h11.Response(
        status_code=status,
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
    )
