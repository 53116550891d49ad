"""Cases of the same kind as the observed ones; their answers follow from Next.js or from our departures.

Three trees answer them: the two of the observed cases, and OWN, for what those do not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"
TEXT = "text/plain; charset=utf-8"
UNSET = object()  # not asked about

OWN: dict[str, str] = {
    # what a response can be made of
    "json-null.py": "def handler(req, res): res.json(None)",
    "json-nested.py": "def handler(req, res): res.json({'list': [{}, [], None, 1.5, 'a\"b', '<&>']})",
    "json-nan.py": "def handler(req, res): res.json({'a': float('nan')})",
    "send-none.py": "def handler(req, res): res.send(None)",
    "send-false.py": "def handler(req, res): res.send(False)",
    "send-float.py": "def handler(req, res): res.send(1.5)",
    "send-empty-object.py": "def handler(req, res): res.send({})",
    "send-bytes.py": "def handler(req, res): res.send(b'\\x00\\x01')",
    "send-html.py": "def handler(req, res): res.set_header('Content-Type', 'text/html').send('<p>')",
    "send-iterator.py": "def handler(req, res): res.send(iter([b'a', b'b']))",
    "status-404.py": "def handler(req, res): res.status(404).json({'error': 'gone'})",
    "status-202.py": "def handler(req, res): res.status(202).end()",
    "status-304.py": "def handler(req, res): res.status(304).send('x')",
    "status-204-json.py": "def handler(req, res): res.status(204).json({'a': 1})",
    "status-text.py": "def handler(req, res): res.status('200').json({})",
    "redirect/[status=int].py": "def handler(req, res): res.redirect(req.query.status, '/dest?a=1')",
    "redirect/[status=int]/absolute.py": (
        "def handler(req, res): res.redirect(req.query.status, 'https://example.com/')"
    ),
    "redirect/chained.py": "def handler(req, res): return res.set_header('X-A', '1').redirect('/dest')",
    "cookie.py": (
        "def handler(req, res):\n"
        "    res.set_cookie('a', 'x y', httponly=True, samesite='Lax').delete_cookie('b').json({})"
    ),
    "header-crlf.py": "def handler(req, res): res.set_header('X-A', 'a\\r\\nX-B: b').json({})",
    "header-removed.py": "def handler(req, res): res.set_header('X-A', '1').remove_header('x-a').json({})",
    "header-values.py": "def handler(req, res): res.set_header('X-N', 5).append_header('X-N', '6').json({})",
    "header-list.py": "def handler(req, res): res.set_header('X-A', ['1', '2']).json({})",
    "header-cookies.py": "def handler(req, res): res.set_header('Set-Cookie', ['a=1; Path=/', 'b=2']).json({})",
    "header-name.py": "def handler(req, res): res.set_header('X A', '1').json({})",
    "header-length.py": "def handler(req, res): res.set_header('Content-Length', '100').send('x')",
    "json-circle.py": "def handler(req, res):\n    a = {}\n    a['a'] = a\n    res.json(a)",
    "json-function.py": "def handler(req, res): res.json({'a': [print]})",
    "json-large.py": "def handler(req, res): res.json(2**70)",
    "json-times.py": (
        "import datetime, decimal, enum, uuid\n"
        "class Colour(enum.Enum):\n"
        "    RED = 'red'\n"
        "def handler(req, res):\n"
        "    res.json([datetime.date(2024, 2, 29), uuid.UUID(int=0), decimal.Decimal('1.50'), Colour.RED, {1}])"
    ),
    "redirect-crlf.py": "def handler(req, res): res.redirect('/a\\r\\nX-B: b')",
    "status-299.py": "def handler(req, res): res.status(299).send('x')",
    "status-99.py": "def handler(req, res): res.status(99).end()",
    "status-600.py": "def handler(req, res): res.status(600).end()",
    "status-set.py": "def handler(req, res):\n    res.status_code = 404\n    res.json({})",
    "return-false.py": "def handler(req, res): return False",
    "return-zero.py": "async def handler(req, res): return 0",
    "return-empty.py": "def handler(req, res): return ''",
    "return-nothing.py": "async def handler(req, res): return None",
    "own-etag.py": "def handler(req, res): res.set_header('ETag', '\"mine\"').json({})",
    "no-etag.py": (
        "from pagesapi import RouteConfig\nconfig = RouteConfig(etag=False)\ndef handler(req, res): res.json({})"
    ),
    "stream.py": "def handler(req, res): res.stream(iter(['a', 'b']), content_type='text/csv')",
    "events.py": "def handler(req, res): res.sse(iter(['one']))",
    # what a handler may return or forget
    "return-object.py": "def handler(req, res): return {'a': 1}",
    "return-text.py": "async def handler(req, res): return 'hello'",
    "return-res.py": "def handler(req, res): return res.status(201).json({'a': 1})",
    "return-both.py": "def handler(req, res):\n    res.json({})\n    return {'a': 1}",
    "return-tuple.py": "def handler(req, res): return 201, {'a': 1}",
    "json-twice.py": "def handler(req, res):\n    res.json({'a': 1})\n    res.json({'b': 2})",
    "header-after.py": "def handler(req, res):\n    res.json({})\n    res.set_header('X-A', '1')",
    # what it may raise
    "raise/[kind].py": (
        "from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError\n"
        "from django.http import Http404\n"
        "from pagesapi import HTTPError\n"
        "ERRORS = {\n"
        "    'conflict': HTTPError(409, 'Already voted', votes=1),\n"
        "    'retry': HTTPError(503, headers={'Retry-After': '5'}),\n"
        "    'absent': Http404('No such poll'),\n"
        "    'denied': PermissionDenied('Not yours'),\n"
        "    'suspicious': SuspiciousOperation('secret'),\n"
        "    'invalid': ValidationError({'email': ['Enter an e-mail address.']}),\n"
        "    'value': ValueError('secret'),\n"
        "    'key': KeyError('secret'),\n"
        "}\n"
        "def handler(req, res): raise ERRORS[req.query.kind]"
    ),
    "look-up.py": "def handler(req, res): res.json({'query': req.query['q'], 'body': req.body['name']})",
    "only-get.py": (
        "from pagesapi import RouteConfig\n"
        "config = RouteConfig(methods=['GET', 'POST'])\n"
        "def handler(req, res): res.json({'method': req.method})"
    ),
    "upload.py": (
        "def handler(req, res):\n"
        "    file = req.files.get('f')\n"
        "    res.json({'body': req.body, 'file': file and [file.name, file.size, file.content_type]})"
    ),
    # method functions
    "m/text.py": "def GET(request): return 'hello'",
    "m/bytes.py": "def GET(request): return b'hello'",
    "m/list.py": "async def GET(request): return [1, {'a': None}]",
    "m/zero.py": "def GET(request): return 0",
    "m/none.py": "def GET(request): return None\nDELETE = GET",
    "m/tuple.py": "def GET(request): return 201, {}",
    "m/generator.py": "def GET(request): yield from ('a', 'b')",
    "m/created.py": (
        "from pagesapi import JsonResponse\n"
        "def POST(request):\n"
        "    return JsonResponse(request.api.body, status=201, headers={'Location': '/api/m/created/1'})"
    ),
    "m/body.py": "def POST(request): return {'body': request.api.body, 'post': request.POST.dict()}\nPUT = POST",
    "m/view.py": (
        "from django.http import JsonResponse\n"
        "from django.views import View\n"
        "class Poll(View):\n"
        "    def get(self, request, **params): return JsonResponse({'method': request.method})\n"
        "    def delete(self, request, **params): return JsonResponse({'method': request.method})\n"
        "GET = DELETE = Poll.as_view()"
    ),
    "m/all.py": "\n".join(
        f"def {name}(request): return request.method"
        for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    ),
    "m/generator-async.py": "async def GET(request):\n    yield 'a'\n    yield 'b'",
    "m/generator-broken.py": "def GET(request):\n    yield 'a'\n    raise ValueError('secret')",
    "m/lambda.py": "GET = lambda request: {'a': 1}",
    "m/put-patch.py": "def PUT(request): return request.method\nPATCH = PUT",
    "m/delete.py": "async def DELETE(request): return None",
    # precedence and backtracking
    "t/[id=int].py": "def GET(request, id): return ['int', id]",
    "t/[id=int]/edit.py": "def GET(request, id): return ['int edit', id]",
    "t/[key=uuid].py": "def GET(request, key): return ['uuid', key]",
    "t/[name=slug].py": "def GET(request, name): return ['slug', name]",
    "t/[text].py": "def GET(request, text): return ['text', text]",
    "t/[text]/view.py": "def GET(request, text): return ['text view', text]",
    "t/[...rest].py": "def GET(request, rest): return ['rest', rest]",
    "t/7.py": "def GET(request): return ['static']",
    "deep/a/b/c/d.py": "def GET(request): return ['d']",
    "deep/a/[x]/c/e.py": "def GET(request, x): return ['e', x]",
    "deep/[y]/b/[z].py": "def GET(request, y, z): return ['z', y, z]",
    "deep/[[...all]].py": "def GET(request, all=None): return ['all', all]",
    "(one)/grouped.py": "def GET(request): return ['grouped']",
    "(one)/(two)/nested.py": "def GET(request): return ['nested']",
    "dotted.json.py": "def GET(request): return ['dotted']",
    "with-dash.py": "def GET(request): return ['dash']",
    "with space.py": "def GET(request): return ['space']",
    "test_me.py": "def GET(request): return ['a test']",
    "me_test.py": "def GET(request): return ['a test']",
    "conftest.py": "def GET(request): return ['a test']",
    "__init__.py": "",
    "_lib/tool.py": "def GET(request): return ['private']",
    "broken.py": "raise RuntimeError('boom')",
    "syntax.py": "def GET(request) return 1",
    "both.py": "def handler(req, res): res.json({})\ndef GET(request): return {}",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    tree: Literal["pages", "app", "own"]
    method: str
    path: str
    sent: Mapping[str, str]
    body: bytes
    status: int = 200
    answer: Any = UNSET  # the whole body: JSON as its value, text, bytes
    members: Mapping[str, Any] = field(default_factory=dict)  # some of a JSON object's
    detail: str = ""  # what a problem's text mentions
    headers: Mapping[str, str | None] = field(default_factory=dict)  # None: must not be there
    cookies: Mapping[str, str] = field(default_factory=dict)
    cut_off: bool = False


def pages(line: str, sent: Mapping[str, str] | None = None, body: str | bytes = b"", **wanted: Any) -> Row:
    return row("pages", line, sent, body, wanted)


def app(line: str, sent: Mapping[str, str] | None = None, body: str | bytes = b"", **wanted: Any) -> Row:
    return row("app", line, sent, body, wanted)


def own(line: str, sent: Mapping[str, str] | None = None, body: str | bytes = b"", **wanted: Any) -> Row:
    return row("own", line, sent, body, wanted)


def row(tree: Any, line: str, sent: Mapping[str, str] | None, body: str | bytes, wanted: dict[str, Any]) -> Row:
    method, _, path = line.partition(" ")
    content = body if isinstance(body, bytes) else body.encode()
    return Row(tree=tree, method=method, path=path, sent=sent or {}, body=content, **wanted)


def file(path: str, name: str, **query: Any) -> Row:
    return pages(f"GET {path}", members={"file": name, "query": query})


def moved(line: str, to: str) -> Row:
    return pages(line, status=308, headers={"location": to})


def query(text: str, values: Mapping[str, Any]) -> Row:
    return pages(f"GET /api/echo?{text}", members={"query": values, "url": f"/api/echo?{text}"})


def cookies(text: str, values: Mapping[str, str]) -> Row:
    return pages("GET /api/echo", {"Cookie": text}, members={"cookies": values})


def parsed(kind: str, body: str | bytes, value: Any, js_type: str = "object", method: str = "POST") -> Row:
    return pages(f"{method} /api/echo", {"Content-Type": kind}, body, members={"body": value, "bodyType": js_type})


def unparsed(kind: str, body: str | bytes, detail: str, status: int = 400) -> Row:
    return pages(
        "POST /api/echo",
        {"Content-Type": kind},
        body,
        status=status,
        detail=detail,
        headers={"content-type": PROBLEM},
    )


def refusal(make: Any, line: str, allow: str) -> Row:
    result: Row = make(line, status=405, headers={"allow": allow, "content-type": PROBLEM})
    return result


UUID = "0f2a7c1e-8a0b-4d3c-9e5f-112233445566"
MULTIPART = "multipart/form-data; boundary=X"


def part(name: str, value: str, filename: str | None = None, kind: str | None = None) -> str:
    extra = f'; filename="{filename}"' if filename else ""
    line = f"Content-Type: {kind}\r\n" if kind else ""
    return f'--X\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n{line}\r\n{value}\r\n'


ROWS: dict[str, Row] = {
    # --- files and URLs -------------------------------------------------------------------------
    "index of a folder": file("/api/nested", "nested/index.py"),
    "index of a folder, slash": moved("GET /api/nested/", "/api/nested"),
    "index of the root, slash and query": moved("GET /api/?a=1", "/api?a=1"),
    "index is no segment": pages("GET /api/index", status=404),
    "index is no segment of a folder": pages("GET /api/nested/index", status=404),
    "parameter and file below": file("/api/dyn/42/comments", "dyn/[id]/comments.py", id="42"),
    "parameter missing": pages("GET /api/dyn", status=404),
    "parameter, slash": moved("GET /api/dyn/42/", "/api/dyn/42"),
    "static wins, slash": moved("GET /api/dyn/static/", "/api/dyn/static"),
    "two parameters": file("/api/multi/1/2", "multi/[a]/[b].py", a="1", b="2"),
    "two parameters, one given": pages("GET /api/multi/1", status=404),
    "catch-all of three": file("/api/catch/a/b/c", "catch/[...slug].py", slug=["a", "b", "c"]),
    "catch-all of none, slash": pages("GET /api/catch/", status=404),  # no route is there to lead to
    "catch-all beats the query": file("/api/catch/a?slug=q", "catch/[...slug].py", slug=["a"]),
    "optional catch-all of none": file("/api/opt", "opt/[[...slug]].py"),
    "optional catch-all of none, slash": moved("GET /api/opt/", "/api/opt"),
    "optional catch-all of two": file("/api/opt/a/b", "opt/[[...slug]].py", slug=["a", "b"]),
    "optional catch-all beats the query": file("/api/opt/a?slug=q", "opt/[[...slug]].py", slug=["a"]),
    "optional catch-all, repeated query": file("/api/opt?slug=1&slug=2", "opt/[[...slug]].py", slug=["1", "2"]),
    "parameter before catch-all": file("/api/prio/5", "prio/[id].py", id="5"),
    "back from a static name to a parameter": file("/api/prio/known/x", "prio/[id]/x.py", id="known"),
    "back from a static name to the catch-all": file("/api/prio/known/y", "prio/[...rest].py", rest=["known", "y"]),
    "back from below a parameter": file("/api/prio/5/x/y", "prio/[...rest].py", rest=["5", "x", "y"]),
    "capitals": file("/api/UPPER", "UPPER.py"),
    "capitals asked for": pages("GET /api/ECHO", status=404),
    "capitals in the prefix": pages("GET /API/echo", status=404),
    "a group is no segment": pages("GET /api/(group)/g", status=404),
    "a name with a full stop": file("/api/foo.test", "foo.test.py"),
    "a file that is not Python": pages("GET /api/data.json", status=404),
    "the file's own name": pages("GET /api/echo.py", status=404),
    "a longer name": pages("GET /api/echoes", status=404),
    "a route has nothing below it": pages("GET /api/echo/below", status=404),
    "the prefix is a whole segment": pages("GET /apis/echo", status=404),
    # --- slashes --------------------------------------------------------------------------------
    "slash, POST": moved("POST /api/echo/", "/api/echo"),
    "slash, HEAD": moved("HEAD /api/echo/", "/api/echo"),
    "slash, OPTIONS": moved("OPTIONS /api/echo/", "/api/echo"),
    "slash, query kept as it is": moved("DELETE /api/echo/?a[]=%20&b=//", "/api/echo?a[]=%20&b=//"),
    "double slashes everywhere": moved("GET //api//echo", "/api/echo"),
    "three slashes at the end": moved("GET /api/echo///?a=1", "/api/echo/?a=1"),
    "double slash before a parameter": moved("GET /api/dyn//42", "/api/dyn/42"),
    "double slash in a catch-all": moved("GET /api/catch/a//b", "/api/catch/a/b"),
    "double slash, POST": moved("POST /api//echo", "/api/echo"),
    "slash, escapes kept": moved("GET /api/dyn/a%20b%3F/", "/api/dyn/a%20b%3F"),
    "slash of an unknown path": pages("GET /elsewhere//", status=404, headers={"location": None}),
    "slash, escaped": moved("GET /api/echo%2F", "/api/echo"),
    "slash, doubled by an escape": moved("GET /api/%2Fecho", "/api/echo"),
    "slash, an address in the query": moved("GET /api/echo/?next=//evil.example", "/api/echo?next=//evil.example"),
    "slashes at both ends": moved("GET ///api/echo/", "/api/echo/"),
    "slash after a backslash": pages("GET /api/\\evil.example/", status=404, headers={"location": None}),
    # --- escapes --------------------------------------------------------------------------------
    "escaped space": file("/api/dyn/a%20b", "dyn/[id].py", id="a b"),
    "plus in a path": file("/api/dyn/a+b", "dyn/[id].py", id="a+b"),
    "escaped plus": file("/api/dyn/a%2Bb", "dyn/[id].py", id="a+b"),
    "Chinese": file("/api/dyn/%E4%BD%A0", "dyn/[id].py", id="你"),
    "escaped emoji in a catch-all": file("/api/catch/%F0%9F%98%80/b", "catch/[...slug].py", slug=["😀", "b"]),
    "escaped question mark": file("/api/dyn/a%3Fb", "dyn/[id].py", id="a?b"),
    "escaped hash": file("/api/dyn/a%23b", "dyn/[id].py", id="a#b"),
    "escaped percent": file("/api/dyn/100%25", "dyn/[id].py", id="100%"),
    "escaped ampersand": file("/api/dyn/a%26b=c", "dyn/[id].py", id="a&b=c"),
    "escaped letters of a static name": file("/api/%65cho", "echo.py"),
    "escaped static name beats a parameter": file("/api/dyn/%73tatic", "dyn/static.py"),
    "punctuation": file("/api/dyn/~!$'()*,:@-._", "dyn/[id].py", id="~!$'()*,:@-._"),
    "a parameter that begins with a full stop": file("/api/dyn/.hidden", "dyn/[id].py", id=".hidden"),
    "a parameter that begins with an underscore": file("/api/dyn/_x", "dyn/[id].py", id="_x"),
    "a long parameter": file("/api/dyn/" + "x" * 3000, "dyn/[id].py", id="x" * 3000),
    "the prefix's slash escaped": file("/api%2Fecho", "echo.py"),
    "NUL after a name": pages("GET /api/echo%00", status=404),
    "dots": pages("GET /api/echo/../dyn/1", status=404),
    "a dot": pages("GET /api/./echo", status=404),
    "parameters of a segment": pages("GET /api/echo;x=1", status=404),
    "a name like a dunder": file("/api/dyn/__proto__", "dyn/[id].py", id="__proto__"),
    # --- query ----------------------------------------------------------------------------------
    "query, two names": query("a=1&b=2", {"a": "1", "b": "2"}),
    "query, repeated": query("a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
    "query, repeated with one bare": query("a=1&a", {"a": ["1", ""]}),
    "query, empty value": query("a=", {"a": ""}),
    "query, empty name": query("=x", {"": "x"}),
    "query, stray ampersands": query("&&a=1&", {"a": "1"}),
    "query, semicolon": query("a=1;b=2", {"a": "1;b=2"}),
    "query, escaped plus": query("a=%2B", {"a": "+"}),
    "query, equals in the value": query("a==b=", {"a": "=b="}),
    "query, escaped ampersand": query("a=1%262", {"a": "1&2"}),
    "query, euro": query("a=%E2%82%AC", {"a": "€"}),
    "query, no escape at all": query("a=%u20ac&b=%", {"a": "%u20ac", "b": "%"}),
    "query, indexed brackets": query("a[0]=x&a[1]=y", {"a[0]": "x", "a[1]": "y"}),
    "query, names of JavaScript": query("constructor=1&toString=2", {"constructor": "1", "toString": "2"}),
    "query, names of Python": query("get=1&items=2&__class__=3", {"get": "1", "items": "2", "__class__": "3"}),
    "query, plus in the name": query("a+b=1", {"a b": "1"}),
    "query, NUL": query("a=%00", {"a": "\0"}),
    "query, slashes": query("a=/x//y", {"a": "/x//y"}),
    "query beside a parameter": file("/api/dyn/1?x=2&x=3", "dyn/[id].py", id="1", x=["2", "3"]),
    # --- cookies --------------------------------------------------------------------------------
    "cookies, two": cookies("a=1; b=2", {"a": "1", "b": "2"}),
    "cookies, no space": cookies("a=1;b=2", {"a": "1", "b": "2"}),
    "cookies, empty value": cookies("a=; b=2", {"a": "", "b": "2"}),
    "cookies, escaped": cookies("a=%7B%22x%22%3A1%7D", {"a": '{"x":1}'}),
    "cookies, plus": cookies("a=x+y", {"a": "x+y"}),
    "cookies, half an escape": cookies("a=%E4%BD; b=%", {"a": "%E4%BD", "b": "%"}),
    "cookies, a trailing semicolon": cookies("a=1;", {"a": "1"}),
    "cookies, brackets in the name": cookies("a[b]=1", {"a[b]": "1"}),
    "cookies, a bare name": cookies("a; b=1", {"b": "1"}),
    "cookies, a bare value": cookies("=x", {}),
    "cookies, an open quote": cookies('a="1"; b="x', {"a": "1", "b": '"x'}),
    "cookies, an escape in quotes": cookies('a="x%20y"', {"a": "x y"}),
    "cookies, an escaped quote": cookies("a=%22", {"a": '"'}),
    "cookies, a comma": cookies("a=1,b=2", {"a": "1,b=2"}),
    "cookies, large and small letters": cookies("A=1; a=2", {"A": "1", "a": "2"}),
    "cookies, names of JavaScript": cookies("__proto__=1; constructor=2", {"__proto__": "1", "constructor": "2"}),
    # As Django and the app router read them; the pages router keeps the first.
    "cookies, one name twice": cookies("a=1; a=2", {"a": "2"}),
    "cookies, none": pages("GET /api/echo", members={"cookies": {}}),
    # --- bodies: JSON ---------------------------------------------------------------------------
    "JSON null": parsed(JSON, "null", None),
    "JSON true": parsed(JSON, "true", True, "boolean"),
    "JSON number": parsed(JSON, "-1.5e3", -1500.0, "number"),
    "JSON text": parsed(JSON, '"x"', "x", "string"),
    "JSON empty list": parsed(JSON, "[]", []),
    "JSON empty object": parsed(JSON, "{}", {}),
    "JSON nested": parsed(JSON, '{"a":{"b":[1,{"c":null}]}}', {"a": {"b": [1, {"c": None}]}}),
    "JSON with space around": parsed(JSON, ' \n{"a": 1}\t', {"a": 1}),
    "JSON escapes": parsed(JSON, '{"a":"\\u00e9\\n\\/\\ud83d\\ude00"}', {"a": "é\n/😀"}),
    "JSON, names of JavaScript": parsed(JSON, '{"__proto__":1,"constructor":2}', {"__proto__": 1, "constructor": 2}),
    "JSON, 64 bits and more": parsed(JSON, "[9007199254740993,18446744073709551615]", [2**53 + 1, 2**64 - 1]),
    "JSON, PUT": parsed(JSON, '{"a":1}', {"a": 1}, method="PUT"),
    "JSON, OPTIONS": parsed(JSON, '{"a":1}', {"a": 1}, method="OPTIONS"),
    "JSON, capitals in the type": parsed("Application/JSON", '{"a":1}', {"a": 1}),
    "JSON, charset without a space": parsed("application/json;charset=UTF-8", '{"a":1}', {"a": 1}),
    "JSON of an API": parsed("application/vnd.api+json; version=1", '{"a":1}', {"a": 1}),
    "JSON in UTF-16": parsed("application/json; charset=utf-16", '{"a":"é"}'.encode("utf-16"), {"a": "é"}),
    "JSON, GET without a body": pages("GET /api/echo", {"Content-Type": JSON}, members={"body": {}}),
    "JSON, a number beyond 64 bits": parsed(JSON, str(2**70), 2**70, "number"),
    "no JSON: a number beyond all": unparsed(JSON, "1e999", "Invalid JSON"),
    "no JSON: capitals": unparsed(JSON, "tRue", "Invalid JSON"),
    "no JSON: NUL": unparsed(JSON, b'"\x00"', "Invalid JSON"),
    "no JSON: half a word": unparsed(JSON, "nul", "Invalid JSON"),
    "no JSON: open brace": unparsed(JSON, "{", "Invalid JSON"),
    "no JSON: a name without quotes": unparsed(JSON, "{a:1}", "Invalid JSON"),
    "no JSON: comma in a list": unparsed(JSON, "[1,]", "Invalid JSON"),
    "no JSON: text after it": unparsed(JSON, '{"a":1}x', "Invalid JSON"),
    "no JSON: two values": unparsed(JSON, "1 2", "Invalid JSON"),
    "no JSON: undefined": unparsed(JSON, "undefined", "Invalid JSON"),
    "no JSON: Infinity": unparsed(JSON, '{"a":-Infinity}', "Invalid JSON"),
    "no JSON: a comment": unparsed(JSON, "/* a */ {}", "Invalid JSON"),
    "no JSON: a leading zero": unparsed(JSON, "01", "Invalid JSON"),
    "no JSON: a line break in a text": unparsed(JSON, '"a\nb"', "Invalid JSON"),
    "no JSON: a form": unparsed(JSON, "a=1&b=2", "Invalid JSON"),
    "no JSON: nested too deep": unparsed(JSON, "[" * 200_000, "Invalid JSON"),
    "no JSON: bytes that do not decode": unparsed(JSON, b'{"a":"\xff"}', "Invalid JSON"),
    "no JSON: not UTF-16": unparsed("application/json; charset=utf-16", b"\xff\xfe\x00", "Invalid JSON"),
    "no JSON on a method without body": pages("GET /api/echo", {"Content-Type": JSON}, "{", status=400),
    "no JSON, HEAD": pages("HEAD /api/echo", {"Content-Type": JSON}, "{", status=400, answer=b""),
    # --- bodies: forms --------------------------------------------------------------------------
    "form": parsed(FORM, "a=1&b=2", {"a": "1", "b": "2"}),
    "form, plus and escapes": parsed(FORM, "a+b=c+d&e=%2B%26", {"a b": "c d", "e": "+&"}),
    "form, bare and empty": parsed(FORM, "a&b=", {"a": "", "b": ""}),
    "form, three times": parsed(FORM, "a=1&a=&a=3", {"a": ["1", "", "3"]}),
    "form, brackets": parsed(FORM, "a[]=1&a[]=2&b[c]=3", {"a[]": ["1", "2"], "b[c]": "3"}),
    "form, PUT": parsed(FORM, "a=1", {"a": "1"}, method="PUT"),
    "form, GET": parsed(FORM, "a=1", {"a": "1"}, method="GET"),
    "form, charset": parsed(FORM + ";charset=UTF-8", "a=%C3%A9", {"a": "é"}),
    "form, escapes in Latin-1": parsed(FORM + "; charset=iso-8859-1", "a=%E9", {"a": "é"}),
    "form of several parts": parsed(
        MULTIPART, part("a", "1") + part("a", "2") + part("b", "é") + "--X--\r\n", {"a": ["1", "2"], "b": "é"}
    ),
    "form of several parts, PATCH": parsed(MULTIPART, part("a", "1") + "--X--\r\n", {"a": "1"}, method="PATCH"),
    "form with a file": own(
        "POST /api/upload",
        {"Content-Type": MULTIPART},
        part("a", "1") + part("f", "hello", "x.txt", "text/plain") + "--X--\r\n",
        answer={"body": {"a": "1"}, "file": ["x.txt", 5, "text/plain"]},
    ),
    "form of several parts without a boundary": unparsed("multipart/form-data", part("a", "1"), ""),
    # --- bodies: the rest -----------------------------------------------------------------------
    "text": parsed("text/plain", "x", "x", "string"),
    "text, empty": parsed("text/plain", "", "", "string"),
    "bytes, none": parsed("application/octet-stream", "", "", "bytes"),
    "text, CSV": parsed("text/csv; header=present", "a,b", "a,b", "string"),
    "text that looks like JSON": parsed("text/plain", '{"a":1}', '{"a":1}', "string"),
    "text in Latin-1": parsed("text/plain; charset=iso-8859-1", b"\xe9", "é", "string"),
    "text in Windows-1252": parsed("text/plain; charset=windows-1252", b"\x80", "€", "string"),
    "text, quoted charset": parsed('text/plain; charset="UTF-8"', "é", "é", "string"),
    "text, another charset": unparsed("text/plain; charset=punycode", "x", "punycode", 415),
    "text, a codec that is none": unparsed("text/plain; charset=rot13", "x", "rot13", 415),
    "text, not ASCII": unparsed("text/plain; charset=us-ascii", "é", ""),
    "text, not UTF-8": unparsed("text/plain", b"\xff", ""),
    "bytes": parsed("image/png", b"\x89PNG", "�PNG", "bytes"),
    "bytes without a type": pages("POST /api/echo", {}, "x", members={"body": "x", "bodyType": "bytes"}),
    "a type that is no type": parsed("json", '{"a":1}', '{"a":1}', "bytes"),
    "JSON in the parameters of another type": parsed("image/png; q=application/json", "x", "x", "bytes"),
    "no body, POST": pages("POST /api/echo", members={"body": {}, "bodyType": "object"}),
    "no body, DELETE": pages("DELETE /api/echo", members={"body": {}, "bodyType": "object"}),
    # --- bodies: limits -------------------------------------------------------------------------
    "limit in bytes, not letters": pages(
        "POST /api/body/limit1kb", {"Content-Type": "text/plain"}, "é" * 513, status=413, detail="1kb"
    ),
    "limit, letters of two bytes": pages(
        "POST /api/body/limit1kb", {"Content-Type": "text/plain"}, "é" * 512, answer={"len": 512}
    ),
    "limit before JSON is read": pages(
        "POST /api/body/limit1kb", {"Content-Type": JSON}, "{" * 1025, status=413, detail="1kb"
    ),
    "limit of a form": pages("POST /api/body/limit1kb", {"Content-Type": FORM}, "a=" + "x" * 1023, status=413),
    "limit of bytes": pages(
        "POST /api/body/limit1kb", {"Content-Type": "application/octet-stream"}, b"\0" * 1025, status=413
    ),
    "limit, PUT": pages("PUT /api/body/limit1kb", {"Content-Type": "text/plain"}, "x" * 1025, status=413),
    "limit, chunked": pages(
        "POST /api/body/limit1kb",
        {"Content-Type": "text/plain", "Transfer-Encoding": "chunked"},
        "x" * 1024,
        answer={"len": 1024},
    ),
    "limit above Django's own": pages(
        "POST /api/body/limit5mb",
        {"Content-Type": "text/plain"},
        "x" * 5 * 1024 * 1024,
        answer={"len": 5 * 1024 * 1024},
    ),
    "limit above Django's own, passed": pages(
        "POST /api/body/limit5mb",
        {"Content-Type": "text/plain"},
        "x" * (5 * 1024 * 1024 + 1),
        status=413,
        detail="5mb",
    ),
    "limit of a method function": app(
        "POST /api/echo", {"Content-Type": "text/plain"}, "x" * (1024 * 1024 + 1), status=413
    ),
    "unparsed": pages(
        "POST /api/body/raw", {"Content-Type": FORM}, "a=1", answer={"bodyWasUndefined": True, "raw": "a=1"}
    ),
    "unparsed, empty": pages("POST /api/body/raw", answer={"bodyWasUndefined": True, "raw": ""}),
    "unparsed, charset unknown": pages(
        "POST /api/body/raw", {"Content-Type": "text/plain; charset=bogus"}, "x", members={"raw": "x"}
    ),
    "unparsed, over the limit": pages("POST /api/body/raw", {}, "x" * (1024 * 1024 + 1), status=413, detail="1mb"),
    # --- answers of a handler -------------------------------------------------------------------
    "json(None)": own("GET /api/json-null", answer=None, headers={"content-type": JSON}),
    "json of all sorts": own("GET /api/json-nested", answer={"list": [{}, [], None, 1.5, 'a"b', "<&>"]}),
    "json of NaN": own("GET /api/json-nan", status=500, headers={"content-type": PROBLEM}),
    "send(None)": own("GET /api/send-none", answer=b"", headers={"content-type": None}),
    "send(False)": own("GET /api/send-false", answer=False, headers={"content-type": JSON}),
    "send of a fraction": own("GET /api/send-float", answer=1.5),
    "send of an empty object": own("GET /api/send-empty-object", answer={}),
    "send of bytes": own("GET /api/send-bytes", answer=b"\0\1", headers={"content-type": "application/octet-stream"}),
    "send of text with a type": own("GET /api/send-html", answer=b"<p>", headers={"content-type": "text/html"}),
    "send of an iterator": own("GET /api/send-iterator", answer=b"ab", headers={"etag": None, "content-length": None}),
    "404 of the handler": own("GET /api/status-404", status=404, answer={"error": "gone"}, headers={"etag": None}),
    "202 without a body": own("GET /api/status-202", status=202, answer=b""),
    "304 of the handler": own("GET /api/status-304", status=304, answer=b""),
    "204 loses its JSON": own("GET /api/status-204-json", status=204, answer=b"", headers={"content-type": None}),
    "a status that is no number": own("GET /api/status-text", status=500),
    **{
        f"redirect({status})": own(
            f"GET /api/redirect/{status}",
            status=status,
            headers={"location": "/dest?a=1"},
            answer=b"/dest?a=1",
        )
        for status in (301, 302, 303, 307, 308)
    },
    "redirect to another host": own(
        "POST /api/redirect/303/absolute", status=303, headers={"location": "https://example.com/"}
    ),
    "redirect, HEAD": own("HEAD /api/redirect/302", status=302, headers={"location": "/dest?a=1"}, answer=b""),
    "redirect, chained and returned": own(
        "GET /api/redirect/chained", status=307, headers={"location": "/dest", "x-a": "1"}
    ),
    "redirect(304)": own("GET /api/redirect/304", status=500, headers={"location": None}),
    "redirect(404)": own("GET /api/redirect/404", status=500, headers={"location": None}),
    "cookies set and deleted": own(
        "GET /api/cookie",
        cookies={"a": "x y", "b": ""},
        headers={
            "set-cookie": 'a="x y"; HttpOnly; Path=/; SameSite=Lax, '
            'b=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/'
        },
    ),
    "a header with a line break": own("GET /api/header-crlf", status=500, headers={"x-a": None, "x-b": None}),
    "a header removed": own("GET /api/header-removed", headers={"x-a": None}),
    "stream": own("GET /api/stream", answer=b"ab", headers={"content-type": "text/csv", "content-length": None}),
    "stream, HEAD": own("HEAD /api/stream", answer=b"", headers={"content-type": "text/csv", "content-length": None}),
    "header of a number, appended to": own("GET /api/header-values", headers={"x-n": "5, 6"}),
    "header of a list": own("GET /api/header-list", headers={"x-a": "1, 2"}),
    "cookies as a list of headers": own("GET /api/header-cookies", cookies={"a": "1", "b": "2"}),
    "a header's name that is none": own("GET /api/header-name", status=500),
    "a length that is wrong": own("GET /api/header-length", answer=b"x", headers={"content-length": "1"}),
    "json in a circle": own("GET /api/json-circle", status=500),
    "json of a function": own("GET /api/json-function", status=500),
    "json of a large number": own("GET /api/json-large", answer=2**70),
    "json of Python's values": own(
        "GET /api/json-times",
        answer=["2024-02-29", "00000000-0000-0000-0000-000000000000", "1.50", "red", [1]],
    ),
    "redirect with a line break": own("GET /api/redirect-crlf", status=307, headers={"x-b": None}),
    "an unusual status": own("GET /api/status-299", status=299, answer=b"x"),
    "status(99)": own("GET /api/status-99", status=500),
    "status(600)": own("GET /api/status-600", status=500),
    "status_code = 404": own("GET /api/status-set", status=404, answer={}),
    "returned False": own("GET /api/return-false", answer=False),
    "returned zero": own("GET /api/return-zero", answer=0),
    "returned empty text": own("GET /api/return-empty", answer=b"", headers={"content-type": TEXT}),
    "returned nothing": own("GET /api/return-nothing", status=500),
    "events": own(
        "GET /api/events",
        headers={"content-type": "text/event-stream", "cache-control": "no-cache", "etag": None},
    ),
    "returned object": own("GET /api/return-object", answer={"a": 1}, headers={"content-type": JSON}),
    "returned text, async": own("GET /api/return-text", answer=b"hello", headers={"content-type": TEXT}),
    "returned res": own("GET /api/return-res", status=201, answer={"a": 1}, headers={"etag": None}),
    "answered and returned": own("GET /api/return-both", status=500),
    "returned tuple": own("GET /api/return-tuple", status=500),
    "answered twice": own("GET /api/json-twice", status=500),
    "header after the answer": own("GET /api/header-after", status=500),
    # --- errors ---------------------------------------------------------------------------------
    "HTTPError": own(
        "GET /api/raise/conflict",
        status=409,
        detail="Already voted",
        members={"votes": 1, "title": "Conflict", "instance": "/api/raise/conflict"},
    ),
    "HTTPError with headers": own("GET /api/raise/retry", status=503, headers={"retry-after": "5"}),
    "Http404": own("GET /api/raise/absent", status=404, detail="No such poll"),
    "PermissionDenied": own("GET /api/raise/denied", status=403, detail="Not yours"),
    "SuspiciousOperation": own("GET /api/raise/suspicious", status=400),
    "ValidationError": own(
        "GET /api/raise/invalid", status=400, members={"errors": {"email": ["Enter an e-mail address."]}}
    ),
    "ValueError": own("GET /api/raise/value", status=500, headers={"content-type": PROBLEM}),
    "KeyError": own("GET /api/raise/key", status=500),
    "HTTPError, HEAD": own("HEAD /api/raise/conflict", status=409, answer=b"", headers={"content-type": PROBLEM}),
    "a name missing in the query": own("GET /api/look-up", status=400, detail="q"),
    "a name missing in the body": own(
        "POST /api/look-up?q=1", {"Content-Type": JSON}, "{}", status=400, detail="name"
    ),
    "a name missing where there is no body": own("POST /api/look-up?q=1", status=400, detail="name"),
    "both there": own("POST /api/look-up?q=1", {"Content-Type": FORM}, "name=x", answer={"query": "1", "body": "x"}),
    "a file that raises": own("GET /api/broken", status=500, headers={"content-type": PROBLEM}),
    "a file that is no Python": own("GET /api/syntax", status=500, headers={"content-type": PROBLEM}),
    "both styles in a file": own("GET /api/both", status=500),
    "unknown path, HEAD": pages(
        "HEAD /api/nope", status=404, answer=b"", headers={"content-type": PROBLEM, "etag": None}
    ),
    "unknown path, DELETE": pages("DELETE /api/nope", status=404, headers={"content-type": PROBLEM}),
    "unknown path for a browser": pages(
        "GET /api/nope", {"Accept": "text/html"}, status=404, headers={"content-type": PROBLEM}
    ),
    # --- methods --------------------------------------------------------------------------------
    **{
        f"handler, {method}": pages(f"{method} /api/echo", members={"method": method})
        for method in ("GET", "POST", "PUT", "DELETE", "PROPFIND")
    },
    "handler, HEAD": pages("HEAD /api/echo", answer=b"", headers={"content-type": JSON}),
    "handler of two methods, POST": own("POST /api/only-get", answer={"method": "POST"}),
    "handler of two methods, PUT": own("PUT /api/only-get", status=405),
    "get GET": app("GET /api/get", answer=b"get-body"),
    "get HEAD": app("HEAD /api/get", answer=b"", headers={"content-type": TEXT}),
    "get DELETE": refusal(app, "DELETE /api/get", "GET, HEAD, OPTIONS"),
    "get PATCH": refusal(app, "PATCH /api/get", "GET, HEAD, OPTIONS"),
    "get PROPFIND": refusal(app, "PROPFIND /api/get", "GET, HEAD, OPTIONS"),
    "get TRACE": refusal(app, "TRACE /api/get", "GET, HEAD, OPTIONS"),
    "post HEAD": app("HEAD /api/post", status=405, answer=b"", headers={"allow": "OPTIONS, POST"}),
    "post PUT": refusal(app, "PUT /api/post", "OPTIONS, POST"),
    "opts HEAD": app("HEAD /api/opts", answer=b""),
    "opts POST": refusal(app, "POST /api/opts", "GET, HEAD, OPTIONS"),
    "opts DELETE": refusal(app, "DELETE /api/opts", "GET, HEAD, OPTIONS"),
    "headm GET": app("GET /api/headm", answer=b"x", headers={"x-head": None}),
    "headm HEAD": app("HEAD /api/headm", answer=b"", headers={"x-head": "1"}),
    "headm OPTIONS": app("OPTIONS /api/headm", status=204, answer=b"", headers={"allow": "GET, HEAD, OPTIONS"}),
    "headm DELETE": refusal(app, "DELETE /api/headm", "GET, HEAD, OPTIONS"),
    "headonly POST": refusal(app, "POST /api/headonly", "HEAD, OPTIONS"),
    "headonly DELETE": refusal(app, "DELETE /api/headonly", "HEAD, OPTIONS"),
    "full GET": app("GET /api/full", answer=b"ok"),
    "full HEAD": app("HEAD /api/full", answer=b""),
    "full OPTIONS": app("OPTIONS /api/full", status=204, headers={"allow": "DELETE, GET, HEAD, OPTIONS, POST"}),
    "nomethods GET": app("GET /api/nomethods", status=500),
    "nomethods OPTIONS": app("OPTIONS /api/nomethods", status=500),
    "lower GET": app("GET /api/lower", status=500),
    "notfn GET": app("GET /api/notfn", status=500),
    "all OPTIONS": own("OPTIONS /api/m/all", answer=b"OPTIONS"),
    "all HEAD": own("HEAD /api/m/all", answer=b""),
    "put-patch OPTIONS": own("OPTIONS /api/m/put-patch", status=204, headers={"allow": "OPTIONS, PATCH, PUT"}),
    "put-patch GET": refusal(own, "GET /api/m/put-patch", "OPTIONS, PATCH, PUT"),
    "put-patch HEAD": own("HEAD /api/m/put-patch", status=405, headers={"allow": "OPTIONS, PATCH, PUT"}),
    "delete DELETE": own("DELETE /api/m/delete", status=204, answer=b"", headers={"content-type": None}),
    "delete OPTIONS": own("OPTIONS /api/m/delete", status=204, headers={"allow": "DELETE, OPTIONS"}),
    "class-based view": own("GET /api/m/view", answer={"method": "GET"}),
    "class-based view, DELETE": own("DELETE /api/m/view", answer={"method": "DELETE"}),
    "class-based view, OPTIONS": own(
        "OPTIONS /api/m/view", status=204, headers={"allow": "DELETE, GET, HEAD, OPTIONS"}
    ),
    "preflight without a policy": app(
        "OPTIONS /api/get",
        {"Origin": "http://e.com", "Access-Control-Request-Method": "GET", "Sec-Fetch-Site": "cross-site"},
        status=204,
        headers={"access-control-allow-origin": None, "allow": "GET, HEAD, OPTIONS"},
    ),
    # --- answers of a method function -----------------------------------------------------------
    "function, text": own("GET /api/m/text", answer=b"hello", headers={"content-type": TEXT}),
    "function, bytes": own("GET /api/m/bytes", answer=b"hello", headers={"content-type": "application/octet-stream"}),
    "function, list": own("GET /api/m/list", answer=[1, {"a": None}]),
    "function, zero": own("GET /api/m/zero", answer=0, headers={"content-type": JSON}),
    "function, nothing": own("GET /api/m/none", status=204, answer=b"", headers={"etag": None, "content-type": None}),
    "function, nothing, HEAD": own("HEAD /api/m/none", status=204, answer=b""),
    "function, tuple": own("GET /api/m/tuple", status=500),
    "function, generator": own("GET /api/m/generator", answer=b"ab", headers={"etag": None}),
    "function, async generator": own("GET /api/m/generator-async", answer=b"ab", headers={"etag": None}),
    "function, async generator, HEAD": own(
        "HEAD /api/m/generator-async", answer=b"", headers={"content-length": None}
    ),
    "function, a generator that breaks": own("GET /api/m/generator-broken", answer=b"a", cut_off=True),
    "function, lambda": own("GET /api/m/lambda", answer={"a": 1}),
    "function, 201": own(
        "POST /api/m/created",
        {"Content-Type": JSON},
        '{"a":1}',
        status=201,
        answer={"a": 1},
        headers={"location": "/api/m/created/1", "etag": None},
    ),
    "function, bad JSON": own("POST /api/m/created", {"Content-Type": JSON}, "{", status=400, detail="Invalid JSON"),
    "function, form": own(
        "POST /api/m/body", {"Content-Type": FORM}, "a=1", answer={"body": {"a": "1"}, "post": {"a": "1"}}
    ),
    "function, form, PUT": own("PUT /api/m/body", {"Content-Type": FORM}, "a=1", members={"body": {"a": "1"}}),
    "app, a query beside a parameter": app("GET /api/dyn/1?id=2", members={"params": {"id": "1"}, "q": [["id", "2"]]}),
    "app, optional catch-all of none": app("GET /api/opt", members={"params": "<undefined>"}),
    "app, rest": app("GET /api/prio/a/b", members={"file": "api/prio/[...rest]", "params": {"rest": ["a", "b"]}}),
    "app, folder named route has no route": app("GET /api/route", status=404),
    "app, HEAD of an echo": app("HEAD /api/dyn/1", answer=b"", headers={"content-type": JSON}),
    # --- precedence, types, backtracking --------------------------------------------------------
    "static before typed": own("GET /api/t/7", answer=["static"]),
    "int": own("GET /api/t/8", answer=["int", 8]),
    "int, leading zero": own("GET /api/t/08", answer=["int", 8]),
    "int, below": own("GET /api/t/8/edit", answer=["int edit", 8]),
    "static has nothing below, int has": own("GET /api/t/7/edit", answer=["int edit", 7]),
    "int is refused, text has it": own("GET /api/t/8/view", answer=["text view", "8"]),
    "no negative int": own("GET /api/t/-1", answer=["slug", "-1"]),
    "uuid before slug": own(f"GET /api/t/{UUID}", answer=["uuid", UUID]),
    "uuid in capitals is a slug": own(f"GET /api/t/{UUID.upper()}", answer=["slug", UUID.upper()]),
    "slug": own("GET /api/t/a-b_c", answer=["slug", "a-b_c"]),
    "plain": own("GET /api/t/a.b", answer=["text", "a.b"]),
    "digits that are not ASCII": own("GET /api/t/%D9%A3", answer=["text", "٣"]),
    "catch-all last": own("GET /api/t/a/b", answer=["rest", ["a", "b"]]),
    "deep static": own("GET /api/deep/a/b/c/d", answer=["d"]),
    "deep: back one level": own("GET /api/deep/a/b/c/e", answer=["e", "b"]),
    "deep: back two levels": own("GET /api/deep/a/b/x", answer=["z", "a", "x"]),
    "deep: back to the start": own("GET /api/deep/a/b/c/f", answer=["all", ["a", "b", "c", "f"]]),
    "deep: all the optional": own("GET /api/deep", answer=["all", None]),
    "group": own("GET /api/grouped", answer=["grouped"]),
    "group in a group": own("GET /api/nested", answer=["nested"]),
    "a full stop in a name": own("GET /api/dotted.json", answer=["dotted"]),
    "a dash in a name": own("GET /api/with-dash", answer=["dash"]),
    "a space in a name": own("GET /api/with%20space", answer=["space"]),
    "a test is no route": own("GET /api/test_me", status=404),
    "nor is one named at its end": own("GET /api/me_test", status=404),
    "nor is conftest": own("GET /api/conftest", status=404),
    "nor is __init__": own("GET /api/__init__", status=404),
    "nor is what is private": own("GET /api/_lib/tool", status=404),
    # --- who may send ---------------------------------------------------------------------------
    "another origin, GET": pages("GET /api/echo", {"Origin": "https://evil.example"}),
    "another origin, POST": pages("POST /api/echo", {"Origin": "https://evil.example"}, status=403),
    "no origin to speak of, POST": pages("POST /api/echo", {"Origin": "null"}, status=403),
    "own origin, POST": pages("POST /api/echo", {"Origin": "http://localhost:8000"}),
    "another port, POST": pages("POST /api/echo", {"Origin": "http://localhost:9000"}, status=403),
    "same-origin by Sec-Fetch-Site": pages("DELETE /api/echo", {"Sec-Fetch-Site": "same-origin"}),
    "cross-site by Sec-Fetch-Site": pages("DELETE /api/echo", {"Sec-Fetch-Site": "cross-site"}, status=403),
    "neither header": pages("PATCH /api/echo"),
}

# What follows `If-None-Match:` → the status; `%s` stands for the ETag that the same path gave before.
CONDITIONS: dict[str, tuple[str, str, Mapping[str, str], int]] = {
    "the same": ("GET", "pages /api/r/json-obj", {"If-None-Match": "%s"}, 304),
    "weak": ("GET", "pages /api/r/json-obj", {"If-None-Match": "W/%s"}, 304),
    "in a list": ("GET", "pages /api/r/send-str", {"If-None-Match": '"a",%s'}, 304),
    "in a list of weak ones": ("GET", "pages /api/r/send-str", {"If-None-Match": 'W/"a", W/%s'}, 304),
    "any": ("GET", "pages /api/r/send-obj", {"If-None-Match": "*"}, 304),
    "another": ("GET", "pages /api/r/json-obj", {"If-None-Match": '"a"'}, 200),
    "empty": ("GET", "pages /api/r/json-obj", {"If-None-Match": ""}, 200),
    "HEAD": ("HEAD", "pages /api/r/json-obj", {"If-None-Match": "%s"}, 304),
    "POST": ("POST", "pages /api/r/json-obj", {"If-None-Match": "%s"}, 200),
    "POST of any": ("POST", "pages /api/r/json-obj", {"If-None-Match": "*"}, 200),
    "OPTIONS": ("OPTIONS", "pages /api/r/json-obj", {"If-None-Match": "%s"}, 200),
    "201": ("GET", "pages /api/r/s201", {"If-None-Match": "*"}, 201),
    "404": ("GET", "own /api/status-404", {"If-None-Match": "*"}, 404),
    "redirect": ("GET", "pages /api/r/redir", {"If-None-Match": "*"}, 307),
    "no-cache among others": (
        "GET",
        "pages /api/r/json-obj",
        {"If-None-Match": "%s", "Cache-Control": "max-age=0, no-cache"},
        200,
    ),
    "no-store": ("GET", "pages /api/r/json-obj", {"If-None-Match": "%s", "Cache-Control": "no-store"}, 304),
    "with a date": (
        "GET",
        "pages /api/r/json-obj",
        {"If-None-Match": '"a"', "If-Modified-Since": "Sat, 21 Nov 2099 07:12:48 GMT"},
        200,
    ),
    "the handler's own tag": ("GET", "own /api/own-etag", {"If-None-Match": '"mine"'}, 304),
    "without tags": ("GET", "own /api/no-etag", {"If-None-Match": "*"}, 200),
    "a returned value": ("GET", "own /api/m/list", {"If-None-Match": "%s"}, 304),
    "a returned response": ("GET", "app /api/r/json", {"If-None-Match": "*"}, 200),
    "a large body": ("GET", "pages /api/r/large", {"If-None-Match": "%s"}, 304),
    "an empty body": ("GET", "pages /api/r/send-empty", {"If-None-Match": "%s"}, 304),
    "a stream": ("GET", "own /api/stream", {"If-None-Match": "*"}, 200),
}

# Patterns in any order → the order in which they are tried; None: refused.
SETS: dict[str, tuple[list[str], list[str] | None]] = {
    "all kinds at one level": (
        ["/[[...all]]/", "/[id]", "/b", "/a/[x]", "/a"],
        ["/a", "/a/[x]", "/b", "/[id]", "/[[...all]]"],
    ),
    "a whole site": (
        [
            "/[...rest]",
            "/posts",
            "/",
            "/[slug]",
            "/blog/[id]/comments/[cid]",
            "/blog/abc/[id]",
            "/posts/[id]",
            "/blog/abc/post",
            "/blog/abc",
            "/p1/[[...some]]",
            "/p2/[...rest]",
            "/p2/[id]",
            "/p2/[id]/abc",
            "/p3/[[...rest]]",
            "/p3/[id]",
            "/p3/[id]/abc",
            "/blog/[id]",
            "/foo/[d]/bar/baz/[f]",
        ],
        [
            "/",
            "/blog/abc",
            "/blog/abc/post",
            "/blog/abc/[id]",
            "/blog/[id]",
            "/blog/[id]/comments/[cid]",
            "/foo/[d]/bar/baz/[f]",
            "/p1/[[...some]]",
            "/p2/[id]",
            "/p2/[id]/abc",
            "/p2/[...rest]",
            "/p3/[id]",
            "/p3/[id]/abc",
            "/p3/[[...rest]]",
            "/posts",
            "/posts/[id]",
            "/[slug]",
            "/[...rest]",
        ],
    ),
    "a parameter and a catch-all of one name": (["/[...id]", "/[id]"], ["/[id]", "/[...id]"]),
    "one name on two branches": (["/b/[id]", "/a/[id]"], ["/a/[id]", "/b/[id]"]),
    "capitals before small letters": (["/b", "/B", "/a"], ["/B", "/a", "/b"]),
    "a file and its folder": (["/blog/x", "/blog"], ["/blog", "/blog/x"]),
    "an optional catch-all below a parameter": (["/[a]/[[...b]]", "/x"], ["/x", "/[a]/[[...b]]"]),
    "one name twice": (["/[a]/[b]/[a]"], None),
    "one name twice, the second a catch-all": (["/[a]/[...a]"], None),
    "one name twice, the second optional": (["/[a]/x/[[...a]]"], None),
    "two names far below": (["/x/[a]/y/[b]", "/x/[a]/y/[c]"], None),
    "two names, folders only": (["/[a]/x/y", "/[b]/x/z"], None),
    "two names of optional catch-alls": (["/x/[[...a]]", "/x/[[...b]]"], None),
    "both catch-alls below": (["/x/[...a]", "/x/[[...a]]"], None),
    "an optional catch-all beside its index, below a parameter": (["/[a]", "/[a]/[[...b]]"], None),
    "a folder below an optional catch-all": (["/[[...a]]/b"], None),
    "a parameter below a catch-all": (["/[...a]/[b]"], None),
    "an open bracket": (["/[a"], None),
    "a closing bracket": (["/a]"], None),
    "brackets crossed": (["/]a["], None),
    "one bracket too many": (["/[a]]"], None),
    "one bracket too few": (["/[[a]"], None),
    "an optional parameter": (["/x/[[a]]"], None),
    "two full stops": (["/[..a]"], None),
    "four full stops": (["/[[....a]]"], None),
    "no name in a catch-all": (["/[...]"], None),
    "an ellipsis": (["/[…a]"], None),
    "text before": (["/a[b]"], None),
    "a keyword": (["/[class]"], None),
    "the first argument's name": (["/[request]"], None),
    "a digit first": (["/[1a]"], None),
    "a space": (["/[a b]"], None),
    "an unknown converter": (["/[a=number]"], None),
    "a converter that matches slashes": (["/[a=path]"], None),
    "a typed catch-all": (["/[...a=int]"], None),
}
