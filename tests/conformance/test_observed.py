"""Every observed case of Next.js is asked of this package too, through a WSGI and through an ASGI stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.cases import FOLDER, Case, load_cases, load_sets, set_key
from tests.conformance.departures import DEPARTURES, RULES
from tests.conformance.outcome import Outcome, observed, seen
from tests.conformance.server import Answer, Interface, Server, serving
from tests.conformance.tree import errors_of, write

CASES = load_cases()
# File names that no tree may hold here; each is tried on its own.
REFUSED = {key: departure.refused for key, departure in DEPARTURES.items() if departure.refused is not None}


def is_sent(case: Case) -> bool:
    return case.key not in REFUSED and (case.key not in DEPARTURES or DEPARTURES[case.key].sent)


def rows(*groups: str) -> list[Any]:
    chosen = [case for case in CASES if case.group in groups and is_sent(case)]
    return [pytest.param(case, id=f"{case.group}: {case.name}") for case in chosen]


@pytest.fixture(params=["wsgi", "asgi"])
def interface(request: pytest.FixtureRequest) -> Interface:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def pages(interface: Interface) -> Iterator[Server]:
    with serving(FOLDER / "pages_tree", interface) as ask:
        yield ask


@pytest.fixture
def app(interface: Interface) -> Iterator[Server]:
    with serving(FOLDER / "app_tree", interface) as ask:
        yield ask


@pytest.fixture
def matcher(interface: Interface) -> Iterator[Server]:
    """Next.js's matcher is asked without its router, which would mend slashes before."""
    with serving(FOLDER / "pages_tree", interface, TRAILING_SLASH="accept") as ask:
        yield ask


@pytest.mark.parametrize("case", rows("routing", "req", "res"))
def test_a_handler_answers_as_a_pages_api_route_does(pages: Server, case: Case) -> None:
    check(case, ask_for(case, pages))


@pytest.mark.parametrize("case", rows("app-routing", "app-methods", "app-res"))
def test_a_method_function_answers_as_a_route_handler_does(app: Server, case: Case) -> None:
    check(case, ask_for(case, app))


@pytest.mark.parametrize("case", rows("route-match"))
def test_a_route_matches_what_it_matches_in_nextjs(matcher: Server, case: Case) -> None:
    answer = matcher("GET", case.path)
    matched = json.loads(answer.body)["query"] if answer.status == 200 else False
    assert matched == expected(case).body


@pytest.mark.parametrize("file", [pytest.param(file, id=": ".join(key)) for key, file in REFUSED.items()])
def test_a_file_name_that_is_refused_is_named_by_the_check(file: str, tmp_path: Path) -> None:
    write(tmp_path, [file])
    assert any(file in error or f"{Path(file).parts[0]}/" in error for error in errors_of(tmp_path))


def test_every_case_and_set_is_sent_or_listed() -> None:
    listed = {key for key, departure in DEPARTURES.items() if not departure.sent or departure.refused}
    assert {case.key for case in CASES if not is_sent(case)} == {key for key in listed if key[0] != "sorted"}
    assert len({case.key for case in CASES}) == len(CASES)


def test_every_departure_is_about_a_case() -> None:
    assert set(DEPARTURES) <= {case.key for case in CASES} | {set_key(row["input"]) for row in load_sets()}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.key in DEPARTURES], ids=lambda case: ": ".join(case.key)
)
def test_no_departure_is_stale(case: Case) -> None:
    departure = DEPARTURES[case.key]
    assert departure.reason
    assert not departure.sent or departure.refused or departure.expected(by_the_rules(case)) != by_the_rules(case)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.reason)
def test_no_rule_is_stale(rule: Any) -> None:
    assert any(rule.apply(case, observed(case)) != observed(case) for case in CASES)


def ask_for(case: Case, ask: Server) -> Answer:
    """Send the case; where it repeats an ETag of Next.js, ours for the same path stands in its place."""
    headers = dict(case.request_headers)
    theirs = case.header("etag")
    if theirs and theirs in headers.get("If-None-Match", ""):
        ours = ask("GET", case.path).header("etag") or theirs
        headers["If-None-Match"] = headers["If-None-Match"].replace(theirs, ours)
    return ask(case.method, case.path, headers, case.request_body)


def check(case: Case, answer: Answer) -> None:
    assert b"boom" not in answer.body.removeprefix(b"part")  # the text of an exception is nobody's business
    assert seen(answer) == with_its_detail(expected(case), seen(answer))


def expected(case: Case) -> Outcome:
    departure = DEPARTURES.get(case.key)
    return departure.expected(by_the_rules(case)) if departure else by_the_rules(case)


def by_the_rules(case: Case) -> Outcome:
    return reduce(lambda outcome, rule: rule.apply(case, outcome), RULES, observed(case))


def with_its_detail(wanted: Outcome, outcome: Outcome) -> Outcome:
    """A problem's detail may say more than was asked for: where in the JSON, say."""
    if not all(isinstance(one.body, dict) and "problem" in one.body for one in (wanted, outcome)):
        return wanted
    begins_so = outcome.body["problem"].startswith(wanted.body["problem"])
    return replace(wanted, body=outcome.body) if begins_so else wanted
