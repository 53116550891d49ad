"""Connections: kept alive, shared, crowded; answers without a body."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.servers.kinds import CHUNKED_KINDS, against
from tests.servers.running import Server
from tests.servers.wire import LAST_CHUNK, Connection, chunk, request_bytes

pytestmark = pytest.mark.server


def test_a_connection_serves_one_request_after_the_other(server: Server) -> None:
    with server.connect() as connection:
        for number in range(3):
            answer = connection.request("GET", f"/api/items/{number}")
            assert (answer.status, answer.json()) == (200, {"id": number})
        posted = connection.request("POST", "/api/echo", {"Content-Type": "application/json"}, b'{"a": [1]}')
        assert posted.json()["body"] == {"a": [1]}
        assert connection.request("GET", "/api/hello").json() == {"message": "hello"}


def test_a_connection_lives_on_after_an_error(server: Server) -> None:
    with server.connect() as connection:
        for target, status in [("/api/nowhere", 404), ("/api/broken", 500), ("/api/hello", 200)]:
            assert connection.request("GET", target).status == status


def test_a_connection_lives_on_after_a_body_that_nobody_wanted(server: Server) -> None:
    with server.connect() as connection:
        body = b"x" * 900
        assert connection.request("POST", "/api/nowhere", {"Content-Type": "text/plain"}, body).status == 404
        assert connection.request("PUT", "/api/methods", {"Content-Type": "text/plain"}, body).status == 405
        assert connection.request("POST", "/api/methods", {"Content-Type": "text/plain"}, body).status == 200
        assert connection.request("GET", "/api/hello").status == 200


@against(*CHUNKED_KINDS)
def test_a_connection_lives_on_after_a_chunked_body_that_nobody_wanted(server: Server) -> None:
    with server.connect() as connection:
        headers = {"Transfer-Encoding": "chunked", "Content-Type": "text/plain"}
        body = chunk(b"GET /api/smuggled HTTP/1.1\r\n\r\n") + LAST_CHUNK
        assert connection.request("PUT", "/api/methods", headers, body).status == 405
        assert connection.request("GET", "/api/hello").status == 200


def test_requests_sent_at_once_are_answered_in_their_order(server: Server) -> None:
    with server.connect() as connection:
        connection.send(b"".join(request_bytes("GET", f"/api/items/{number}") for number in range(5)))
        assert [connection.answer().json() for _ in range(5)] == [{"id": number} for number in range(5)]


def test_a_client_that_asks_for_it_is_hung_up_on(server: Server) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", "/api/hello", {"Connection": "close"})
        assert answer.json() == {"message": "hello"}
        assert connection.closed_by_server()


def test_a_client_of_http_1_0_gets_an_answer_without_chunks(server: Server) -> None:
    with server.connect() as connection:
        connection.send(b"GET /api/hello HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        answer = connection.answer()
        assert answer.json() == {"message": "hello"}
        assert answer.head.get("Content-Length") == str(len(answer.body))
        assert "Transfer-Encoding" not in answer.head


@pytest.mark.parametrize("target", ["/api/hello", "/api/methods", "/api/items/7", "/api/large", "/api/nowhere"])
def test_head_has_the_headers_of_get_and_no_body(server: Server, target: str) -> None:
    with server.connect() as connection:
        get = connection.request("GET", target)
        head = connection.request("HEAD", target)
        assert head.status == get.status
        assert head.head.stable() == get.head.stable()
        assert int(head.head.get("Content-Length") or "") == len(get.body) > 0
        # Had a body come, it would stand where the next answer is read.
        assert connection.request("GET", "/api/hello").json() == {"message": "hello"}


def test_head_is_told_of_the_same_compression_as_get(server: Server) -> None:
    with server.connect() as connection:
        get = connection.request("GET", "/api/large", {"Accept-Encoding": "gzip"}).head.stable()
        head = connection.request("HEAD", "/api/large", {"Accept-Encoding": "gzip"}).head.stable()
        assert get["content-encoding"] == "gzip"
        # Django adds a random number of bytes to whatever it compresses (the BREACH attack).
        del get["content-length"], head["content-length"]
        assert head == get


def test_no_content_has_no_body(server: Server) -> None:
    with server.connect() as connection:
        answer = connection.request("DELETE", "/api/methods")
        assert (answer.status, answer.body) == (204, b"")
        assert answer.head.get("Content-Length") is None  # RFC 9110, 8.6: never with a 204
        assert connection.serves_on_after(answer)


def test_not_modified_has_no_body_whatever_the_handler_gave(server: Server) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", "/api/not_modified")
        assert answer.status == 304
        assert connection.serves_on_after(answer)


def test_an_etag_that_comes_back_saves_the_body(server: Server) -> None:
    with server.connect() as connection:
        etag = connection.request("GET", "/api/hello").head.get("ETag")
        assert etag is not None
        again = connection.request("GET", "/api/hello", {"If-None-Match": etag})
        assert (again.status, again.head.get("ETag")) == (304, etag)
        assert connection.serves_on_after(again)
    with server.connect() as connection:
        assert connection.request("GET", "/api/hello", {"If-None-Match": '"another"'}).status == 200


def test_options_names_the_methods(server: Server) -> None:
    with server.connect() as connection:
        answer = connection.request("OPTIONS", "/api/methods")
        assert (answer.status, answer.head.get("Allow")) == (204, "DELETE, GET, HEAD, OPTIONS, POST")
        assert connection.serves_on_after(answer)
    with server.connect() as connection:
        refused = connection.request("PATCH", "/api/methods")
        assert (refused.status, refused.head.get("Allow")) == (405, "DELETE, GET, HEAD, OPTIONS, POST")


def test_a_large_answer_arrives_whole(server: Server) -> None:
    with server.connect() as connection:
        answer = connection.request("GET", "/api/large")
        assert answer.head.get("Content-Length") == str(4 * 1024 * 1024)
        assert answer.body == bytes(range(256)) * (4 * 1024 * 1024 // 256)


def test_fifty_requests_at_once_each_get_their_own_answer(server: Server) -> None:
    together = threading.Barrier(50)

    def ask(number: int) -> bool:
        with server.connect() as connection:
            together.wait(timeout=20)
            return all(_answered(connection, number * 10 + turn) for turn in range(4))

    with ThreadPoolExecutor(50) as clients:
        assert all(clients.map(ask, range(50)))


def _answered(connection: Connection, number: int) -> bool:
    """One of four kinds of request: sync and async, with and without a body."""
    headers, body = {"Content-Type": "application/json"}, json.dumps({"n": number}).encode()
    match number % 4:
        case 0:
            return bool(connection.request("GET", f"/api/items/{number}").json() == {"id": number})
        case 1:
            return bool(connection.request("GET", f"/api/echo?n={number}").json()["query"] == {"n": str(number)})
        case 2:
            return bool(connection.request("POST", "/api/echo", headers, body).json()["body"] == {"n": number})
        case _:
            answer = connection.request("POST", "/api/async_echo", headers, body)
            return bool(answer.json() == {"body": {"n": number}})
