"""Where this package answers otherwise than Next.js 16.4, and why: the one table of it.

`RULES` hold for whole classes of cases, `DEPARTURES` for one case each, by its group and name (`"sorted"` and
the set for those of `sorted_routes.json`). A departure that can be sent is sent: what the table gives in its
place is then what must come. One that changes nothing is stale, and fails the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from tests.conformance.cases import Case
from tests.conformance.outcome import HTML_PAGE, PROBLEM, Outcome, is_json

# --- for whole classes of cases -----------------------------------------------------------------

TEXT = "text/plain; charset=utf-8"
ALLOWED = {  # what the fixtures of the group app-methods export, HEAD and OPTIONS added
    "full": "DELETE, GET, HEAD, OPTIONS, POST",
    "get": "GET, HEAD, OPTIONS",
    "headm": "GET, HEAD, OPTIONS",
    "headonly": "HEAD, OPTIONS",
    "opts": "GET, HEAD, OPTIONS",
    "post": "OPTIONS, POST",
    "query": "GET, HEAD, OPTIONS",
}


@dataclass(frozen=True)
class Rule:
    reason: str
    apply: Callable[[Case, Outcome], Outcome]


def json_without_charset(case: Case, outcome: Outcome) -> Outcome:
    if outcome.content_type == "application/json; charset=utf-8":
        return replace(outcome, content_type="application/json")
    return outcome


def text_has_a_type(case: Case, outcome: Outcome) -> Outcome:
    sent_as_text = case.group == "res" and outcome.content_type is None and outcome.etag and not outcome.headers
    spelt_otherwise = outcome.content_type == "text/plain;charset=UTF-8"
    return replace(outcome, content_type=TEXT) if sent_as_text or spelt_otherwise else outcome


def etag_where_it_can_be_used(case: Case, outcome: Outcome) -> Outcome:
    usable = case.method in ("GET", "HEAD") and outcome.status in (200, 304)
    return replace(outcome, etag=outcome.etag and usable)


def errors_are_problems(case: Case, outcome: Outcome) -> Outcome:
    if not case.is_own_answer_of_next:
        return outcome
    detail = case.body if case.body and not case.is_html and outcome.status != HTTPStatus.INTERNAL_SERVER_ERROR else ""
    body: Any = "" if case.method == "HEAD" else {"problem": detail}
    return replace(outcome, content_type=PROBLEM, body=body, etag=False)


def refused_methods_are_told_what_is_allowed(case: Case, outcome: Outcome) -> Outcome:
    allowed = ALLOWED.get(case.path.removeprefix("/api/"))
    if outcome.status != HTTPStatus.METHOD_NOT_ALLOWED or allowed is None:
        return outcome
    return replace(outcome, headers={**outcome.headers, "allow": allowed})


def no_body_is_an_empty_object(case: Case, outcome: Outcome) -> Outcome:
    empty = not case.request_body and "Content-Type" not in case.request_headers
    return with_members(outcome, body={}, bodyType="object") if empty and "bodyType" in members(outcome) else outcome


def url_is_what_was_sent(case: Case, outcome: Outcome) -> Outcome:
    has_query = "?" in case.path.rstrip("?")
    return with_members(outcome, url=case.path) if has_query and "bodyType" in members(outcome) else outcome


def file_is_python(case: Case, outcome: Outcome) -> Outcome:
    file = members(outcome).get("file", "")
    return with_members(outcome, file=file.removesuffix(".js") + ".py") if file.endswith(".js") else outcome


def without_members_of_javascript(case: Case, outcome: Outcome) -> Outcome:
    gone = ("isPromise", "preview")
    kept = {name: value for name, value in members(outcome).items() if name not in gone}
    return replace(outcome, body=kept) if "file" in kept else outcome


def redirects_have_a_type(case: Case, outcome: Outcome) -> Outcome:
    text = outcome.content_type is None and outcome.body != "" and "location" in outcome.headers
    if text:
        return replace(outcome, content_type=TEXT)
    if case.name.startswith("resp-redirect") and outcome.content_type is None and "location" in outcome.headers:
        return replace(outcome, content_type="text/html; charset=utf-8")
    return outcome


RULES = (
    Rule("JSON is UTF-8 (RFC 8259 §8.1): its type has no charset", json_without_charset),
    Rule(
        "text has the type that it is, so that no browser guesses; written as Django writes it",
        text_has_a_type,
    ),
    Rule(
        "an ETag only where a conditional request can use it: GET and HEAD, status 200",
        etag_where_it_can_be_used,
    ),
    Rule("every error is JSON, application/problem+json (RFC 9457)", errors_are_problems),
    Rule("405 says what is allowed (RFC 9110 §15.5.6)", refused_methods_are_told_what_is_allowed),
    Rule(
        "no body and no type is an empty object, so that a look-up names what is missing",
        no_body_is_an_empty_object,
    ),
    Rule("`url` is Django's get_full_path(): the query stays as it was sent", url_is_what_was_sent),
    Rule("files end in .py", file_is_python),
    Rule("promises are JavaScript's; `preview` is no part of these cases", without_members_of_javascript),
    Rule("redirects have the type of their body, as Django's", redirects_have_a_type),
)


def members(outcome: Outcome) -> Mapping[str, Any]:
    return outcome.body if isinstance(outcome.body, dict) and is_json(outcome.content_type) else {}


def with_members(outcome: Outcome, **changed: Any) -> Outcome:
    return replace(outcome, body={**outcome.body, **changed})


# --- for one case each --------------------------------------------------------------------------


@dataclass(frozen=True)
class Departure:
    reason: str
    instead: Mapping[str, Any] = field(default_factory=dict)  # fields of Outcome; `members` of its body's object
    sent: bool = True  # False: there is nothing to send
    refused: str | None = None  # the file of the fixture, which no tree may hold here

    def expected(self, outcome: Outcome) -> Outcome:
        fields = dict(self.instead)
        changed = fields.pop("members", {})
        return replace(with_members(outcome, **changed) if changed else outcome, **fields)


def told(reason: str, **instead: Any) -> Departure:
    return Departure(reason, instead)


def problem(status: int, reason: str, detail: str = "", **instead: Any) -> Departure:
    error = {
        "status": status,
        "content_type": PROBLEM,
        "body": {"problem": detail},
        "etag": False,
        "headers": {},
    }
    return Departure(reason, {**error, **instead})


def echoed(reason: str, file: str, url: str, query: Mapping[str, str]) -> Departure:
    echo = {
        "file": file,
        "method": "GET",
        "url": url,
        "query": query,
        "cookies": {},
        "body": {},
        "bodyType": "object",
    }
    return told(reason, status=200, content_type="application/json", etag=True, body=echo)


def absent(reason: str) -> Departure:
    return Departure(reason, sent=False)


def refused(file: str, reason: str) -> Departure:
    return Departure(reason, refused=file)


SLASH = "%2F is a separator: a path is decoded once, by Django"
AS_TEXT = "an escape that cannot be decoded stays text, as Django leaves it"
NOT_A_PAGE = "a page, not an endpoint"
PRIVATE = "names that begin with an underscore or a full stop are private"
BYTES = "what is neither JSON, form nor text is bytes, never bytes decoded as text"
ESCAPED = "`url` is Django's get_full_path(), which escapes more"
IDENTIFIER = "names of parameters are Python's, since functions take them by keyword"
BRACKETS = "brackets that do not enclose the whole name are a slip, not a name"
NO_FUNCTION = "a module without an endpoint is a fault of the server, not of the caller's method"
OUR_LIMIT = "the limit is named in a sentence"

DEPARTURES: dict[tuple[str, str], Departure] = {
    # routing
    ("routing", "backslash"): told(
        "a backslash is an ordinary character: this is not below /api, so the 404 is the project's",
        status=404,
        content_type="text/html; charset=utf-8",
        body=HTML_PAGE,
        headers={},
    ),
    ("routing", "encoded slash dyn"): problem(404, SLASH),
    ("routing", "encoded slash catch"): told(
        SLASH, members={"url": "/api/catch/a/b/c", "query": {"slug": ["a", "b", "c"]}}
    ),
    ("routing", "invalid pct"): echoed(
        AS_TEXT,
        "dyn/[id].py",
        "/api/dyn/%25zz",
        {"id": "%zz"},
    ),
    ("routing", "lone pct"): echoed(
        AS_TEXT,
        "dyn/[id].py",
        "/api/dyn/%25",
        {"id": "%"},
    ),
    ("routing", "encoded dots"): problem(404, "dots in a path are text: it is servers and clients that resolve them"),
    ("routing", "private folder"): problem(404, PRIVATE),
    ("routing", "underscore file"): problem(404, PRIVATE),
    ("routing", "hidden file"): problem(404, PRIVATE),
    ("routing", "route group stripped"): echoed(
        "a folder in parentheses is a group here too, as in the app router",
        "(group)/g.py",
        "/api/g",
        {},
    ),
    ("routing", "unicode name"): echoed(
        "a name may hold any letter",
        "ünï.py",
        "/api/%C3%BCn%C3%AF",
        {},
    ),
    ("routing", "dash param"): refused("[weird-name]/z.py", IDENTIFIER),
    ("routing", "prefix param"): refused("pfx/pre[id].py", BRACKETS),
    ("routing", "literal bracket request"): told(ESCAPED, members={"url": "/api/dyn/%5Bid%5D"}),
    ("routing", "literal bracket catch"): told(
        ESCAPED,
        members={"url": "/api/catch/%5B...slug%5D"},
    ),
    ("routing", "semicolon"): told(ESCAPED, members={"url": "/api/dyn/a%3Bb%3Dc"}),
    ("routing", "page POST"): absent(NOT_A_PAGE),
    ("routing", "page POST on ssr"): absent(NOT_A_PAGE),
    ("routing", "unknown page"): absent(NOT_A_PAGE),
    # req
    ("req", "problem+json"): told(
        "every type that ends in +json is JSON", members={"body": {"a": 1}, "bodyType": "object"}
    ),
    ("req", "text xml"): told(BYTES, members={"bodyType": "bytes"}),
    ("req", "octet"): told(BYTES, members={"bodyType": "bytes"}),
    ("req", "multipart"): told("a multipart form is parsed", members={"body": {"a": "1"}, "bodyType": "object"}),
    ("req", "json unknown charset"): problem(415, "an unknown charset is an unsupported type", "The charset 'bogus'"),
    ("req", "ct garbage"): told(
        "a parameter without a value does not hide the type", members={"body": {"a": 1}, "bodyType": "object"}
    ),
    ("req", "ct garbage3"): told(BYTES, members={"bodyType": "bytes"}),
    ("req", "ct empty"): told(BYTES, members={"bodyType": "bytes"}),
    ("req", "ct comma"): told(BYTES, members={"bodyType": "bytes"}),
    ("req", "ct slash only"): told(BYTES, members={"bodyType": "bytes"}),
    ("req", "1mb+1 text"): told(OUR_LIMIT, body={"problem": "The body exceeds the limit of 1mb."}),
    ("req", "1mb+1 json"): told(OUR_LIMIT, body={"problem": "The body exceeds the limit of 1mb."}),
    ("req", "1kb+1"): told(OUR_LIMIT, body={"problem": "The body exceeds the limit of 1kb."}),
    ("req", "num limit 11"): told(OUR_LIMIT, body={"problem": "The body exceeds the limit of 10 bytes."}),
    ("req", "chunked over limit"): told(OUR_LIMIT, body={"problem": "The body exceeds the limit of 1kb."}),
    # res
    ("res", "send-date"): told(
        "a time is written as RFC 3339 has it, without milliseconds", body="1970-01-01T00:00:00Z"
    ),
    ("res", "redir-abs"): told(
        "a Location is a URI: what cannot stand in one is escaped",
        headers={"location": "https://example.com/a%20b?x=%C3%A9"},
    ),
    ("res", "redir-200"): problem(500, "200 is no redirect"),
    ("res", "redir-rev"): problem(500, "the status comes first; arguments are not guessed apart"),
    ("res", "redir-body-after"): problem(500, "answering twice is a forgotten return, and says so"),
    ("res", "noreturn"): problem(500, "a handler that never answers is told, not waited for"),
    ("res", "inm on 500"): told(
        "304 answers only what would have been a 200",
        status=500,
        body={"error": "failed to load data"},
        etag=False,
    ),
    # app-routing
    ("app-routing", "dyn enc slash"): problem(404, SLASH),
    ("app-routing", "catch enc"): told(
        SLASH,
        members={
            "url": "http://localhost:8000/api/catch/a/b/c",
            "pathname": "/api/catch/a/b/c",
            "params": {"slug": ["a", "b", "c"]},
        },
    ),
    ("app-routing", "cookies"): told(
        "a malformed escape leaves the value as it is; quotes are no part of a value, as in the pages router",
        members={
            "cookies": [
                {"name": "a", "value": "2"},
                {"name": "b", "value": "ü"},
                {"name": "bad", "value": "%zz"},
                {"name": "c", "value": "q"},
            ]
        },
    ),
    # app-methods
    ("app-methods", "nomethods PATCH"): problem(500, NO_FUNCTION),
    ("app-methods", "nomethods DELETE"): problem(500, NO_FUNCTION),
    ("app-methods", "defaultonly GET"): problem(500, NO_FUNCTION),
    ("app-methods", "defaultonly HEAD"): problem(500, NO_FUNCTION, body=""),
    ("app-methods", "defaultonly OPTIONS"): problem(500, NO_FUNCTION),
    ("app-methods", "defaultonly POST"): problem(500, NO_FUNCTION),
    ("app-methods", "defaultonly PUT"): problem(500, NO_FUNCTION),
    ("app-methods", "defaultonly PATCH"): problem(500, NO_FUNCTION),
    ("app-methods", "defaultonly DELETE"): problem(500, NO_FUNCTION),
    ("app-methods", "lower PATCH"): problem(500, NO_FUNCTION),
    ("app-methods", "lower DELETE"): problem(500, NO_FUNCTION),
    ("app-methods", "notfn PUT"): problem(500, NO_FUNCTION),
    ("app-methods", "notfn PATCH"): problem(500, NO_FUNCTION),
    ("app-methods", "query QUERY"): problem(
        405, "the method is refused by the route, not by the server", headers={"allow": ALLOWED["query"]}
    ),
    ("app-methods", "query get"): told(
        "Django writes methods in capitals; real servers refuse others before",
        status=200,
        content_type=TEXT,
        body="g",
    ),
    # app-res
    ("app-res", "retnull"): told(
        "a function that returns nothing answers 204", status=204, content_type=None, body=""
    ),
    ("app-res", "obj"): told(
        "a returned value is the answer",
        status=200,
        content_type="application/json",
        body={"a": 1},
        etag=True,
    ),
    ("app-res", "s204-body"): told(
        "a 204 loses its body, whoever gave it one", status=204, content_type=TEXT, body=""
    ),
    ("app-res", "resp-redirect-rel"): told(
        "a Location may be relative (RFC 9110 §10.2.2)",
        status=302,
        content_type="text/html; charset=utf-8",
        body="",
        headers={"location": "/x"},
    ),
    ("app-res", "next-redirect-rel"): told(
        "a Location may be relative (RFC 9110 §10.2.2)",
        status=307,
        content_type=None,
        body="",
        headers={"location": "/dest"},
    ),
    ("app-res", "never"): absent("a function that never ends has no answer; the server's time-out is the cure"),
    # route-match: `body` is the match
    ("route-match", "/api/dyn/[id] ~ /api/dyn/%zz"): told(AS_TEXT, body={"id": "%zz"}),
    ("route-match", "/api/catch/[...slug] ~ /api/catch/a%2Fb/c"): told(SLASH, body={"slug": ["a", "b", "c"]}),
    # the sets of sorted_routes.json
    ("sorted", "/[a-b]/[a_b]"): refused("[a-b]/[a_b].py", IDENTIFIER),
    ("sorted", "/[]"): refused("[].py", IDENTIFIER),
    ("sorted", "/[[...]]"): refused("[[...]].py", IDENTIFIER),
    ("sorted", "/[id]x"): refused("[id]x.py", BRACKETS),
    ("sorted", "/[a][b]"): refused("[a][b].py", BRACKETS),
    ("sorted", "/10 /9 /_x /-x /.x /~x /é /z"): told(PRIVATE, body=["/-x", "/10", "/9", "/z", "/~x", "/é"]),
}
