"""What this package should answer to a case: what was observed, by the rules and with the departures."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from tests.conformance.cases import Case, load_cases
from tests.conformance.departures import DEPARTURES, RULES
from tests.conformance.outcome import Outcome, observed
from tests.conformance.rule import Rule

CASES = load_cases()
# File names that no tree may hold here; each is tried on its own.
REFUSED = {key: departure.refused for key, departure in DEPARTURES.items() if departure.refused is not None}


def is_sent(case: Case) -> bool:
    return case.key not in REFUSED and (case.key not in DEPARTURES or DEPARTURES[case.key].sent)


def rows(*groups: str) -> list[Any]:
    """The cases of these groups that are sent, for `pytest.mark.parametrize`."""
    chosen = [case for case in CASES if case.group in groups and is_sent(case)]
    return [pytest.param(case, id=f"{case.group}: {case.name}") for case in chosen]


def expected(case: Case) -> Outcome:
    departure = DEPARTURES.get(case.key)
    return departure.expected(by_the_rules(case)) if departure else by_the_rules(case)


def by_the_rules(case: Case, without: Rule | None = None) -> Outcome:
    rules = (rule for rule in RULES if rule is not without)
    return reduce(lambda outcome, rule: rule.apply(case, outcome), rules, observed(case))


def with_its_detail(wanted: Outcome, outcome: Outcome) -> Outcome:
    """A problem's detail may say more than was asked for: where in the JSON, say."""
    if not all(isinstance(one.body, dict) and "problem" in one.body for one in (wanted, outcome)):
        return wanted
    begins_so = outcome.body["problem"].startswith(wanted.body["problem"])
    return replace(wanted, body=outcome.body) if begins_so else wanted
