"""Where endpoints answer otherwise than Next.js's: rules for whole classes of cases."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from tests.conformance.cases import Case
from tests.conformance.outcome import PROBLEM, Outcome, members, with_members
from tests.conformance.rule import Rule

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
    if not case.is_own_answer_of_next or case.is_of_a_page:
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


RULES_OF_ROUTES = (
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
