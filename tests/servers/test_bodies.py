"""Request bodies: counted, chunked, too large, endless, asked for first."""

import re
from hashlib import sha256

import pytest

from tests.servers.kinds import (
    ASGI_SERVERS,
    CHUNKED_KINDS,
    CHUNKED_SERVERS,
    FUNCTIONS,
    GRANIAN_ASGI,
    GRANIAN_ON_BROKEN_BODY,
    GRANIAN_WSGI,
    PLAIN_ASGI,
    RUNSERVER,
    SERVERS,
    against,
)
from tests.servers.running import Server
from tests.servers.wire import LAST_CHUNK, Answer, Connection, CutOff, chunk, request_bytes

pytestmark = pytest.mark.server

JSON = {"Content-Type": "application/json"}
CHUNKED_JSON = {**JSON, "Transfer-Encoding": "chunked"}
CHUNKED_BYTES = {"Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"}
LIMIT = 1024  # of the routes "echo" and "async_echo"
RAW_LIMIT = 4 * 1024 * 1024  # of the routes "raw", "async_raw" and "upload"
ECHOES = ["/api/echo", "/api/async_echo"]
RAW = ["/api/raw", "/api/async_raw"]


def json_of_size(size: int) -> bytes:
    return b'"%s"' % (b"a" * (size - 2))


def assert_refused_as_too_large(answer: Answer, limit: str) -> None:
    assert answer.status == 413
    assert answer.head.get("Content-Type") == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 413
    assert re.search(limit, problem["detail"]), problem


ONE_KB = r"(?i)\b1 ?kb\b|\b1,?024\b"
FOUR_MB = r"(?i)\b4 ?mb\b|\b4,?194,?304\b"


@pytest.mark.parametrize("target", ECHOES)
@against(*CHUNKED_KINDS)
def test_a_chunked_body_is_put_together_and_parsed(server: Server, target: str) -> None:
    with server.connect() as connection:
        body = chunk(b'{"a": [1, ') + chunk(b"2") + chunk(b", 3]}") + LAST_CHUNK
        answer = connection.request("POST", target, CHUNKED_JSON, body)
        assert (answer.status, answer.json()["body"]) == (200, {"a": [1, 2, 3]})
        assert connection.request("GET", "/api/hello").status == 200


@pytest.mark.parametrize("target", ECHOES)
@against(*CHUNKED_KINDS, PLAIN_ASGI)
def test_a_body_of_exactly_the_limit_passes_in_chunks_and_one_byte_more_does_not(server: Server, target: str) -> None:
    with server.connect() as connection:
        body = chunk(json_of_size(LIMIT)[:1000]) + chunk(json_of_size(LIMIT)[1000:]) + LAST_CHUNK
        answer = connection.request("POST", target, CHUNKED_JSON, body)
        assert (answer.status, answer.json()["body"]) == (200, "a" * (LIMIT - 2))
    with server.connect() as connection:
        body = chunk(json_of_size(LIMIT + 1)) + LAST_CHUNK
        assert_refused_as_too_large(connection.request("POST", target, CHUNKED_JSON, body), ONE_KB)


@pytest.mark.parametrize("target", ECHOES)
def test_a_counted_body_of_exactly_the_limit_passes_and_one_byte_more_does_not(server: Server, target: str) -> None:
    with server.connect() as connection:
        answer = connection.request("POST", target, JSON, json_of_size(LIMIT))
        assert (answer.status, answer.json()["body"]) == (200, "a" * (LIMIT - 2))
        too_large = connection.request("POST", target, JSON, json_of_size(LIMIT + 1))
        assert_refused_as_too_large(too_large, ONE_KB)


# Servers only, as all tests here of bodies that are refused before they have come: a gateway asks no function until
# it has all of a body.
@pytest.mark.parametrize("target", [*ECHOES, *RAW])
@against(*SERVERS)
def test_a_body_that_announces_too_much_is_refused_before_a_byte_of_it_is_sent(server: Server, target: str) -> None:
    with server.connect() as connection:
        connection.send(request_bytes("POST", target, {**JSON, "Content-Length": str(RAW_LIMIT + 1)}))
        assert_refused_as_too_large(connection.answer(), FOUR_MB if target in RAW else ONE_KB)


@against(*SERVERS)
def test_a_client_that_sends_all_of_a_body_too_large_is_refused(server: Server) -> None:
    with server.connect() as connection:
        piece = b"x" * 65536
        connection.send(request_bytes("POST", "/api/echo", {"Content-Length": str(512 * len(piece))}))
        sent = connection.send_until_answered(piece, 512 * len(piece))
        try:
            assert_refused_as_too_large(connection.answer(), ONE_KB)
        except CutOff:
            assert sent  # the server left before it had read all: the kernel then drops its last words


@pytest.mark.parametrize("target", [*ECHOES, *RAW])
@against(*FUNCTIONS)
def test_a_body_too_large_that_a_gateway_has_read_is_refused(server: Server, target: str) -> None:
    with server.connect() as connection:
        answer = connection.request("POST", target, JSON, json_of_size(RAW_LIMIT + 1))
        assert_refused_as_too_large(answer, FOUR_MB if target in RAW else ONE_KB)
        binary = {"Content-Type": "application/octet-stream"}
        refused = connection.request("POST", target, binary, b"\xff" * (RAW_LIMIT + 1))
        assert_refused_as_too_large(refused, FOUR_MB if target in RAW else ONE_KB)
        assert connection.request("GET", "/api/hello").status == 200


@pytest.mark.parametrize("size", [7, 11])
@against(*FUNCTIONS)
def test_a_body_larger_than_the_platform_takes_reaches_no_function(server: Server, size: int) -> None:
    with server.connect() as connection:
        connection.try_to_send(request_bytes("POST", "/api/raw", {}, b"x" * (size * 1024 * 1024)))
        assert connection.answer().status == 413
    with server.connect() as connection:
        assert connection.request("GET", "/api/hello").status == 200
    assert "Traceback" not in server.printed()


@pytest.mark.parametrize("target", [*ECHOES, *RAW])
@against(*CHUNKED_SERVERS)
def test_an_endless_upload_is_refused_while_the_client_still_sends(server: Server, target: str) -> None:
    with server.connect() as connection:
        connection.send(request_bytes("POST", target, CHUNKED_BYTES))
        # What the kernel and the server hold between the two comes on top of the limit.
        connection.send_until_answered(chunk(b"x" * 65536), RAW_LIMIT + 32 * 1024 * 1024)
        try:
            answer = connection.answer()
        except CutOff:
            pass  # the server left while we still sent: the kernel then drops its last words
        else:
            assert_refused_as_too_large(answer, FOUR_MB if target in RAW else ONE_KB)
    assert "Traceback" not in server.printed()


@pytest.mark.parametrize("target", ECHOES)
@against(*CHUNKED_SERVERS)
def test_a_chunked_upload_is_refused_when_it_passes_the_limit_though_the_client_then_waits(
    server: Server, target: str
) -> None:
    with server.connect() as connection:
        connection.send(request_bytes("POST", target, CHUNKED_JSON, chunk(json_of_size(LIMIT + 1))))
        assert_refused_as_too_large(connection.answer(), ONE_KB)


@against(RUNSERVER)
def test_a_chunked_body_whose_end_the_server_does_not_tell_needs_a_length(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request_bytes("POST", "/api/echo", CHUNKED_JSON, chunk(b'{"a": 1}') + LAST_CHUNK))
        answer = connection.answer()
        assert (answer.status, answer.json()["status"]) == (411, 411)
        assert answer.head.get("Content-Type") == "application/problem+json"


@against(RUNSERVER)
def test_an_unread_chunked_body_is_not_taken_for_the_next_request(server: Server) -> None:
    with server.connect() as connection:
        smuggled = chunk(request_bytes("GET", "/api/say?word=smuggled")) + LAST_CHUNK
        connection.send(request_bytes("POST", "/api/echo", CHUNKED_JSON, smuggled))
        assert connection.answer().status == 411
        connection.finish_sending()
        assert b"smuggled" not in connection.everything()
    assert "smuggled\n" not in server.printed()


def test_a_body_that_ends_too_early_never_reaches_the_handler(server: Server) -> None:
    with server.connect() as connection:
        headers = {"Content-Type": "text/plain", "Content-Length": "100"}
        connection.send(request_bytes("POST", "/api/echo", headers, b"only these"))
        connection.finish_sending()
        received = connection.everything()
    if server.kind is not GRANIAN_ASGI or not received.endswith(GRANIAN_ON_BROKEN_BODY):
        assert not received or received.startswith(b"HTTP/1.1 400 "), received
    assert "Traceback" not in server.printed()


@against(*SERVERS)
def test_a_client_that_asks_first_is_refused_without_a_body(server: Server) -> None:
    with server.connect() as connection:
        headers = {**JSON, "Content-Length": "5000000", "Expect": "100-continue"}
        connection.send(request_bytes("POST", "/api/echo", headers))
        # gunicorn and wsgiref say "100 Continue" of themselves, before any application is asked.
        assert_refused_as_too_large(connection.answer(), ONE_KB)


@against(GRANIAN_WSGI, *ASGI_SERVERS)
def test_a_client_that_asks_first_is_not_encouraged_to_send_too_much(server: Server) -> None:
    with server.connect() as connection:
        headers = {**JSON, "Content-Length": "5000000", "Expect": "100-continue"}
        connection.send(request_bytes("POST", "/api/echo", headers))
        assert connection.head().status == 413


def test_a_client_that_asks_first_may_send_what_is_allowed(server: Server) -> None:
    with server.connect() as connection:
        headers = {**JSON, "Content-Length": "7", "Expect": "100-continue"}
        connection.send(request_bytes("POST", "/api/echo", headers))
        assert connection.head().status == 100
        connection.send(b'{"a":1}')
        assert connection.answer().json()["body"] == {"a": 1}


@pytest.mark.parametrize("target", RAW)
def test_a_handler_reads_an_unparsed_body_piece_by_piece(server: Server, target: str) -> None:
    content = bytes(range(256)) * 8192  # 2 MB
    expected = {"body": None, "size": len(content), "sha256": sha256(content).hexdigest()}
    with server.connect() as connection:
        assert connection.request("POST", target, JSON, content).json() == expected
        assert connection.request("GET", "/api/hello").status == 200


@pytest.mark.parametrize("target", RAW)
@against(*CHUNKED_KINDS)
def test_a_handler_reads_an_unparsed_body_of_chunks(server: Server, target: str) -> None:
    content = bytes(range(256)) * 8192
    expected = {"body": None, "size": len(content), "sha256": sha256(content).hexdigest()}
    body = b"".join(chunk(content[start : start + 50_000]) for start in range(0, len(content), 50_000))
    with server.connect() as connection:
        assert connection.request("POST", target, CHUNKED_BYTES, body + LAST_CHUNK).json() == expected
        assert connection.request("GET", "/api/hello").status == 200


def form_with_file(content: bytes) -> tuple[dict[str, str], bytes]:
    fields = (
        b'--line\r\nContent-Disposition: form-data; name="title"\r\n\r\nA title\r\n'
        b'--line\r\nContent-Disposition: form-data; name="file"; filename="data.bin"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n--line--\r\n"
    )
    return {"Content-Type": "multipart/form-data; boundary=line"}, fields


def expected_upload(content: bytes) -> dict[str, object]:
    return {"name": "data.bin", "sha256": sha256(content).hexdigest(), "fields": {"title": "A title"}}


def upload(connection: Connection, headers: dict[str, str], body: bytes) -> Answer:
    return connection.request("POST", "/api/upload", headers, body)


def test_a_file_is_uploaded(server: Server) -> None:
    # Above 2.5 MB Django writes a file to the disk, and would refuse it in a body without files.
    content = bytes(range(256)) * 12_000
    headers, body = form_with_file(content)
    with server.connect() as connection:
        assert upload(connection, headers, body).json() == expected_upload(content)


@against(*CHUNKED_KINDS)
def test_a_file_is_uploaded_in_chunks(server: Server) -> None:
    content = bytes(range(256)) * 12_000
    headers, body = form_with_file(content)
    chunks = b"".join(chunk(body[start : start + 65_536]) for start in range(0, len(body), 65_536))
    with server.connect() as connection:
        answer = upload(connection, {**headers, "Transfer-Encoding": "chunked"}, chunks + LAST_CHUNK)
        assert answer.json() == expected_upload(content)
