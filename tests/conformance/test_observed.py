"""Every observed case of Next.js is asked of this package too, through a WSGI and through an ASGI stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.cases import FOLDER, PAGE_GROUPS, Case, load_sets, set_key
from tests.conformance.departures import DEPARTURES, RULES
from tests.conformance.expectation import CASES, REFUSED, by_the_rules, expected, is_sent, rows, with_its_detail
from tests.conformance.outcome import seen
from tests.conformance.rule import Rule
from tests.conformance.server import Answer, Interface, Server, serving
from tests.conformance.tree import errors_of, write


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


PAGES_ROUTER = ("routing", "req", "res")
APP_ROUTER = ("app-routing", "app-methods", "app-res")


@pytest.mark.parametrize("case", rows(*PAGES_ROUTER))
def test_a_handler_answers_as_a_pages_api_route_does(pages: Server, case: Case) -> None:
    check(case, ask_for(case, pages))


@pytest.mark.parametrize("case", rows(*APP_ROUTER))
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


def test_every_group_is_asked() -> None:
    """Those of `PAGE_GROUPS` by `test_observed_pages`."""
    assert {case.group for case in CASES} == {*PAGES_ROUTER, *APP_ROUTER, "route-match", *PAGE_GROUPS}


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
def test_no_rule_is_stale(rule: Rule) -> None:
    assert any(by_the_rules(case, without=rule) != by_the_rules(case) for case in CASES)


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
