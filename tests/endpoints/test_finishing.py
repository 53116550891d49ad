"""What a handler may do with `res`, and what is an error that says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http.response import BadHeaderError
from django.test import Client
from django.test import override_settings as override

from pagesapi.exceptions import HTTPError, ResponseError, title_of
from pagesapi.testing import route_tree

WRONG = {
    "answered twice": ("res.json(1); res.json(2)", "answered twice"),
    "answered and returned": ("res.json(1); return 2", "returned a int too"),
    "answered and returned a response": ("res.json(1); return JsonResponse(2)", "returned a response too"),
    "neither": ("pass", "neither answered nor returned"),
    "a header afterwards": ("res.json(1); res.set_header('X-A', '1')", "set_header"),
    "a status afterwards": ("res.json(1); res.status(201)", "status"),
    "a cookie afterwards": ("res.json(1); res.set_cookie('a', '1')", "set_cookie"),
    "a removal afterwards": ("res.json(1); res.remove_header('X-A')", "remove_header"),
    "a status that is none": ("res.status(99).end()", "200 to 599"),
    "a status of another type": ("res.status('200').end()", "200 to 599"),
    "a cookie that is none": ("res.set_header('Set-Cookie', 'nothing').end()", "is no cookie"),
    "a redirect to nowhere": ("res.redirect(307)", "takes a URL"),
    "a redirect of a wrong status": ("res.redirect(200, '/')", "takes a URL"),
    "a tuple with a status": ("return 201, {}", "JsonResponse(value, status=201)"),
}


@pytest.mark.parametrize(("code", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_handler_that_cannot_be_understood_is_told_so(client: Client, code: str, said: str) -> None:
    source = f"from pagesapi import JsonResponse\ndef handler(req, res):\n    {code}"
    with route_tree({"a.py": source}), pytest.raises(ResponseError) as caught:
        client.get("/api/a")
    assert said in str(caught.value)


RIGHT: dict[str, tuple[str, int, dict[str, str | None], Any]] = {
    "returned": ("return {'a': 1}", 200, {}, b'{"a":1}'),
    "returned with a status": ("res.status(201); return {'a': 1}", 201, {"ETag": None}, b'{"a":1}'),
    "status by its name": ("res.status_code = 202; return str(res.status_code)", 202, {}, b"202"),
    "res returned": ("return res.status(201)", 201, {"Content-Type": None}, b""),
    "res returned, answered": ("return res.json(1)", 200, {}, b"1"),
    "an object": ("return {1, 2}", 200, {"Content-Type": "application/json"}, b"[1,2]"),
    "bytes": ("res.send(bytearray(b'x'))", 200, {"Content-Type": "application/octet-stream"}, b"x"),
    "a response": ("res.set_cookie('a', '1'); return JsonResponse(1, headers={'X-A': '2'})", 200, {"X-A": "2"}, b"1"),
    "headers": (
        "res.set_header('X-A', ['1', '2']).append_header('X-A', 3).set_header('B', 4).remove_header('b').send('x')",
        200,
        {"X-A": "1, 2, 3", "B": None},
        b"x",
    ),
    "a header read back": ("res.append_header('X-A', '1'); return res.get_header('x-a')", 200, {"X-A": "1"}, b"1"),
    "a type of its own": (
        "res.set_header('Content-Type', 'text/csv').stream(['a', 'b'], content_type='text/plain')",
        200,
        {"Content-Type": "text/csv"},
        b"ab",
    ),
    "an own tag": ("res.set_header('ETag', '\"mine\"').send('x')", 200, {"ETag": '"mine"'}, b"x"),
    "text without a type": ("res.end('x')", 200, {"Content-Type": None, "ETag": None}, b"x"),
    "204 with a body": ("res.status(204).send('x')", 204, {"Content-Type": None, "Content-Length": None}, b""),
}


@pytest.mark.parametrize(("code", "status", "headers", "body"), RIGHT.values(), ids=RIGHT.keys())
def test_a_handler_answers(
    client: Client, code: str, status: int, headers: dict[str, str | None], body: bytes
) -> None:
    source = f"from pagesapi import JsonResponse\ndef handler(req, res):\n    {code}"
    with route_tree({"a.py": source}):
        response = client.get("/api/a")
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in headers} == headers
    assert response.getvalue() == body


def test_cookies_are_set_added_and_deleted(client: Client) -> None:
    source = """
        def handler(req, res):
            res.set_header("Set-Cookie", "gone=1")
            res.set_header("Set-Cookie", ["a=1; Path=/x", "b=2"]).append_header("Set-Cookie", "c=3; HttpOnly")
            res.append_header("Set-Cookie", ["d=4"]).set_cookie("e", "5", max_age=60).delete_cookie("f")
            res.end()
    """
    with route_tree({"a.py": source}):
        cookies = client.get("/api/a").cookies
    assert {name: cookie.value for name, cookie in cookies.items()} == {
        "a": "1", "b": "2", "c": "3", "d": "4", "e": "5", "f": "",
    }  # fmt: skip
    assert (cookies["a"]["path"], cookies["c"]["httponly"], cookies["e"]["max-age"]) == ("/x", True, 60)


def test_an_open_file_is_streamed_with_its_type_and_length(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"1,2\n")
    with route_tree({"a.py": f"def handler(req, res): res.send(open({str(tmp_path / 'a.csv')!r}, 'rb'))"}):
        response = client.get("/api/a")
        assert b"".join(response) == b"1,2\n"  # the client closes what it has read
    assert (response["Content-Type"], response["Content-Length"]) == ("text/csv", "4")


def test_a_cookie_beyond_ascii_comes_back_as_it_was_set(client: Client) -> None:
    source = "def handler(req, res): res.set_cookie('a', 'ü 100% 嘍', path='/api').json(req.cookies)"
    with route_tree({"a.py": source}):
        client.get("/api/a")
        assert client.get("/api/a").json() == {"a": "ü 100% 嘍"}


@pytest.mark.parametrize("option", ["path", "domain"])
def test_a_cookie_cannot_break_out_of_its_header(client: Client, option: str) -> None:
    source = f"def handler(req, res): res.set_cookie('a', 'b', {option}='x\\r\\nSet-Cookie: c=d').end()"
    with route_tree({"a.py": source}), pytest.raises(BadHeaderError):
        client.get("/api/a")


def test_a_function_that_returns_nothing_is_a_204(client: Client) -> None:
    with route_tree({"a.py": "def POST(request): pass"}):
        response = client.post("/api/a")
    assert (response.status_code, response.content, response.headers.get("Content-Type")) == (204, b"", None)
    assert "Content-Length" not in response.headers


@override(DEBUG=True)
def test_with_debug_the_reason_of_a_suspicion_is_shown(client: Client) -> None:
    source = """
        from django.core.exceptions import RequestDataTooBig, SuspiciousOperation

        def GET(request):
            raise SuspiciousOperation("odd") if "odd" in request.GET else RequestDataTooBig("big")
    """
    with route_tree({"a.py": source}):
        odd, big = client.get("/api/a?odd"), client.get("/api/a")
    assert (odd.status_code, odd.json()["detail"]) == (400, "odd")
    assert (big.status_code, big.json()["detail"]) == (413, "big")


def test_an_error_has_a_text_and_a_title() -> None:
    assert str(HTTPError(409, "Voted already")) == "409 Voted already"
    assert str(HTTPError(499)) == "499 Client Error"
    assert [title_of(status) for status in (404, 413, 599)] == ["Not Found", "Content Too Large", "Server Error"]
    with pytest.raises(ValueError, match="400 to 599"):
        HTTPError(200)


def test_a_status_that_http_does_not_define_is_sent_as_it_is(client: Client) -> None:
    with route_tree({"a.py": "def handler(req, res): res.status(299).json(1)"}):
        assert client.get("/api/a").status_code == 299
