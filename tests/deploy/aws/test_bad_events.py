"""Whatever a function is called with, it answers clearly, and then the next event as if nothing had been."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.lambda_runtime import LambdaRuntime
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.results import first_answer, second_answer
from tests.deploy.aws.lambda_doors import HOST, HTTP_API, Door

GOOD = Question("POST", "/api/echo/a?b=c", (HOST, ("Content-Type", "text/plain"), ("Cookie", "d=e")), b"body")
GET = Question("GET", "/api/echo", (HOST,))
SURROGATE = "\ud800"  # half of a pair: JSON can say it, and no bytes can
ODD = ("日本", SURROGATE, "a\r\nX-Injected: 1", "a\0b", "\x7f", "", "x" * 5000)
WRONG: tuple[object, ...] = (
    None,
    5,
    -1.5,
    True,
    "",
    "text",
    "\0",
    f"é日{SURROGATE}",
    [],
    [None],
    {},
    {"a": None},
    {"": []},
)
Path = tuple[str, ...]


def answered(runtime: LambdaRuntime, event: object) -> Answer:
    """An answer; what is none of an endpoint's is a problem document."""
    result = runtime.invoke(event)
    # Where an event lacks what says how it wants its headers, they may be in either place.
    answer = (first_answer if "multiValueHeaders" in result else second_answer)(GET, result)
    if answer.status >= 400:
        check_problem(answer)
    return answer


def check_problem(answer: Answer) -> None:
    assert answer.values("content-type") == ["application/problem+json"], answer
    document = json.loads(answer.body)
    assert document["status"] == answer.status
    assert document["title"]


def wrongly_answered(runtime: LambdaRuntime, events: Iterable[tuple[object, object]]) -> dict[object, int]:
    """Those of the events, each with a name, that are not answered with a status below 500."""
    statuses = {name: answered(runtime, event).status for name, event in events}
    return {name: status for name, status in statuses.items() if not 200 <= status < 500}


def serves_on(runtime: LambdaRuntime, door: Door = HTTP_API) -> bool:
    told = json.loads(door.ask(runtime, "GET", "/api/echo").body)
    return told["method"] == "GET" and not told["cookies"] and not told["body"]


def places(value: object, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield (*path, name)
            yield from places(each, (*path, name))


def changed(event: dict[str, Any], path: Path, *replacement: object) -> dict[str, Any]:
    """Without that key; or with another value of it."""
    event = copy.deepcopy(event)
    at = event
    for name in path[:-1]:
        at = at[name]
    del at[path[-1]]
    if replacement:
        at[path[-1]] = replacement[0]
    return event


def with_header(event: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    event = copy.deepcopy(event)
    if "headers" in event:
        event["headers"][name] = value
    if "multiValueHeaders" in event:
        event["multiValueHeaders"][name] = [value]
    return event


def with_path(event: dict[str, Any], path: str) -> dict[str, Any]:
    event = copy.deepcopy(event)
    event["rawPath" if "rawPath" in event else "path"] = path
    if "http" in event["requestContext"]:
        event["requestContext"]["http"]["path"] = path
    return event


def test_each_key_may_be_missing(runtime: LambdaRuntime, door: Door) -> None:
    event = door.event(GOOD)
    statuses = {path: answered(runtime, changed(event, path)).status for path in places(event)}
    assert {path: status for path, status in statuses.items() if status not in {200, 400}} == {}
    assert set(statuses.values()) == {200, 400}
    assert serves_on(runtime, door)


def test_each_key_may_hold_anything(runtime: LambdaRuntime, door: Door) -> None:
    event = door.event(GOOD)
    events = (((path, repr(value)), changed(event, path, value)) for path in places(event) for value in WRONG)
    assert wrongly_answered(runtime, events) == {}
    assert serves_on(runtime, door)


@pytest.mark.parametrize("event", [None, True, 5, "text", [], [{}], {}, {"version": "2.0"}, {"Records": []}])
def test_what_is_no_request_is_a_400_that_says_so(runtime: LambdaRuntime, event: object) -> None:
    answer = answered(runtime, event)
    assert answer.status == 400
    assert json.loads(answer.body)["detail"]
    assert serves_on(runtime)


@pytest.mark.parametrize("version", ["3.0", "2", 2.0, None, "", ["2.0"], "1.0"])
def test_a_wrong_version_is_a_400_that_names_it(runtime: LambdaRuntime, version: object) -> None:
    answer = answered(runtime, {**HTTP_API.event(GOOD), "version": version})
    assert answer.status == 400
    assert "version" in json.loads(answer.body)["detail"]


def test_base64_that_is_none_is_a_400_through_every_door(runtime: LambdaRuntime, door: Door) -> None:
    for body in ("%%%", "abc", "YQ=", "YQ==YQ==", "é", "YQ= =", "a b c d", "YQ==\n"):
        answer = door.answer(GET, runtime.invoke({**door.event(GOOD), "body": body, "isBase64Encoded": True}))
        assert answer.status == 400
        check_problem(answer)
        assert "base64" in json.loads(answer.body)["detail"]
    assert serves_on(runtime, door)


@pytest.mark.parametrize("value", [None, 5, True, ["a"], {"a": "b"}])
def test_a_header_that_is_no_text_is_a_400(runtime: LambdaRuntime, value: object) -> None:
    event = HTTP_API.event(GOOD)
    event["headers"]["x-number"] = value
    assert answered(runtime, event).status == 400
    assert serves_on(runtime)


def test_a_header_may_hold_any_text(runtime: LambdaRuntime, door: Door) -> None:
    event = door.event(GET)
    names = (
        "x-odd",
        "user-agent",
        "cookie",
        "content-type",
        "content-length",
        "accept-language",
        "origin",
        "if-none-match",
    )
    events = (((name, value), with_header(event, name, value)) for name in names for value in ODD)
    assert wrongly_answered(runtime, events) == {}
    assert serves_on(runtime, door)


def test_a_header_may_have_any_name(runtime: LambdaRuntime, door: Door) -> None:
    event = door.event(GET)
    names = (*ODD, " ", "x y", "x:y", "é", "x\r\ny")
    assert wrongly_answered(runtime, ((name, with_header(event, name, "1")) for name in names)) == {}
    assert serves_on(runtime, door)


def test_a_host_that_is_none_is_a_400(runtime: LambdaRuntime, door: Door) -> None:
    event = door.event(GET)
    wrong = (" ", "not a host", "example.com/path", "a@b", "[::1", "example.com:port", "evil.example", "a, b", *ODD)
    statuses = {host: answered(runtime, with_header(event, "host", host)).status for host in wrong}
    assert set(statuses.values()) == {400}, statuses
    assert serves_on(runtime, door)


def test_a_path_may_be_anything(runtime: LambdaRuntime, door: Door) -> None:
    event = door.event(GET)
    odd = [
        "\0",
        "%00",
        "%",
        "%zz",
        "%ff%fe",
        "%2e%2e/",
        "日本",
        SURROGATE,
        "../../etc/passwd",
        "a/" * 2000,
        "?x=1",
        "#x",
    ]
    paths = [f"/api/echo/{each}" for each in odd]
    paths += ["//evil.example/api", "/\\evil.example", "api", "", "*", "https://evil.example/api/echo"]
    for path in paths:
        result = runtime.invoke(with_path(event, path))
        answer = (first_answer if "multiValueHeaders" in result else second_answer)(GET, result)
        assert answer.status in {200, 308, 400, 404}, (path, answer)
        assert not any(value.startswith(("//", "/\\", "http")) for value in answer.values("location")), (path, answer)
    assert serves_on(runtime, door)


def test_a_query_may_be_anything(runtime: LambdaRuntime) -> None:
    event = HTTP_API.event(GET)
    queries = ("%", "%zz", "%ff", f"a={SURROGATE}", "&&&=&", "\0", "é=日", "a[]=1&a[b]=2", "x" * 8000)
    assert wrongly_answered(runtime, ((query, {**event, "rawQueryString": query}) for query in queries)) == {}
    assert serves_on(runtime)


def test_a_method_may_be_anything(runtime: LambdaRuntime) -> None:
    event = HTTP_API.event(GET)
    methods = ("", "get", "G ET", "GET\r\n", "é", "X" * 1000, "CONNECT", "TRACE", "PURGE")
    place = ("requestContext", "http", "method")
    assert wrongly_answered(runtime, ((method, changed(event, place, method)) for method in methods)) == {}
    assert serves_on(runtime)


def test_an_address_that_is_none_is_no_error(runtime: LambdaRuntime, door: Door) -> None:
    event = door.event(GET)
    odd = (("x-forwarded-for", "unknown, , x"), ("x-forwarded-port", "port"), ("x-forwarded-proto", "ftp"))
    events = ((name, with_header(event, name, value)) for name, value in odd)
    assert wrongly_answered(runtime, events) == {}
    assert serves_on(runtime, door)


def test_a_body_that_nests_too_deep_or_is_no_json_is_a_400(runtime: LambdaRuntime) -> None:
    kind = ("Content-Type", "application/json")
    for body in (b"[" * 200_000, b"{", b"\xff", b"NaN"):
        answer = HTTP_API.ask(runtime, "POST", "/api/leave", kind, body=body)
        assert answer.status == 400
        check_problem(answer)
    assert serves_on(runtime)
