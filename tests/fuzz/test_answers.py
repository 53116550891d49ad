"""Whatever an endpoint answers with: headers that cannot be broken out of, redirects, JSON, events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http.response import BadHeaderError
from django.test import Client
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pagesapi import HTTPError, JsonResponse, Response
from pagesapi.exceptions import ResponseError
from pagesapi.http.sse import event_bytes
from tests.fuzz.served import post, served

SAFE_NAME = set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")  # RFC 9110 §5.6.2
HOSTILE = st.text(st.sampled_from("aX-: \t\r\n\0\x0b\x7f\x85\u2028éπ\N{GRINNING FACE}\ud800"), max_size=10)
WORDS = st.text(max_size=10) | HOSTILE
NAMES = WORDS | st.sampled_from(["X-A", "X-A\r\nX-B: 1", "X-A\n", " X-A", "X-A:", "", "X é"])


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with served() as client:
        yield client


def is_sound(response: Any, *names: str) -> bool:
    """Whether nothing in the headers could end a line, and none is there but the expected ones."""
    lines = [*response.items(), *(("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values())]
    sound = all(
        set(name) <= SAFE_NAME
        and name
        and not any((ord(char) < 32 and char != "\t") or ord(char) in (127,) for char in value)
        for name, value in lines
    )
    expected = {"content-type", "location", "etag", *(name.lower() for name in names)}
    return sound and {name.lower() for name in response.headers} <= expected


@given(name=NAMES, value=WORDS, how=st.sampled_from(["set_header", "append_header"]))
@example(name="X-A", value="1\r\nX-B: 2", how="set_header")
@example(name="X-A", value="\n", how="append_header")
@example(name="X-A", value="\r", how="set_header")
@example(name="X-A", value="\0", how="set_header")
@example(name="X-A", value="0\u20280", how="set_header")
@example(name="X-A", value="0\u20290", how="append_header")
@example(name="", value="1", how="set_header")
def test_a_header_is_sound_or_refused(name: str, value: str, how: str) -> None:
    res = Response()
    try:
        getattr(res, how)(name, value)
        res.end()
    except (BadHeaderError, UnicodeError):
        return
    assert set(name) <= SAFE_NAME
    assert is_sound(res.http, name)
    res.http.serialize_headers().decode("latin-1")  # type: ignore[union-attr]


@given(values=st.lists(WORDS, max_size=4))
def test_a_header_of_several_values_is_sound_or_refused(values: list[str]) -> None:
    res = Response()
    try:
        res.set_header("X-A", values).end()
    except (BadHeaderError, UnicodeError):
        return
    assert is_sound(res.http, "X-A")


@given(content_type=WORDS)
@example(content_type="text/plain\r\nX-B: 1")
@example(content_type="text/\0plain")
@example(content_type="0\u20280")
def test_the_type_of_a_stream_is_sound_or_refused(content_type: str) -> None:
    res = Response()
    try:
        res.stream(iter([b"x"]), content_type=content_type)
    except (BadHeaderError, UnicodeError):
        return
    assert is_sound(res.http)


@given(name=NAMES, value=WORDS)
def test_headers_of_jsonresponse_are_sound_or_refused(name: str, value: str) -> None:
    assume(name.lower() != "content-length")
    try:
        response = JsonResponse({}, headers={name: value})
    except (BadHeaderError, UnicodeError):
        return
    assert is_sound(response, name)


@given(name=NAMES, value=HOSTILE)
@example(name="X-A", value="1\r\nX-B: 2")
def test_a_header_that_is_refused_is_a_500_and_none_of_it_is_sent(client: Client, name: str, value: str) -> None:
    body = json.dumps({"how": "set_header", "name": name, "value": value}).encode()
    response = post(client, body, "application/json", "/api/header")
    assert response.status_code in (200, 400, 500)  # 400: half of a surrogate pair is no JSON text
    for header, text in response.items():
        assert not set(header + text) & set("\r\n\0")
    if response.status_code == 500:
        assert name not in response or (name in ("X-A",) and response.get("X-A") is None)


@given(url=WORDS | st.text("/\\:.@#?ahtps[]%é\r\n \0", max_size=20))
@example(url="http://[")
@example(url="//evil.example\r\nX-A: 1")
@example(url="java\nscript:alert(1)")
@example(url=" javascript:alert(1)")
@example(url="\ud800")
@example(url="http://a]b/")
@example(url="/" + "x" * 10_000)
def test_a_redirect_to_what_the_caller_sent_is_no_error_of_the_program(client: Client, url: str) -> None:
    response = post(client, json.dumps({"url": url}).encode(), "application/json", "/api/redirect")
    assert response.status_code in (307, 400), (response.status_code, response.content)
    location = response.get("Location", "")
    assert location.isascii()
    assert not set(location) & set("\r\n\0 ")
    assert not location.lower().startswith(("javascript:", "data:", "vbscript:"))


@given(status=st.integers() | st.booleans() | st.none() | st.text(max_size=3) | st.floats())
def test_a_status_is_one_of_http_or_refused(status: Any) -> None:
    res = Response()
    try:
        res.status(status).end()
    except ResponseError:
        assert not (type(status) is int and 200 <= status <= 599)
        return
    assert 200 <= res.status_code <= 599
    assert type(res.http.status_code) is int  # type: ignore[union-attr]


@given(status=st.integers() | st.none() | st.text(max_size=3))
def test_an_httperror_is_an_error_status_or_refused(status: Any) -> None:
    try:
        error = HTTPError(status)
    except ValueError:
        assert not (type(status) is int and 400 <= status <= 599)
        return
    assert 400 <= error.status <= 599


def events_of(content: bytes) -> list[dict[str, str]]:
    """What a browser makes of a stream (WHATWG HTML §9.2.6)."""
    events: list[dict[str, str]] = []
    fields: dict[str, str] = {}
    data: list[str] = []
    for line in content.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                events.append({**fields, "data": "\n".join(data)})
            fields, data = {}, []
        elif name == "data":
            data.append(value)
        else:
            fields[name] = value
    return events


LINES = st.text(st.sampled_from("ab: \r\n\0é\u2028"), max_size=12)


@given(text=LINES | st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_one_event_with_its_lines(text: str) -> None:
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert events_of(event_bytes(text)) == [{"data": expected}]


@given(data=LINES | st.integers() | st.lists(LINES, max_size=3), event=LINES, id=LINES, retry=st.integers(0, 9999))
def test_the_fields_of_an_event_are_one_line_each_or_refused(data: Any, event: str, id: str, retry: int) -> None:
    try:
        (parsed,) = events_of(event_bytes({"data": data, "event": event, "id": id, "retry": retry}))
    except ResponseError:
        assert set(event + id) & set("\r\n\0")
        return
    assert (parsed["event"], parsed["id"], parsed["retry"]) == (event, id, str(retry))
    if not isinstance(data, str):
        assert json.loads(parsed["data"]) == data


@given(st.dictionaries(st.sampled_from(["data", "event", "id", "retry", "other"]), st.integers(), max_size=4))
def test_a_mapping_that_is_no_event_is_the_data_of_one(value: dict[str, int]) -> None:
    (parsed,) = events_of(event_bytes(value))
    if "data" not in value or "other" in value:
        assert json.loads(parsed["data"]) == value
    else:
        assert parsed == {name: str(number) for name, number in value.items()}
