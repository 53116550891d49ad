from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pagesapi import Request, Response
from pagesapi.testing import route_tree
from tests.docs.page import Page

PAGE = Page("requests-and-responses")
ERRORS = PAGE.block('"errors"')
VALUES = PAGE.block('"sizes": [')
ECHO = "def handler(req, res): return {'body': req.body if type(req.body) is not bytes else 'bytes'}"


def test_the_first_example(site: Path, client: Client) -> None:
    answer = client.post("/api/search?q=a+b&limit=1", {"c": 1}, "application/json")
    assert (answer.json(), answer["X-Words"]) == ({"words": ["a"], "sent": {"c": 1}}, "2")
    missing = client.get("/api/search")
    assert (missing.status_code, list(missing.json()["errors"])) == (400, ["q"])


def names_in(table: list[list[str]], of: str) -> set[str]:
    return {name for row in table for name in re.findall(rf"`(?:await )?{of}\.(\w+)", row[0])}


def public(kind: type) -> set[str]:
    return {name for name in vars(kind) if not name.startswith("_")}


def test_each_name_of_the_request_is_listed() -> None:
    assert public(Request) - names_in(PAGE.rows_below("The request"), "req") == {"load"}


def test_each_name_of_the_response_is_listed() -> None:
    before, after = PAGE.source.split("## The response\n")[1].split("### JSON")[0].split("And before it")
    listed = {name for part in (before, after) for name in re.findall(r"res\.(\w+)", part)}
    assert public(Response) - listed == {"http", "taggable", "xframe_options_exempt"}
    assert listed - public(Response) == {"setHeader"}


def test_what_the_request_says(client: Client, db: None) -> None:
    source = """
        def handler(req, res):
            user = req.user.is_authenticated
            return [req.method, req.path, req.url, req.headers["x-a"], dict(req.params), req.cookies, req.raw.decode(),
                    req.preview, req.draft, req.preview_data, req.django.path, user]
    """
    with route_tree({"p/[id=int].py": source}):
        client.cookies["c"] = "a%20b"
        answer = client.post("/api/p/3?a=%20", b"raw", "application/x-other", headers={"X-A": "1"})
    expected: list[Any] = ["POST", "/api/p/3", "/api/p/3?a=%20", "1", {"id": 3}, {"c": "a b"}, "raw"]
    assert answer.json() == [*expected, False, False, {}, "/api/p/3", False]


def test_the_query(site: Path, client: Client) -> None:
    url = re.search(r"`(/api/tags/tea\S+)`", PAGE.source)
    assert url
    found = client.get(url[1]).json()
    assert (found["tag"], found["sort"], found["colours"], found["query"]["empty"]) == (
        "tea",
        "old",
        ["red", "blue"],
        "",
    )
    with route_tree({"a.py": "def handler(req, res): return [req.query['a[]'], req.query['items']]"}):
        assert client.get("/api/a?a[]=1&items=2").json() == ["1", "2"]


@pytest.mark.parametrize(
    ("content", "kind", "body"),
    [
        (b'{"a": [1]}', "application/json", {"a": [1]}),
        (b'{"a": [1]}', "application/problem+json", {"a": [1]}),
        (b"a=1&b=1&b=2", "application/x-www-form-urlencoded", {"a": "1", "b": ["1", "2"]}),
        ("ä".encode("latin-1"), "text/plain; charset=iso-8859-1", "ä"),
        (b"\x00", "application/x-anything", "bytes"),
        (b"", "", {}),
    ],
)
def test_the_body_by_its_type(content: bytes, kind: str, body: Any, client: Client) -> None:
    with route_tree({"a.py": ECHO}):
        assert client.generic("POST", "/api/a", content, kind).json() == {"body": body}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b"[" * 10_000, "application/json", 400),
        (b"\xff", "text/plain", 400),
        (b"a", "multipart/form-data", 400),
        (b"a", "text/plain; charset=punycode", 415),
        (b"a" * (1024**2 + 1), "text/plain", 413),
        (b"a" * 1024**2, "text/plain", 200),
    ],
)
def test_a_body_that_is_wrong(content: bytes, kind: str, status: int, client: Client) -> None:
    with route_tree({"a.py": ECHO}):
        assert client.generic("POST", "/api/a", content, kind).status_code == status


def test_a_missing_key_of_the_body(site: Path, client: Client) -> None:
    answer = client.post("/api/notes", {"title": "A"}, "application/json")
    assert answer.json() == {"title": "A", "tags": [], "author": None}
    answer = client.post("/api/notes", {}, "application/json")
    assert (answer.status_code, answer.json()["detail"]) == (400, "The field 'title' is missing.")


def test_a_type_for_the_body(site: Path, client: Client) -> None:
    answer = client.post("/api/subscribe", {"email": "ada@example.com"}, "application/json")
    assert (answer.status_code, answer.json()) == (201, {"subscribed": "ada@example.com"})
    answer = client.post("/api/subscribe", {"weekly": 5}, "application/json")
    assert answer.content == msgspec.json.encode(json.loads(ERRORS.text))
    assert client.post("/api/subscribe", {"email": "ada@example.com", "weekly": "1"}).status_code == 201


def test_a_struct_and_a_typed_dict(client: Client) -> None:
    for base, imported in (("Struct", "msgspec"), ("TypedDict", "typing")):
        source = f"from {imported} import {base}\nclass A({base}):\n    a: int\n"
        with route_tree({"a.py": source + "def POST(request): request.api.parse(A); return True"}):
            assert client.post("/api/a", {"a": 1}, "application/json").status_code == 200
            assert client.post("/api/a", {"a": "1"}, "application/json").status_code == 400
            assert client.post("/api/a", {"a": "1"}).status_code == 200


def test_files(site: Path, client: Client) -> None:
    photo = SimpleUploadedFile("a.png", b"12345")
    answer = client.post("/api/photos", {"photo": photo, "caption": "Here"})
    assert (answer.status_code, answer.json()) == (201, {"name": "a.png", "size": 5, "caption": "Here"})
    assert client.post("/api/photos", {"caption": "Here"}).status_code == 400


def test_a_body_in_pieces(site: Path, client: Client) -> None:
    content = b"a" * (2 * 1024**2)
    assert client.put("/api/import", content, "application/json").json() == {"bytes": len(content)}


def test_cookies_and_redirects(site: Path, client: Client) -> None:
    answer = client.post("/api/login", {"name": "ada"}, "application/json")
    assert (answer.status_code, answer["Location"]) == (303, "/api/welcome")
    assert answer.cookies["name"]["httponly"]
    answer = client.post("/api/login", {"name": "eve"}, "application/json")
    assert (answer.status_code, answer.content) == (403, b"Who are you?")


def test_json(site: Path, client: Client, settings: Any) -> None:
    assert client.get("/api/values").content == msgspec.json.encode(json.loads(VALUES.text))
    settings.DEBUG = True
    with route_tree({"a.py": "def GET(request): return {'items': [1, {'price': float('nan')}]}"}):
        assert "$.items[1].price" in client.get("/api/a").json()["detail"]


def test_etags(site: Path, client: Client) -> None:
    etag = client.get("/api/values")["ETag"]
    answer = client.get("/api/values", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert not client.get("/api/export.csv").headers.get("ETag")
    config = "from pagesapi import RouteConfig\nconfig = RouteConfig(etag=False)\n"
    bodies = [
        f"{config}def GET(request): return 1",
        "from django.http import HttpResponse\ndef GET(request): return HttpResponse('')",
        "def handler(req, res): res.end('a')",
    ]
    for body in bodies:
        with route_tree({"a.py": body}):
            assert "ETag" not in client.get("/api/a").headers


def test_streams_and_events(site: Path, client: Client) -> None:
    answer = client.get("/api/export.csv")
    assert answer["Content-Type"] == "text/csv"
    assert answer.getvalue() == b"number,square\n1,1\n2,4\n3,9\n"
    answer = client.get("/api/countdown")
    assert (answer["Content-Type"], answer["Cache-Control"], answer["X-Accel-Buffering"]) == (
        "text/event-stream",
        "no-cache",
        "no",
    )
    assert b"".join(answer).startswith(b'event: tick\ndata: {"left":2}\n\n')


def test_names_as_javascript_writes_them(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    with route_tree({"a.py": "def handler(req, res): res.setHeader('a', 'b')"}):
        assert "did you mean 'set_header'" in client.get("/api/a").json()["detail"]
