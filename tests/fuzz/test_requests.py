"""Paths, queries, cookies and conditional headers as strangers send them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz.served import check, served

# As WSGI has it; no server lets a NUL pass (RFC 9110 §5.5), and Django's own reading of some headers trips over one.
RAW = st.binary(max_size=60).map(lambda raw: raw.decode("latin-1").replace("\0", ""))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
QUERIES = RAW | st.text("ab=&;%+[]0F#?\0\x80", max_size=40)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with served() as client:
        yield client


@given(query=QUERIES)
@example(query="a=%ff&a=%&%=b&=&&&=c")
@example(query="&".join(f"a{number}=1" for number in range(1001)))
@example(query="a=1;b=2")
@example(query="id=other&__class__=x")
def test_a_query_is_read_or_refused(client: Client, query: str) -> None:
    response: Any = client.get("/api/echo", QUERY_STRING=query)
    value = check(response)
    if response.status_code == 200:
        assert all(isinstance(item, str | list) for item in value["query"].values())


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_a_query_that_was_encoded_is_read_back(client: Client, pairs: list[tuple[str, str]]) -> None:
    value = check(client.get("/api/echo", QUERY_STRING=urlencode(pairs)))
    expected: dict[str, Any] = {}
    for name, text in parse_qsl(urlencode(pairs), keep_blank_values=True):
        expected.setdefault(name, []).append(text)
    assert value["query"] == {name: texts if len(texts) > 1 else texts[0] for name, texts in expected.items()}


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1, max_size=8))
def test_a_parameter_arrives_as_it_was_encoded_and_wins_over_the_query(client: Client, text: str) -> None:
    response: Any = client.get(
        "/", PATH_INFO=f"/api/posts/{text}".encode().decode("latin-1"), QUERY_STRING="id=no&b=1"
    )
    assert response.status_code == 200, response.content
    assert response.json() == {"id": text, "query": {"id": text, "b": "1"}}


@given(RAW | st.text("/.%\\ab\0", max_size=20))
@example("//")
@example("/../../etc/passwd")
@example("%2e%2e/%2F%5c")
@example("a//b///")
@example("\\\\evil.example")
def test_any_path_is_answered_or_is_a_404_or_is_redirected_on_this_host(client: Client, tail: str) -> None:
    response: Any = client.get("/", PATH_INFO=f"/api/docs/{tail}")
    assert response.status_code in (200, 308, 404)
    if response.status_code == 308:
        location = response["Location"]
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert location.isascii()
        assert not set(location) & set("\r\n\0 ")
    else:
        json.loads(response.content)


@given(RAW | st.text('a=;%20"\\, FéB', max_size=30))
@example("a=%ff; a=%E0%A4%A; b=%; c=%00; d")
@example('a="\\"; b="x\\054y"; =; ==; $Version=1')
@example("; ".join(f"c{number}=%41" for number in range(500)))
def test_cookies_are_read_whatever_they_hold(client: Client, header: str) -> None:
    cookies = check(client.get("/api/echo", HTTP_COOKIE=header))["cookies"]
    assert all(name and isinstance(value, str) for name, value in cookies.items())


@given(TEXT)
def test_a_cookie_that_was_percent_encoded_is_read_back(client: Client, text: str) -> None:
    cookies = check(client.get("/api/echo", HTTP_COOKIE=f"name={quote(text, safe='')}; other=%zz"))["cookies"]
    assert cookies == {"name": text, "other": "%zz"}


@given(RAW | st.text('W/"*, abcé', max_size=30))
@example('"')
@example('W/"' * 200)
@example(",".join(['"a"'] * 500))
@example("*, *")
def test_a_conditional_header_of_any_kind_is_200_or_304(client: Client, header: str) -> None:
    response: Any = client.get("/api/tagged", HTTP_IF_NONE_MATCH=header)
    assert response.status_code in (200, 304)
    assert response.content == (b"" if response.status_code == 304 else b"always the same")


@given(before=st.lists(st.sampled_from(['"x"', 'W/"y"', '""', '"a b"']), max_size=3), weak=st.booleans())
def test_a_known_tag_is_found_among_others(client: Client, before: list[str], weak: bool) -> None:
    tag = client.get("/api/tagged")["ETag"]
    header = ", ".join([*before, f"W/{tag}" if weak else tag])
    assert client.get("/api/tagged", HTTP_IF_NONE_MATCH=header).status_code == 304


HEADERS = st.sampled_from(
    ["HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_CACHE_CONTROL", "HTTP_ACCEPT", "HTTP_HOST", "HTTP_TRANSFER_ENCODING",
     "CONTENT_TYPE", "HTTP_COOKIE", "HTTP_RANGE", "HTTP_ACCESS_CONTROL_REQUEST_METHOD"]
)  # fmt: skip


@given(
    name=HEADERS, value=RAW | st.text("*/;=,:-0159aé", max_size=20), method=st.sampled_from(["GET", "POST", "OPTIONS"])
)
@example(name="CONTENT_LENGTH", value="-5", method="POST")
@example(name="CONTENT_LENGTH", value="1" * 5000, method="POST")
@example(name="CONTENT_LENGTH", value="none", method="POST")
@example(name="CONTENT_LENGTH", value="\xb2", method="POST")
@example(name="HTTP_ORIGIN", value="http://[", method="POST")
@example(name="HTTP_HOST", value="[::1", method="POST")
def test_no_header_is_an_error_of_the_program(client: Client, name: str, value: str, method: str) -> None:
    response: Any = client.generic(method, "/api/echo", **{name: value})  # type: ignore[arg-type]
    assert response.status_code in (200, 304, 400, 403, 411, 413, 415), (response.status_code, response.content)
    assert b"Traceback" not in response.content
