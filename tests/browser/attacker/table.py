"""What is tried and what comes of it: an expectation of `test_attacker.py`, and a part of `docs/attacks.md`.

A cell tells the facts: "asked" (a preflight came first), the status of the answer or "not sent", what is in the
database ("as victim": the endpoint ran for who is signed in; "as nobody"; "saved" by an endpoint of the demo), and
"read" if the page that tried could read the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tests.browser.attacker.attempts import Attempt

Origin = Literal["own", "port", "elsewhere", "sandbox", "allowed"]
ORIGINS: tuple[Origin, ...] = ("own", "port", "elsewhere", "sandbox", "allowed")


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows with the same cells."""

    attempts: tuple[Attempt, ...]
    own: str  # a page of the site itself
    others: str | tuple[str, str, str]  # another port of its host, another site, that in a sandbox: one text for all
    allowed: str  # a page of the origin that the endpoint's `Cors` names, where it has one

    @property
    def cells(self) -> dict[Origin, str]:
        others = (self.others,) * 3 if isinstance(self.others, str) else self.others
        return dict(zip(ORIGINS, (self.own, *others, self.allowed), strict=True))


@dataclass(frozen=True, kw_only=True)
class Table:
    path: str
    about: str
    groups: tuple[Group, ...]
    cookies: Literal["None", "Lax"] = "None"  # the SameSite of the session's cookie

    @property
    def rows(self) -> Iterator[tuple[Attempt, dict[Origin, str]]]:
        return ((attempt, group.cells) for group in self.groups for attempt in group.attempts)

    @property
    def name(self) -> str:
        return self.path if self.cookies == "None" else f"{self.path} ({self.cookies})"


def group(attempts: Attempt | Iterable[Attempt], own: str, others: str | tuple[str, str, str], allowed: str) -> Group:
    listed = (attempts,) if isinstance(attempts, Attempt) else tuple(attempts)
    return Group(attempts=listed, own=own, others=others, allowed=allowed)


DONE = "200, as victim"
DONE_READ = "200, as victim, read"
ANYBODY = "200, as nobody"
ANYBODY_READ = "200, as nobody, read"
NOT_SENT = "asked, not sent"
