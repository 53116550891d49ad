"""What a caller sees of an answer, in terms that a JavaScript and a Python server share."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.conformance.cases import Case
from tests.conformance.server import PORT, Answer

PROBLEM = "application/problem+json"
CACHE_STATE = "x-pagesapi-cache"  # Next.js: X-Nextjs-Cache
WATCHED = ("allow", "cache-control", "location", CACHE_STATE)
FOREIGN = "access-control-"
HTML_PAGE = "<an HTML page>"
VALUES = re.compile(r'<script id="p" type="application/json">(.*?)</script>', re.DOTALL)  # of a sample page
PREVIEW_COOKIES = ("pagesapi_preview", "__prerender_bypass", "__next_preview_data")
FLAGS = ("httponly", "secure", "samesite")


Cookie = tuple[str, str, str, str]  # value, path, max-age, flags


@dataclass(frozen=True)
class Outcome:
    status: int | None
    content_type: str | None = None
    body: Any = ""  # JSON and a sample page as their value; a problem as its detail; HTML_PAGE; else text
    etag: bool = False
    headers: dict[str, str] = field(default_factory=dict)  # those of WATCHED, and what CORS answers
    cookies: dict[str, Cookie] = field(default_factory=dict)
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
        body = page_value(text)
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
    body = json.loads(text) if is_a_value(case, text) else text
    values = case.headers.get("set-cookie", [])
    headers = {name.replace("x-nextjs-cache", CACHE_STATE): case.header(name) or "" for name in case.headers}
    return Outcome(
        status=case.status,
        content_type=case.header("content-type"),
        body=body if case.page_text is None else value_of(case.page_text),
        etag="etag" in case.headers,
        headers={name: value.replace("<PORT>", str(PORT)) for name, value in headers.items() if is_watched(name)},
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


def page_value(text: str) -> Any:
    """What a sample page was made from; HTML_PAGE for all others. NaN, which is no JSON, as its name.

    Where Django leaves %FF in a path, an ASGI server, which decodes it before, has put U+FFFD.
    """
    match = VALUES.search(text)
    return json.loads(match[1].replace("\\ufffd", "%FF"), parse_constant=str) if match else HTML_PAGE


def value_of(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def members(outcome: Outcome) -> Mapping[str, Any]:
    return outcome.body if isinstance(outcome.body, dict) and is_json(outcome.content_type) else {}


def with_members(outcome: Outcome, **changed: Any) -> Outcome:
    return replace(outcome, body={**outcome.body, **changed})


def cookie_of(line: str) -> tuple[str, Cookie]:
    """`a=1; Path=/; Max-Age=5` → `("a", ("1", "/", "5", ""))`; one that expired in 1970 has no time left.

    The value of a preview cookie, never the same twice, is `<set>`.
    """
    pair, *rest = line.split("; ")
    name, _, value = pair.partition("=")
    attributes = {key.lower(): text for key, _, text in (part.partition("=") for part in rest)}
    left = "0" if "1970" in attributes.get("expires", "") else attributes.get("max-age", "")
    flags = "; ".join(f"{key}={attributes[key]}".rstrip("=").lower() for key in FLAGS if key in attributes)
    value = value.strip('"')
    return name, ("<set>" if value and name in PREVIEW_COOKIES else value, attributes.get("path", ""), left, flags)
