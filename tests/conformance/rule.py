"""What holds for a whole class of cases: how our answer differs from the one that was observed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.conformance.cases import Case
from tests.conformance.outcome import Outcome


@dataclass(frozen=True)
class Rule:
    reason: str
    apply: Callable[[Case, Outcome], Outcome]
