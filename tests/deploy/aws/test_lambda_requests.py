"""A request is the same in the function, whichever of AWS's front doors it came through."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.events import rest_api_event
from pagesapi.deploy.verify.lambda_runtime import LambdaRuntime
from pagesapi.deploy.verify.question import Question
from tests.deploy.aws.lambda_doors import HTTP_API, Door

CLIENT = "203.0.113.7"
EVERY_BYTE = bytes(range(256))


def read(answer: Answer) -> Any:
    assert answer.status == 200, answer
    return json.loads(answer.body)


def test_method_path_query_headers_and_where_it_came_from(runtime: LambdaRuntime, door: Door) -> None:
    told = read(door.ask(runtime, "PUT", "/api/echo/a/b?x=1&y=", ("X-Some-Thing", "some thing"), ("Accept", "*/*")))
    assert told["method"] == "PUT"
    assert told["path"] == "/api/echo/a/b"
    assert told["query"] == "x=1&y="
    assert told["headers"]["x-some-thing"] == "some thing"
    assert told["headers"]["host"] == "example.com"
    assert told["client"] == CLIENT
    assert told["url"] == "https://example.com/"
    assert told["port"] == "443"


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ("a%20b", "a b"),
        ("%C3%BC", "ü"),
        ("100%25", "100%"),
        ("%2541", "%41"),
        ("a%2Bb+c", "a+b+c"),
        ("a%23b;c=d", "a#b;c=d"),
        ("a%2Fb", "a/b"),
    ],
)
def test_a_path_is_decoded_once(runtime: LambdaRuntime, door: Door, sent: str, path: str) -> None:
    assert read(door.ask(runtime, "GET", f"/api/echo/{sent}"))["path"] == f"/api/echo/{path}"


def test_a_query_says_what_it_said(runtime: LambdaRuntime, door: Door) -> None:
    sent = "a=1&a=2&b=%26%3D%25&c=%C3%BC&d=x+y%2B&e=" if door.joins else "a=2&b=%26%3D%25&c=%C3%BC&d=x+y%2B&e="
    told = read(door.ask(runtime, "GET", f"/api/echo?{sent}"))
    assert parse_qsl(told["query"], keep_blank_values=True) == parse_qsl(sent, keep_blank_values=True)


def test_headers_that_are_repeated_are_joined(runtime: LambdaRuntime, door: Door) -> None:
    told = read(door.ask(runtime, "GET", "/api/echo", ("X-Many", "1"), ("X-Many", "2"), ("Cookie", "a=1; b=2")))
    given = told["headers"]["x-many"].replace(" ", "").split(",")
    assert given == (["1", "2"] if door.joins else ["2"])
    assert told["cookies"] == {"a": "1", "b": "2"}


def test_a_request_without_a_cookie_has_no_header_of_that_name(runtime: LambdaRuntime, door: Door) -> None:
    assert "cookie" not in read(door.ask(runtime, "GET", "/api/echo"))["headers"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/octet-stream", EVERY_BYTE),
        ("image/png", b"\x89PNG\r\n\x1a\n"),
        ("text/plain; charset=iso-8859-1", "Grüße".encode("latin-1")),
        ("text/plain; charset=utf-8", "Grüße".encode()),
        ("application/json", '{"ü": 1}'.encode()),
        ("application/x-www-form-urlencoded", b"a=1&b=2"),
    ],
)
def test_a_body_arrives_byte_for_byte(runtime: LambdaRuntime, door: Door, kind: str, body: bytes) -> None:
    told = read(door.ask(runtime, "POST", "/api/echo", ("Content-Type", kind), body=body))
    assert base64.b64decode(told["body"]) == body
    assert told["headers"]["content-type"] == kind
    assert told["headers"]["content-length"] == str(len(body))


def test_bytes_are_answered_as_they_are(runtime: LambdaRuntime, door: Door) -> None:
    assert door.ask(runtime, "GET", "/api/binary").body == EVERY_BYTE
    kind = ("Content-Type", "application/octet-stream")
    assert door.ask(runtime, "POST", "/api/binary", kind, body=EVERY_BYTE).body == EVERY_BYTE


def test_text_is_answered_in_its_own_charset(runtime: LambdaRuntime, door: Door) -> None:
    assert door.ask(runtime, "GET", "/api/latin").body == "Grüße".encode("latin-1")
    assert door.ask(runtime, "GET", "/api/text").body == "Grüße".encode()


def test_several_cookies_are_several_headers(runtime: LambdaRuntime, door: Door) -> None:
    cookies = door.ask(runtime, "GET", "/api/cookies").values("set-cookie")
    assert cookies == [f'{name}="1\\073 2"; HttpOnly; Path=/' for name in ("a", "b", "c")]


def test_head_has_the_headers_and_204_and_304_have_no_body(runtime: LambdaRuntime, door: Door) -> None:
    got = door.ask(runtime, "GET", "/api/text")
    head = door.ask(runtime, "HEAD", "/api/text")
    assert (head.status, head.body, sorted(head.headers)) == (200, b"", sorted(got.headers))
    again = door.ask(runtime, "GET", "/api/text", ("If-None-Match", got.values("etag")[0]))
    assert (again.status, again.body) == (304, b"")
    nothing = door.ask(runtime, "GET", "/api/nothing")
    assert (nothing.status, nothing.body) == (204, b"")
    assert not nothing.values("content-type")


def test_an_answer_is_text_where_it_can_be(runtime: LambdaRuntime) -> None:
    """A REST API hands out base64 as it is, unless it was told which types are binary."""
    for path in ("/api/text", "/api/echo", "/api/crash", "/nowhere"):
        result = runtime.invoke(rest_api_event(Question("GET", path, (("Host", "example.com"),))))
        assert result["isBase64Encoded"] is False, path


def test_an_address_that_the_client_wrote_is_not_believed(runtime: LambdaRuntime, door: Door) -> None:
    told = read(door.ask(runtime, "GET", "/api/echo", ("X-Forwarded-For", "192.0.2.66")))
    assert told["client"] == CLIENT
    assert told["headers"]["x-forwarded-for"] == f"192.0.2.66, {CLIENT}"


def test_a_scheme_that_the_client_wrote_is_not_believed(runtime: LambdaRuntime, door: Door) -> None:
    told = read(door.ask(runtime, "GET", "/api/echo", ("X-Forwarded-Proto", "http"), ("X-Forwarded-Port", "80")))
    assert (told["url"], told["port"]) == ("https://example.com/", "443")


def test_a_header_with_an_underscore_is_no_other_header(runtime: LambdaRuntime, door: Door) -> None:
    """As servers do: in WSGI both have one name."""
    told = read(
        door.ask(runtime, "GET", "/api/echo", ("X_Forwarded_For", "192.0.2.66"), ("X_Custom", "1"), ("X-Custom", "2"))
    )
    assert told["headers"]["x-custom"] == "2"
    assert told["headers"]["x-forwarded-for"] == CLIENT


def test_two_events_in_a_row_share_nothing(runtime: LambdaRuntime, door: Door) -> None:
    left = door.ask(
        runtime,
        "POST",
        "/api/leave?q=1",
        ("Cookie", "left=1"),
        ("X-Left", "1"),
        ("Content-Type", "text/plain"),
        body=b"b",
    )
    assert left.status == 200
    assert left.values("set-cookie") == ["left=behind; Path=/"]
    answer = door.ask(runtime, "GET", "/api/echo")
    told = read(answer)
    assert not answer.values("set-cookie")
    assert not answer.values("x-left")
    assert (told["cookies"], told["body"], told["query"], told["marked"]) == ({}, "", "", False)
    assert (told["language"], told["time_zone"]) == ("en", "UTC")
    assert not {"x-left", "cookie", "content-type"} & told["headers"].keys()


def test_an_exception_in_an_endpoint_is_a_500_and_the_next_event_is_answered(
    runtime: LambdaRuntime, door: Door
) -> None:
    answer = door.ask(runtime, "GET", "/api/crash")
    assert answer.status == 500
    assert answer.values("content-type") == ["application/problem+json"]
    assert b"nobody caught this" not in answer.body
    assert "nobody caught this" in runtime.log
    assert read(door.ask(runtime, "GET", "/api/echo"))["method"] == "GET"


def test_an_answer_of_six_megabytes_is_passed_on_and_a_larger_one_is_a_clear_500(runtime: LambdaRuntime) -> None:
    whole = HTTP_API.ask(runtime, "GET", "/api/large?size=6000000")
    assert (whole.status, len(whole.body)) == (200, 6_000_000)
    for query in ("size=7000000", "size=5000000&binary=1"):
        answer = HTTP_API.ask(runtime, "GET", f"/api/large?{query}")
        assert answer.status == 500
        assert answer.values("content-type") == ["application/problem+json"]
        assert "6 MB" in json.loads(answer.body)["detail"]
    assert runtime.is_alive
    assert read(HTTP_API.ask(runtime, "GET", "/api/echo"))["method"] == "GET"


def test_a_body_of_nearly_six_megabytes_arrives_and_one_above_the_routes_limit_is_413(runtime: LambdaRuntime) -> None:
    kind = ("Content-Type", "text/plain")
    told = HTTP_API.ask(runtime, "POST", "/api/binary", kind, body=b"x" * 1_000_000)
    assert (told.status, len(told.body)) == (200, 1_000_000)
    refused = HTTP_API.ask(runtime, "POST", "/api/binary", kind, body=b"x" * 6_000_000)
    assert refused.status == 413
    assert refused.values("content-type") == ["application/problem+json"]
    assert read(HTTP_API.ask(runtime, "GET", "/api/echo"))["method"] == "GET"
