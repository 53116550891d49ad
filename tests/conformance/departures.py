"""Where this package answers otherwise than Next.js 16.4, and why: the one table of it.

`RULES` hold for whole classes of cases, `DEPARTURES` for one case each, by its group and name (`"sorted"` and
the set for those of `sorted_routes.json`). A departure that can be sent is sent: what the table gives in its
place is then what must come. One that changes nothing is stale, and fails the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.conformance.outcome import CACHE_STATE, HTML_PAGE, PROBLEM, Outcome, with_members
from tests.conformance.page_rules import RULES_OF_PAGES
from tests.conformance.route_rules import ALLOWED, RULES_OF_ROUTES, TEXT

RULES = (*RULES_OF_ROUTES, *RULES_OF_PAGES)


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


def kept(state: str, seconds: int | None = None) -> dict[str, str]:
    """The headers of a stored page; `seconds`: until it is renewed."""
    shown = (
        "s-maxage=31536000" if seconds is None else f"s-maxage={seconds}, stale-while-revalidate={31536000 - seconds}"
    )
    return {"cache-control": shown, CACHE_STATE: state}


def shown(reason: str, body: Any, headers: Mapping[str, str]) -> Departure:
    """A stored page, with these values."""
    return told(reason, status=200, content_type=HTML, etag=True, body=body, headers=headers)


def made_at_once(path: str, state: str = "MISS", *, reason: str = "") -> Departure:
    """The page of the last segment, in the place of a fallback shell if there is no other `reason`."""
    slug = path.rpartition("/")[2]
    body = {"slug": slug, "n": 1, "params": {"slug": slug}, "preview": False, "reason": "first-request"}
    return shown(reason or NO_SHELL, body, kept(state, 1))


def no_page(reason: str) -> Departure:
    """The project's 404, for a path that no pattern matches."""
    return told(reason, status=404, content_type=HTML, etag=False, body=HTML_PAGE, headers={})


def failed(reason: str) -> Departure:
    """The project's 500, in the place of a page."""
    return told(
        reason, status=500, content_type=HTML, etag=False, body=HTML_PAGE, headers={"cache-control": "no-store"}
    )


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


HTML = "text/html; charset=utf-8"
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
NO_DATA = "props have no URL of their own: a page is HTML, its data are what api/ answers"
NO_SHELL = "there is no fallback shell: an unknown path is rendered when first asked for, for every client"
NO_SLASH = "a pattern without a slash at its end does not match one: slashes are Django's, and APPEND_SLASH's"
AS_IT_IS_LEFT = "an escape that is no UTF-8 stays text, as Django leaves it"
OWN_LIFETIME = "a 404 lives as long as its page, ten seconds at most: this one's are five"
TWO_KILOBYTES = "2,000 bytes of JSON fit, whatever the signed cookie has (Next.js measures its own)"
WHOLE_SECONDS = "max_age is whole seconds above 0; anything else is a slip"
REVALIDATE = "revalidate takes whole seconds above 0, or None: neither true nor 0 says when"
VALUES = "values go to a template as they are, not through JSON"
PATHS = "get_static_paths gives the parameters themselves"
NEXT_VISIT = "revalidate only marks a page: what comes of it is seen by the next visitor"
PREVIEW_SET = ("<set>", "/", "86400", "httponly; secure; samesite=lax")

DATA_ROUTES = (
    "nf-forever data",
    "blog missing data",
    "blog redir data",
    "blog throw data",
    "bt unknown data",
    "bt redir data",
    "bt throw data",
    "bb missing data",
    "bb redir data",
    "bb throw data",
    "optc data root",
    "data index",
    "data wrong build id",
    "data no json ext",
    "data ssr nf",
)

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
    # isr
    **{("isr", name): absent(NO_DATA) for name in DATA_ROUTES},
    ("isr", "after server restart: runtime-generated page persisted on disk"): told(
        "a page that is not renewed by time is not stale", headers=kept("HIT"), etag=True
    ),
    ("isr", "after restart r60 within window"): told("a restart makes no page older", headers=kept("HIT", 60)),
    ("isr", "static page (no data fn)"): told(
        "a page is static because it says so, and then as any other", headers=kept("HIT"), etag=True
    ),
    ("isr", "ssg rtrue"): failed(REVALIDATE),
    ("isr", "nf now found (stale)"): shown(
        "a 404 that has lived its time is not shown again: the page is made first", {"found": True}, kept("MISS", 1)
    ),
    ("isr", "blog prebuilt slash"): no_page(SLASH),
    ("isr", "bb prebuilt slash"): no_page(SLASH),
    ("isr", "blog bad pct"): told(AS_IT_IS_LEFT, status=404),
    ("isr", "bt bad pct"): made_at_once("/bt/%FF", reason=AS_IT_IS_LEFT),
    ("isr", "bb bad pct"): made_at_once("/bb/%FF", reason=AS_IT_IS_LEFT),
    ("isr", "blog trailing"): no_page(NO_SLASH),
    ("isr", "bt trailing"): no_page(NO_SLASH),
    ("isr", "bb trailing"): no_page(NO_SLASH),
    ("isr", "bt unknown 1st"): made_at_once("/bt/new1"),
    ("isr", "bt unknown 2nd"): made_at_once("/bt/new1", "HIT"),
    ("isr", "bt missing-forever 2nd"): told(
        NO_SHELL, status=404, etag=True, body=HTML_PAGE, headers={"cache-control": "s-maxage=5", CACHE_STATE: "HIT"}
    ),
    ("isr", "bt redir303"): told(
        NO_SHELL, status=303, etag=True, body="", headers={**kept("MISS", 5), "location": "/ssg/plain"}
    ),
    ("isr", "bt redir303 2nd"): told(
        NO_SHELL, status=303, etag=True, body="", headers={**kept("HIT", 5), "location": "/ssg/plain"}
    ),
    ("isr", "bt revalidate omitted"): shown(NO_SHELL, {"slug": "never", "n": 1}, kept("MISS")),
    ("isr", "bt after throw recovers"): made_at_once("/bt/boom"),
    ("isr", "bt after throw recovers 2"): made_at_once("/bt/boom", "HIT"),
    ("isr", "bb missing-forever 2nd"): told(OWN_LIFETIME, headers={"cache-control": "s-maxage=5", CACHE_STATE: "HIT"}),
    ("isr", "reval full url"): told(
        "the message is a sentence of ours",
        members={
            "message": "'https://example.com/x' is no path: write it from its first slash on, "
            "without scheme and host, as /blog/hello/."
        },
    ),
    ("isr", "reval unknown"): told(
        "the message is a sentence of ours",
        members={"message": "No static page has the path '/nope': no URL pattern matches it."},
    ),
    ("isr", "reval fallback false unknown"): told(
        "the message is a sentence of ours",
        members={
            "message": "'/blog/xyz' is not listed by get_static_paths of "
            "tests.conformance.static_site.pages.Post, and its fallback is False."
        },
    ),
    ("isr", "reval trailing slash"): told(
        NO_SLASH,
        status=500,
        etag=False,
        body={
            "revalidated": False,
            "message": "No static page has the path '/ssg/plain/': no URL pattern matches it.",
        },
    ),
    ("isr", "reval throws"): told(NEXT_VISIT, status=200, etag=True, body={"revalidated": True}),
    ("isr", "bb one after failed reval"): told(NEXT_VISIT, headers=kept("MISS", 3)),
    ("isr", "bb ondemand1 after"): told(
        "a page that was never made is not made by revalidate: its first visitor has it made",
        members={"reason": "first-request"},
    ),
    # preview
    ("preview", "set maxAge neg"): problem(500, WHOLE_SECONDS, cookies={}),
    ("preview", "set maxAge frac"): problem(500, WHOLE_SECONDS, cookies={}),
    ("preview", "set too big"): told(
        "the message is a sentence of ours",
        body="The preview data have 2,058 bytes of JSON; a cookie holds 2,000. "
        "Store the id of what is previewed, and look it up in get_static_props.",
    ),
    **{
        ("preview", f"set big {size}"): told(
            TWO_KILOBYTES,
            status=200,
            etag=True,
            body="ok",
            cookies={"pagesapi_preview": PREVIEW_SET},
            headers={"cache-control": "private, no-store"},
        )
        for size in (900, 950, 1100, 1200, 1300, 1400, 1450)
    },
    ("preview", "read data only"): absent("there is one cookie, so no half of it"),
    ("preview", "preview inm"): told(
        "a preview is made for each request, and has no tag that an editor could have",
        status=200,
        content_type=HTML,
        body={"n": 12, "preview": True, "previewData": {"lets": "go"}, "draftMode": True, "reason": "preview"},
    ),
    # gsp-validation
    ("gsp-validation", "noprops"): shown("a mapping is the template's variables", "", kept("MISS")),
    ("gsp-validation", "props-date"): told(VALUES, body={"d": "1970-01-01T00:00:00Z"}),
    ("gsp-validation", "props-nan"): told(VALUES, body={"a": "NaN", "b": "Infinity"}),
    ("gsp-validation", "props-null"): failed("Props takes a mapping: nothing at all is a forgotten value"),
    ("gsp-validation", "rev-null"): shown("None says: until the next build", {}, kept("MISS")),
    ("gsp-validation", "rev-true"): failed(REVALIDATE),
    ("gsp-validation", "redir-noperm"): told("a redirect that says no more is 302, as Django's", status=302),
    ("gsp-validation", "redir-badstatus"): told(
        "an HttpResponse is taken at its word: 200 is a page, whatever else it says",
        status=200,
        etag=True,
        body="",
        headers={**kept("MISS"), "location": "/"},
    ),
    # getStaticPaths-validation
    ("getStaticPaths-validation", "extraparam"): told(
        "a parameter that the pattern does not have is a slip", status=500, body=HTML_PAGE
    ),
    ("getStaticPaths-validation", "missing"): told(
        "without get_static_paths nothing is built, and every path is rendered when first asked for",
        status=200,
        body={"params": {"x": "a"}},
    ),
    ("getStaticPaths-validation", "notnested"): told(PATHS, status=200, body={"params": {"x": "a"}}),
    ("getStaticPaths-validation", "paramsnum"): told(
        "a converter writes its values as text: 1 is the path of 1, and a is not listed", status=404
    ),
    # the sets of sorted_routes.json
    ("sorted", "/[a-b]/[a_b]"): refused("[a-b]/[a_b].py", IDENTIFIER),
    ("sorted", "/[]"): refused("[].py", IDENTIFIER),
    ("sorted", "/[[...]]"): refused("[[...]].py", IDENTIFIER),
    ("sorted", "/[id]x"): refused("[id]x.py", BRACKETS),
    ("sorted", "/[a][b]"): refused("[a][b].py", BRACKETS),
    ("sorted", "/10 /9 /_x /-x /.x /~x /é /z"): told(PRIVATE, body=["/-x", "/10", "/9", "/z", "/~x", "/é"]),
}
