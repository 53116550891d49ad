"""Streams of functions whose answer the platform takes whole: they arrive when they have ended, or not at all."""

import pytest

from tests.servers.gate import BREAK, BROKEN, FINISH, FINISHED, PIECE, SECRET, Gate
from tests.servers.kinds import WHOLE_KINDS, against
from tests.servers.running import Server
from tests.servers.test_streams import EVENTS, every_stream
from tests.servers.wire import Answer, request_bytes

pytestmark = pytest.mark.server
compressed_or_not = pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}], ids=["plain", "gzip"])


def whole_stream(server: Server, gate: Gate, target: str, headers: dict[str, str], *words: bytes) -> Answer:
    with server.connect() as connection:
        connection.send(request_bytes("GET", f"{target}?gate={gate.port}", headers))
        for word in words:
            gate.let_through(word)
        answer = connection.answer()
        assert connection.request("GET", "/api/hello").json() == {"message": "hello"}
    return answer


@every_stream
@compressed_or_not
@against(*WHOLE_KINDS)
def test_all_pieces_of_a_stream_arrive_when_it_has_ended(
    server: Server, gate: Gate, target: str, headers: dict[str, str]
) -> None:
    answer = whole_stream(server, gate, target, headers, PIECE, PIECE, FINISH)
    assert (answer.status, answer.body) == (200, b"first\nnext\nnext\n")
    assert gate.ending() == FINISHED


@every_stream
@against(*WHOLE_KINDS)
def test_a_stream_that_breaks_is_a_problem_that_says_nothing_of_why(server: Server, gate: Gate, target: str) -> None:
    answer = whole_stream(server, gate, target, {}, PIECE, BREAK)
    assert answer.status == 500
    assert answer.head.get("Content-Type") == "application/problem+json"
    assert answer.json()["status"] == 500
    assert gate.ending() == BROKEN
    assert SECRET in server.printed()  # logged for those who run the function


@pytest.mark.parametrize("target", EVENTS)
@compressed_or_not
@against(*WHOLE_KINDS)
def test_all_events_arrive_in_their_format(server: Server, gate: Gate, target: str, headers: dict[str, str]) -> None:
    answer = whole_stream(server, gate, target, headers, FINISH)
    assert (answer.head.get("Content-Type") or "").split(";")[0] == "text/event-stream"
    first, *others = answer.body.decode().split("\n\n")
    assert sorted(first.splitlines()) == ['data: {"n":1}', "event: tick", "id: 1"]
    assert others == ['data: {"n":2}', "data: first\ndata: of two lines", ""]
