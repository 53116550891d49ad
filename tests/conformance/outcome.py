"""What a caller sees of an answer, in terms that a JavaScript and a Python server share."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.cases import Case
from tests.conformance.server import PORT, Answer

PROBLEM = "application/problem+json"
WATCHED = ("allow", "cache-control", "location")
FOREIGN = "access-control-"
HTML_PAGE = "<an HTML page>"


@dataclass(frozen=True)
class Outcome:
    status: int | None
    content_type: str | None = None
    body: Any = ""  # JSON as its value; a problem as its detail; HTML_PAGE; else text
    etag: bool = False
    headers: dict[str, str] = field(default_factory=dict)  # those of WATCHED, and what CORS answers
    cookies: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # name → value, path, max-age
    cut_off: bool = False


def seen(answer: Answer) -> Outcome:
    """Our answer. A problem document is checked here, once for all rows."""
    content_type = answer.header("content-type")
    text = answer.body.decode()
    body: Any = text
    if content_type == PROBLEM and text:
        problem = json.loads(text)
        assert problem["status"] == answer.status
        assert problem["type"] == "about:blank"
        assert problem["title"]
        body = {"problem": problem.get("detail", "")}
    elif is_json(content_type) and text:
        body = json.loads(text)
    elif text.lstrip().lower().startswith("<!doctype html"):
        body = HTML_PAGE
    return Outcome(
        status=answer.status,
        content_type=content_type,
        body=body,
        etag="etag" in dict(answer.fields),
        headers={name: answer.header(name) or "" for name, _ in answer.fields if is_watched(name)},
        cookies=dict(map(cookie_of, answer.cookie_lines)),
        cut_off=answer.cut_off,
    )


def observed(case: Case) -> Outcome:
    """The answer of Next.js, as it was written down."""
    text = HTML_PAGE if case.is_html else (case.body or "").replace("<PORT>", str(PORT))
    values = case.headers.get("set-cookie", [])
    return Outcome(
        status=case.status,
        content_type=case.header("content-type"),
        body=json.loads(text) if is_a_value(case, text) else text,
        etag="etag" in case.headers,
        headers={
            name: (case.header(name) or "").replace("<PORT>", str(PORT)) for name in case.headers if is_watched(name)
        },
        cookies=dict(map(cookie_of, [values] if isinstance(values, str) else values)),
        cut_off=case.transport_error == "truncated-chunked",
    )


def is_watched(name: str) -> bool:
    return name in WATCHED or name.startswith(FOREIGN)


def is_json(content_type: str | None) -> bool:
    media_type = (content_type or "").partition(";")[0]
    return media_type == "application/json" or media_type.endswith("+json")


def is_a_value(case: Case, text: str) -> bool:
    """Whether a body is JSON; Next.js leaves the handler's type on its own "Internal Server Error"."""
    if case.group != "route-match" and not is_json(case.header("content-type")):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def cookie_of(line: str) -> tuple[str, tuple[str, str, str]]:
    """`a=1; Path=/; Max-Age=5` → `("a", ("1", "/", "5"))`; one that expired in 1970 has no time left."""
    pair, *rest = line.split("; ")
    name, _, value = pair.partition("=")
    attributes = {key.lower(): text for key, _, text in (part.partition("=") for part in rest)}
    left = "0" if "1970" in attributes.get("expires", "") else attributes.get("max-age", "")
    return name, (value.strip('"'), attributes.get("path", ""), left)
