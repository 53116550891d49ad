"""Streams: every piece leaves when it is made, and a client that leaves ends them.

Not so of functions whose answer the platform takes whole (`test_whole_streams`); and of none behind a gateway that
does not say when the client has left.
"""

import pytest

from tests.servers.gate import BREAK, BROKEN, CLOSED, FINISH, FINISHED, FLOOD, PIECE, SECRET, Gate
from tests.servers.kinds import ASGI_SERVERS, GRANIAN_ASGI, SERVERS, STREAMING_KINDS, UVICORN_HTTPTOOLS, against
from tests.servers.running import Server
from tests.servers.wire import Connection, Head, Reader, request_bytes

pytestmark = pytest.mark.server

SYNC = ["/api/streams/iterator", "/api/streams/returned"]
ASYNC = ["/api/streams/async_iterator", "/api/streams/async_returned"]
EVENTS = ["/api/events/iterator", "/api/events/async_iterator"]
every_stream = pytest.mark.parametrize("target", SYNC + ASYNC)
streaming = against(*STREAMING_KINDS)


def open_stream(connection: Connection, target: str, gate: Gate, **headers: str) -> tuple[Head, Reader]:
    connection.send(request_bytes("GET", f"{target}?gate={gate.port}", headers))
    head = connection.head()
    return head, Reader(connection.pieces(head))


def make_pieces_for_nobody(server: Server, gate: Gate, target: str) -> None:
    """More than all buffers hold: under WSGI, a server learns that a client has left only by writing to it."""
    # granian 2.8 now and then loses the cancellation of a task that awaits its `send`, and any streaming view
    # of Django then waits for ever. There the iterator waits for us instead, and has to be woken.
    if server.kind is not GRANIAN_ASGI or "async" not in target:
        gate.let_through(FLOOD)


@every_stream
@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}], ids=["plain", "gzip"])
@streaming
def test_a_piece_arrives_while_the_handler_waits_to_make_the_next(
    server: Server, gate: Gate, target: str, headers: dict[str, str]
) -> None:
    with server.connect() as connection:
        head, stream = open_stream(connection, target, gate, **headers)
        assert head.status == 200
        assert "Content-Length" not in head
        assert stream.until("\n") == "first\n"
        for _ in range(3):
            # Until now the iterator could not have made this piece: it waits for us.
            gate.let_through(PIECE)
            assert stream.until("\n") == "next\n"
        gate.let_through(FINISH)
        assert stream.rest() == ""
        assert gate.ending() == FINISHED


@every_stream
@streaming
def test_a_client_of_http_1_0_gets_the_pieces_too(server: Server, gate: Gate, target: str) -> None:
    with server.connect() as connection:
        request = f"GET {target}?gate={gate.port} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
        connection.send(request.encode())
        head = connection.head()
        # uvicorn's httptools protocol sends chunks to such clients as well, whatever the application.
        assert "Transfer-Encoding" not in head or server.kind is UVICORN_HTTPTOOLS
        stream = Reader(connection.pieces(head))
        assert stream.until("\n") == "first\n"
        gate.let_through(PIECE)
        assert stream.until("\n") == "next\n"
        gate.let_through(FINISH)
        assert stream.rest() == ""


@every_stream
@streaming
def test_others_are_answered_while_a_stream_waits(server: Server, gate: Gate, target: str) -> None:
    with server.connect() as listening, server.connect() as other:
        _, stream = open_stream(listening, target, gate)
        stream.until("first\n")
        for path in ["/api/hello", "/api/items/1", "/api/echo"]:
            assert other.request("GET", path).status == 200
        gate.let_through(FINISH)
        assert stream.rest() == ""


@every_stream
@streaming
def test_the_connection_lives_on_after_a_stream(server: Server, gate: Gate, target: str) -> None:
    with server.connect() as connection:
        head, stream = open_stream(connection, target, gate)
        gate.let_through(FINISH)
        assert stream.rest() == "first\n"
        if head.get("Connection") != "close":
            assert connection.request("GET", "/api/hello").status == 200


@every_stream
def test_head_of_a_stream_does_not_start_it(server: Server, gate: Gate, target: str) -> None:
    with server.connect() as connection:
        answer = connection.request("HEAD", f"{target}?gate={gate.port}")
        assert (answer.status, answer.body) == (200, b"")
        if answer.head.get("Connection") != "close":
            assert connection.request("GET", "/api/hello").status == 200
    assert not gate.was_asked()


@every_stream
@against(*SERVERS)
def test_a_client_that_leaves_in_the_middle_has_its_stream_closed(server: Server, gate: Gate, target: str) -> None:
    with server.connect() as connection:
        _, stream = open_stream(connection, target, gate)
        stream.until("first\n")
        connection.hang_up()
    make_pieces_for_nobody(server, gate, target)
    assert gate.ending() == CLOSED
    assert "Traceback" not in server.printed()


@pytest.mark.parametrize("target", ASYNC)
@against(*ASGI_SERVERS)
def test_a_stream_that_waits_is_closed_as_soon_as_its_client_leaves(server: Server, gate: Gate, target: str) -> None:
    with server.connect() as connection:
        _, stream = open_stream(connection, target, gate)
        stream.until("first\n")
    # Nothing is let through: the iterator itself is woken.
    assert gate.ending() == CLOSED
    assert "Traceback" not in server.printed()


@every_stream
@streaming
def test_a_stream_that_breaks_is_cut_off_and_says_nothing_of_why(server: Server, gate: Gate, target: str) -> None:
    with server.connect() as connection:
        _, stream = open_stream(connection, target, gate)
        stream.until("first\n")
        gate.let_through(BREAK)
        rest, cut = stream.rest_until_cut()
        assert rest == ""
        assert cut == server.kind.cuts_broken_streams
        assert not cut or connection.closed_by_server()
    assert gate.ending() == BROKEN
    assert SECRET in server.printed()  # logged for those who run the server


@pytest.mark.parametrize("target", EVENTS)
@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}], ids=["plain", "gzip"])
@streaming
def test_events_arrive_one_by_one_in_their_format(
    server: Server, gate: Gate, target: str, headers: dict[str, str]
) -> None:
    with server.connect() as connection:
        head, stream = open_stream(connection, target, gate, **headers)
        assert (head.get("Content-Type") or "").split(";")[0] == "text/event-stream"
        assert head.get("Cache-Control") == "no-cache"
        assert head.get("X-Accel-Buffering") == "no"
        assert sorted(stream.until("\n\n").splitlines()) == ["", 'data: {"n":1}', "event: tick", "id: 1"]
        assert stream.until("\n\n") == 'data: {"n":2}\n\n'
        assert stream.until("\n\n") == "data: first\ndata: of two lines\n\n"
        gate.let_through(PIECE)
        assert stream.until("\n\n") == "data: next\ndata: of two lines\n\n"
        gate.let_through(FINISH)
        assert stream.rest() == ""


@pytest.mark.parametrize("target", EVENTS)
@against(*SERVERS)
def test_events_end_when_nobody_listens(server: Server, gate: Gate, target: str) -> None:
    with server.connect() as connection:
        _, stream = open_stream(connection, target, gate)
        stream.until("of two lines\n\n")
        connection.hang_up()
    make_pieces_for_nobody(server, gate, target)
    assert gate.ending() == CLOSED
