"""The adapter in this process; `test_bad_events.py` and others ask it through Lambda's own client."""

from __future__ import annotations

import asyncio
import base64
import gc
import logging
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from pytest_django import Settings

from pagesapi.deploy.aws import Handler, make_handler
from pagesapi.deploy.event import EventError, checked_event, client_of
from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.question import Question
from tests.deploy.aws.lambda_doors import DOORS, Door

SENT = (("X_Odd", "other"), ("X-Odd", "é日"), ("X-Forwarded-For", "6.6.6.6"), ("Cookie", "a=1; b=2"))


def several_cookies(request: Any) -> HttpResponse:
    response = HttpResponse("text")
    for name in ("a", "b", "c"):
        response.set_cookie(name, "1")
    return response


def latin(request: Any) -> HttpResponse:
    return HttpResponse("Grüße", content_type="text/plain; charset=iso-8859-1")


def binary(request: Any) -> HttpResponse:
    return HttpResponse(bytes(range(256)), content_type="application/octet-stream")


def typeless(request: Any) -> HttpResponse:
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    return response


def large(request: Any) -> HttpResponse:
    return HttpResponse("x" * int(request.GET["size"]))


def broken(request: Any) -> StreamingHttpResponse:
    def pieces() -> Iterator[str]:
        yield "one"
        raise ZeroDivisionError

    return StreamingHttpResponse(pieces())


def echo(request: Any, rest: str) -> HttpResponse:
    seen = (request.path, request.META["REMOTE_ADDR"], request.headers.get("X-Odd"), dict(request.COOKIES))
    return HttpResponse(repr(seen))


urlpatterns = [
    path("cookies", several_cookies),
    path("latin", latin),
    path("binary", binary),
    path("typeless", typeless),
    path("large", large),
    path("broken", broken),
    path("echo/<path:rest>", echo),
]


@pytest.fixture(params=["wsgi", "asgi"])
def handler(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Handler]:
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["example.com"]
    settings.MIDDLEWARE = []
    settings.WSGI_APPLICATION = None
    level = logging.getLogger("mangum").level
    yield make_handler(request.param)
    if request.param == "asgi":
        asyncio.get_event_loop().close()
        asyncio.set_event_loop(None)
    logging.getLogger("mangum").setLevel(level)


@pytest.fixture(params=DOORS, ids=lambda door: door.name)
def door(request: pytest.FixtureRequest) -> Door:
    return request.param  # type: ignore[no-any-return]


def asked(handler: Handler, door: Door, target: str, *headers: tuple[str, str]) -> Answer:
    question = Question("GET", target, (("Host", "example.com"), *headers))
    return door.answer(question, handler(door.event(question), None))


def test_several_cookies_and_text_pass_through_every_door(handler: Handler, door: Door) -> None:
    answer = asked(handler, door, "/cookies")
    assert (answer.status, answer.body) == (200, b"text")
    assert sorted(value[:3] for value in answer.values("set-cookie")) == ["a=1", "b=1", "c=1"]


def test_bytes_that_are_no_utf_8_pass_too(handler: Handler, door: Door) -> None:
    assert asked(handler, door, "/latin").body == "Grüße".encode("latin-1")
    assert asked(handler, door, "/binary").body == bytes(range(256))


def test_nothing_is_added_to_an_answer_without_a_type(handler: Handler, door: Door) -> None:
    answer = asked(handler, door, "/typeless")
    assert (answer.status, answer.values("content-type"), answer.body) == (204, [], b"")


def test_an_answer_may_be_large_but_not_too_large(
    handler: Handler, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    assert len(asked(handler, door, "/large?size=1100000").body) == 1_100_000
    answer = asked(handler, door, "/large?size=6300000")
    assert (answer.status, answer.values("content-type")) == (500, ["application/problem+json"])
    assert b"larger than the 6 MB" in answer.body
    assert "/large: the answer is larger" in caplog.text


def test_a_stream_that_breaks_is_a_500(handler: Handler, door: Door, caplog: pytest.LogCaptureFixture) -> None:
    answer = asked(handler, door, "/broken")
    assert (answer.status, answer.values("content-type")) == (500, ["application/problem+json"])
    assert "The adapter failed" in caplog.text
    (record,) = (record for record in caplog.records if record.name == "pagesapi.deploy")
    assert record.exc_info is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Django leaves the body's file open where a stream breaks
        traceback.clear_frames(record.exc_info[2])
        gc.collect()


def test_a_path_is_decoded_once_and_headers_are_those_of_the_caller(handler: Handler, door: Door) -> None:
    answer = asked(handler, door, "/echo/a%2541", ("X_Odd", "other"), *SENT)
    path, client, odd, cookies = eval(answer.body)  # noqa: S307 - a repr of our own
    assert (path, client, cookies) == ("/echo/a%41", "203.0.113.7", {"a": "1", "b": "2"})
    assert odd.encode("latin-1").decode() == "é日"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ([], "not list"),
        ({}, "missing required field `path`"),
        ({"version": "3.0"}, "'3.0'"),
        ({"version": "1.0", "rawPath": "/"}, "2.0 has a rawPath"),
        ({"rawPath": "/", "requestContext": {"http": {"method": "get"}}}, "method"),
        ({"path": "", "httpMethod": "GET"}, "slash"),
        ({"path": "/", "httpMethod": "GET", "body": "é", "isBase64Encoded": True}, "base64"),
        ({"path": "/", "httpMethod": "GET", "body": "\ud800"}, "text that is none"),
        ({"path": "/", "httpMethod": "GET", "headers": {"Host": "a b"}}, "Host"),
        ({"path": "/", "httpMethod": "GET", "headers": {"a": 1}}, "headers"),
    ],
)
def test_a_bad_event_is_a_400_that_says_what(event: Any, said: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(EventError, match=said):
        checked_event(event)
    answer = make_handler()(event, None)
    assert (answer["statusCode"], said in answer["body"].replace('\\"', '"')) == (400, True)
    assert "Bad event" in caplog.text


def test_what_no_server_would_pass_on_is_dropped() -> None:
    headers = {"X_A": ["1"], "a b": ["1"], "é": ["1"], "X-None": [], "X-Forwarded-Port": ["port"], "X-A": ["2"]}
    event = checked_event({"path": "/", "httpMethod": "GET", "multiValueHeaders": headers})
    assert event["multiValueHeaders"] == {"X-A": ["2"]}
    assert event["headers"] == {"X-A": "2"}
    assert client_of(event) == ""


def test_a_body_in_base64_is_read(handler: Handler) -> None:
    event = {"path": "/echo/x", "httpMethod": "GET", "headers": {"Host": "example.com"}, "isBase64Encoded": True}
    answer = handler({**event, "body": base64.b64encode(b"body").decode()}, None)
    assert answer["statusCode"] == 200
