"""Departures from Next.js: `docs/departures.md` tells every one that the tests of conformance know."""

from __future__ import annotations

import re

from tests.conformance.departures import DEPARTURES, RULES
from tests.docs.page import Page

PAGE = Page("departures")
# What the record has, and no visitor could see as a departure.
NOT_SEEN = {
    "a page, not an endpoint",
    "a function that never ends has no answer; the server's time-out is the cure",
    "promises are JavaScript's; `preview` is no part of these cases",
    "a stored page has an ETag (Next.js's too; the record has it for HEAD only)",
}
# How each row of the page begins → the reasons of the cases that it speaks of.
TOLD: dict[str, tuple[str, ...]] = {
    # routing
    "`%2F` in a path": ("%2F is a separator: a path is decoded once, by Django",),
    "an escape that cannot be decoded": (
        "an escape that cannot be decoded stays text, as Django leaves it",
        "an escape that is no UTF-8 stays text, as Django leaves it",
    ),
    "`..` and": ("dots in a path are text: it is servers and clients that resolve them",),
    "a backslash": ("a backslash is an ordinary character: this is not below /api, so the 404 is the project's",),
    "names that begin with": ("names that begin with an underscore or a full stop are private",),
    "a folder in parentheses": ("a folder in parentheses is a group here too, as in the app router",),
    "a route's name may": ("a name may hold any letter",),
    "names of parameters": ("names of parameters are Python's, since functions take them by keyword",),
    "brackets enclose": ("brackets that do not enclose the whole name are a slip, not a name",),
    "files end in": ("files end in .py",),
    "`req.url` has": (
        "`url` is Django's get_full_path(), which escapes more",
        "`url` is Django's get_full_path(): the query stays as it was sent",
    ),
    "a page's URL with a slash": (
        "a pattern without a slash at its end does not match one: slashes are Django's, and APPEND_SLASH's",
    ),
    # requests
    "no body and no content type": (
        "no body and no type is an empty object, so that a look-up names what is missing",
    ),
    "every type that ends in": ("every type that ends in +json is JSON",),
    "what is neither JSON": ("what is neither JSON, form nor text is bytes, never bytes decoded as text",),
    "a multipart form": ("a multipart form is parsed",),
    "an unknown charset": ("an unknown charset is an unsupported type",),
    "`application/json; foo`": ("a parameter without a value does not hide the type",),
    "a body over the limit": ("the limit is named in a sentence",),
    "in a method function, a cookie": (
        "a malformed escape leaves the value as it is; quotes are no part of a value, as in the pages router",
    ),
    "a method in lower case": ("Django writes methods in capitals; real servers refuse others before",),
    "a method that HTTP does not know": ("the method is refused by the route, not by the server",),
    # responses
    "JSON is": ("JSON is UTF-8 (RFC 8259 §8.1): its type has no charset",),
    '`res.send("text")`': (
        "text has the type that it is, so that no browser guesses; written as Django writes it",
        "text has a type, and 200 an ETag",
    ),
    "an `ETag` on GET": ("an ETag only where a conditional request can use it: GET and HEAD, status 200",),
    "a 304 in the place": ("304 answers only what would have been a 200",),
    "every error is JSON": ("every error is JSON, application/problem+json (RFC 9457)",),
    "a method that is not exported": ("405 says what is allowed (RFC 9110 §15.5.6)",),
    "a time is": ("a time is written as RFC 3339 has it, without milliseconds",),
    "what cannot stand in a `Location`": ("a Location is a URI: what cannot stand in one is escaped",),
    "a `Location` may be relative": ("a Location may be relative (RFC 9110 §10.2.2)",),
    "a redirect has the type": ("redirects have the type of their body, as Django's",),
    "`res.redirect(200": ("200 is no redirect",),
    "`res.redirect(url, 307)`": ("the status comes first; arguments are not guessed apart",),
    "answering twice": ("answering twice is a forgotten return, and says so",),
    "a handler that answers nothing": ("a handler that never answers is told, not waited for",),
    "a function that returns nothing": ("a function that returns nothing answers 204",),
    "a returned value": ("a returned value is the answer",),
    "a 204 loses": ("a 204 loses its body, whoever gave it one",),
    "a file without an endpoint": (
        "a module without an endpoint is a fault of the server, not of the caller's method",
    ),
    # static pages
    "props have no URL": ("props have no URL of their own: a page is HTML, its data are what api/ answers",),
    "there is no fallback shell": (
        "there is no fallback shell: an unknown path is rendered when first asked for, for every client",
    ),
    "a page with parameters may do without": (
        "without get_static_paths nothing is built, and every path is rendered when first asked for",
    ),
    "`get_static_paths` gives": ("get_static_paths gives the parameters themselves",),
    "a listed value": ("a converter writes its values as text: 1 is the path of 1, and a is not listed",),
    "a listed parameter": ("a parameter that the pattern does not have is a slip",),
    "`get_static_props` returns": ("a mapping is the template's variables",),
    "values go to the template": ("values go to a template as they are, not through JSON",),
    "`Props(None)`": ("Props takes a mapping: nothing at all is a forgotten value",),
    "`revalidate = None`": ("None says: until the next build",),
    "`revalidate = True`": ("revalidate takes whole seconds above 0, or None: neither true nor 0 says when",),
    "a 404 lives": (
        "a 404 lives ten seconds at most, and is not shown longer than it lives",
        "a 404 lives as long as its page, ten seconds at most: this one's are five",
    ),
    "a 404 that has lived": ("a 404 that has lived its time is not shown again: the page is made first",),
    "a restart makes": (
        "a page that is not renewed by time is not stale",
        "a restart makes no page older",
    ),
    "a page is static because": ("a page is static because it says so, and then as any other",),
    "a redirect that says no more": ("a redirect that says no more is 302, as Django's",),
    "a page's redirect": ("a redirect of a page is Django's: typed, without a body",),
    "an `HttpResponse`": ("an HttpResponse is taken at its word: 200 is a page, whatever else it says",),
    "the reason of a page": (
        "a page that is made because it is asked for says so, where Next.js says stale",
        "a page that is made for an editor says so, where Next.js says stale",
    ),
    "what is not there": (
        "what is undefined in JavaScript is False, {} or absent; the names of a context's members are Python's",
    ),
    "an error of a static page": ("errors of static pages are no-store, in one word",),
    "ordinary views": ("ordinary Django views say themselves who may store their answers",),
    "with `DEBUG`": ("with DEBUG, pages are made for each request: there is no state to tell",),
    # renewal
    "`revalidate(path)` marks": ("revalidate only marks a page: the next visitor's request makes it, and says MISS",),
    "an error in the page": ("revalidate only marks a page: what comes of it is seen by the next visitor",),
    "a page that was never made": (
        "a page that was never made is not made by revalidate: its first visitor has it made",
    ),
    "messages of errors": ("the message is a sentence of ours",),
    # preview
    "one cookie": ("one cookie, pagesapi_preview, in the place of two", "there is one cookie, so no half of it"),
    "a preview ends": ("a preview ends after a day unless it is told otherwise, not with the browser",),
    "`SameSite=Lax`": ("SameSite=Lax, so that no other site previews in a frame; PREVIEW has a setting for it",),
    "the answer that sets": ("an answer that carries the preview cookie is nobody else's",),
    "every answer to an editor": (
        "every answer to an editor is private, no-store; the rest of Next.js's words adds nothing (RFC 9111 §5.2.2.5)",
    ),
    "a preview has no state": (
        "a preview has no part in the store: no state, no tag to come back with",
        "a preview is made for each request, and has no tag that an editor could have",
    ),
    "a cookie that is no good": ("a cookie that is no good is ignored, not cleared: it may be another application's",),
    "`max_age` is": ("max_age is whole seconds above 0; anything else is a slip",),
    "2,000 bytes": ("2,000 bytes of JSON fit, whatever the signed cookie has (Next.js measures its own)",),
}


def rows() -> list[str]:
    """The first cells of all tables that compare."""
    compared = PAGE.source.split("## Beyond Next.js")[0]
    cells = re.findall(r"^\| (.+?) \| .* \| .*\|$", compared, re.MULTILINE)
    return [cell for cell in cells if cell != "here"]


def test_every_departure_that_is_tested_is_told() -> None:
    known = {departure.reason for departure in DEPARTURES.values()} | {rule.reason for rule in RULES}
    told = {reason for reasons in TOLD.values() for reason in reasons}
    assert told | NOT_SEEN == known


def test_every_row_of_the_page_is_tested() -> None:
    ungrounded = [row for row in rows() if sum(row.startswith(beginning) for beginning in TOLD) != 1]
    assert ungrounded == []
    assert len(rows()) == len(TOLD)
