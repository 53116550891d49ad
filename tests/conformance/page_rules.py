"""Where static pages and previews answer otherwise than Next.js's: rules for whole classes of cases."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.conformance.cases import PAGE_GROUPS, Case
from tests.conformance.outcome import CACHE_STATE, PREVIEW_COOKIES, Cookie, Outcome, with_members
from tests.conformance.route_rules import TEXT
from tests.conformance.rule import Rule

COOKIE, *THEIRS = PREVIEW_COOKIES
FOR_NOBODY_ELSE = "private, no-cache, no-store, max-age=0, must-revalidate"  # as Next.js says it
NO_STORE = "private, no-store"
DAY = "86400"
ORDINARY = ("/ssr", "/draft/state", "/draft/enable")  # ordinary Django views of the sample
CHANGING_PREVIEW = ("/api/pv/set", "/api/pv/clear", "/api/pv/draft", "/draft/enable")
PREBUILT = ("one", "/ssg/", "/draft")  # what a path ends or begins with that was built: not first made by a request
LONGEST_404 = 10  # seconds
UNDEFINED = "<undefined>"
PYTHON_VALUES = {"preview": False, "previewData": {}, "draftMode": False}


def is_editors(case: Case) -> bool:
    """Whether the request carried a preview cookie that Next.js took for good."""
    cookie = case.request_headers.get("Cookie", "")
    return "__prerender_bypass=<PREVIEW_MODE_ID>" in cookie and "set-cookie" not in case.headers


def is_static(case: Case) -> bool:
    return case.is_of_a_page and case.path.partition("?")[0] not in ORDINARY


def with_headers(outcome: Outcome, **changed: str | None) -> Outcome:
    """Headers, `_` for `-`; None takes one away."""
    given = {name.replace("_", "-"): value for name, value in changed.items()}
    headers = {**outcome.headers, **given}
    return replace(outcome, headers={name: value for name, value in headers.items() if value is not None})


def without_state(outcome: Outcome) -> Outcome:
    return with_headers(outcome, **{CACHE_STATE: None})


def values_are_pythons(case: Case, outcome: Outcome) -> Outcome:
    if not isinstance(outcome.body, dict) or "problem" in outcome.body:
        return outcome
    values = {name: python_value(name, value) for name, value in outcome.body.items() if name != "ctx"}
    return replace(outcome, body={name: value for name, value in values.items() if value != UNDEFINED})


def python_value(name: str, value: Any) -> Any:
    is_nothing = value == UNDEFINED or (name == "previewData" and value is False)
    return PYTHON_VALUES.get(name, UNDEFINED) if is_nothing else value


def first_requests_have_a_reason(case: Case, outcome: Outcome) -> Outcome:
    is_prebuilt = case.path.endswith(PREBUILT[0]) or case.path.startswith(PREBUILT[1:])
    return with_reason(outcome, "first-request") if not is_editors(case) and not is_prebuilt else outcome


def previews_have_a_reason(case: Case, outcome: Outcome) -> Outcome:
    return with_reason(outcome, "preview") if is_editors(case) else outcome


def with_reason(outcome: Outcome, reason: str) -> Outcome:
    is_said = isinstance(outcome.body, dict) and outcome.body.get("reason") == "stale"
    return with_members(outcome, reason=reason) if is_said else outcome


def invalid_cookies_are_ignored(case: Case, outcome: Outcome) -> Outcome:
    return outcome if case.path.startswith(CHANGING_PREVIEW) else replace(outcome, cookies={})


def one_cookie_of_ours(case: Case, outcome: Outcome) -> Outcome:
    cookies = {COOKIE if name in THEIRS else name: cookie for name, cookie in outcome.cookies.items()}
    return replace(outcome, cookies=cookies)


def cookies_have_an_age(case: Case, outcome: Outcome) -> Outcome:
    return with_cookie(outcome, lambda value, path, age, flags: (value, path, age or DAY, flags))


def cookies_are_lax(case: Case, outcome: Outcome) -> Outcome:
    return with_cookie(
        outcome, lambda value, path, age, flags: (value, path, age, flags.replace("samesite=none", "samesite=lax"))
    )


def with_cookie(outcome: Outcome, change: Callable[..., Cookie]) -> Outcome:
    cookies = {name: change(*cookie) if name == COOKIE else cookie for name, cookie in outcome.cookies.items()}
    return replace(outcome, cookies=cookies)


def answers_with_the_cookie_are_private(case: Case, outcome: Outcome) -> Outcome:
    return with_headers(outcome, cache_control=NO_STORE) if COOKIE in outcome.cookies else outcome


def an_editors_answers_are_private(case: Case, outcome: Outcome) -> Outcome:
    return with_headers(outcome, cache_control=NO_STORE) if is_editors(case) else outcome


def previews_are_not_of_the_store(case: Case, outcome: Outcome) -> Outcome:
    return replace(without_state(outcome), etag=False) if is_editors(case) and case.is_of_a_page else outcome


def nothing_is_kept_in_debug(case: Case, outcome: Outcome) -> Outcome:
    return without_state(outcome) if case.group == "getStaticPaths-validation" else outcome


def stored_pages_are_tagged(case: Case, outcome: Outcome) -> Outcome:
    return replace(outcome, etag=True) if CACHE_STATE in outcome.headers else outcome


def missing_pages_live_shortly(case: Case, outcome: Outcome) -> Outcome:
    match = re.match(r"s-maxage=(\d+)", outcome.headers.get("cache-control", ""))
    if outcome.status != 404 or match is None:
        return outcome
    return with_headers(outcome, cache_control=f"s-maxage={min(int(match[1]), LONGEST_404)}")


def made_by_the_next_visitor(case: Case, outcome: Outcome) -> Outcome:
    is_on_demand = isinstance(outcome.body, dict) and outcome.body.get("reason") == "on-demand"
    return with_headers(outcome, **{CACHE_STATE: "MISS"}) if is_on_demand else outcome


def errors_are_stored_nowhere(case: Case, outcome: Outcome) -> Outcome:
    is_error = (outcome.status or 0) >= 400 and outcome.headers.get("cache-control") == FOR_NOBODY_ELSE
    return with_headers(outcome, cache_control="no-store") if is_error and is_static(case) else outcome


def ordinary_views_speak_for_themselves(case: Case, outcome: Outcome) -> Outcome:
    is_their_own = outcome.headers.get("cache-control") == FOR_NOBODY_ELSE and not is_static(case)
    return with_headers(outcome, cache_control=None) if is_their_own else outcome


def redirects_are_djangos(case: Case, outcome: Outcome) -> Outcome:
    is_redirect = case.is_of_a_page and "location" in outcome.headers
    return replace(outcome, content_type="text/html; charset=utf-8", body="") if is_redirect else outcome


def endpoints_send_typed_text(case: Case, outcome: Outcome) -> Outcome:
    is_text = case.path.startswith("/api/pv/") and outcome.content_type is None
    return replace(outcome, content_type=TEXT, etag=outcome.status == 200) if is_text else outcome


def for_pages(reason: str, change: Callable[[Case, Outcome], Outcome]) -> Rule:
    def apply(case: Case, outcome: Outcome) -> Outcome:
        return change(case, outcome) if case.group in PAGE_GROUPS else outcome

    return Rule(reason, apply)


RULES_OF_PAGES = (
    for_pages(
        "what is undefined in JavaScript is False, {} or absent; the names of a context's members are Python's",
        values_are_pythons,
    ),
    for_pages(
        "a page that is made because it is asked for says so, where Next.js says stale", first_requests_have_a_reason
    ),
    for_pages("a page that is made for an editor says so, where Next.js says stale", previews_have_a_reason),
    for_pages(
        "a cookie that is no good is ignored, not cleared: it may be another application's",
        invalid_cookies_are_ignored,
    ),
    for_pages("one cookie, pagesapi_preview, in the place of two", one_cookie_of_ours),
    for_pages("a preview ends after a day unless it is told otherwise, not with the browser", cookies_have_an_age),
    for_pages(
        "SameSite=Lax, so that no other site previews in a frame; PREVIEW has a setting for it", cookies_are_lax
    ),
    for_pages("an answer that carries the preview cookie is nobody else's", answers_with_the_cookie_are_private),
    for_pages(
        "every answer to an editor is private, no-store; the rest of Next.js's words adds nothing (RFC 9111 §5.2.2.5)",
        an_editors_answers_are_private,
    ),
    for_pages("a preview has no part in the store: no state, no tag to come back with", previews_are_not_of_the_store),
    for_pages("with DEBUG, pages are made for each request: there is no state to tell", nothing_is_kept_in_debug),
    for_pages("a stored page has an ETag (Next.js's too; the record has it for HEAD only)", stored_pages_are_tagged),
    for_pages("a 404 lives ten seconds at most, and is not shown longer than it lives", missing_pages_live_shortly),
    for_pages(
        "revalidate only marks a page: the next visitor's request makes it, and says MISS",
        made_by_the_next_visitor,
    ),
    for_pages("errors of static pages are no-store, in one word", errors_are_stored_nowhere),
    for_pages("ordinary Django views say themselves who may store their answers", ordinary_views_speak_for_themselves),
    for_pages("a redirect of a page is Django's: typed, without a body", redirects_are_djangos),
    for_pages("text has a type, and 200 an ETag", endpoints_send_typed_text),
)
