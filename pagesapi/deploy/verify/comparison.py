"""The same questions to the live application and to what was written, and what differs between their answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pagesapi.deploy.verify.answer import NETWORK, Answer
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.questions import Inquiry
from pagesapi.deploy.verify.site import Site
from pagesapi.exceptions import DeployError

# A server's own business, and which of its copies a page came from: not what is in it, nor for how long it holds.
NOT_COMPARED = ("connection", "date", "server", "x-pagesapi-cache")
# What a network that keeps pages says of its own, in the place of what the application says to caches.
OF_THE_NETWORK = {"cache-control", "content-language", "content-length", "etag", "last-modified", "vary"}
ALWAYS = ("status", "content-type")  # compared even where two answers of one application differ
SHOWN = 60  # characters of a value
Verdict = Literal["same", "varies", "differs", "failed", "not asked"]
Parts = dict[str, object]  # "status", "body", and each header by its name in lower case


@dataclass(frozen=True, slots=True)
class Row:
    question: Question
    verdict: Verdict
    function: str = ""
    live: int | None = None  # statuses
    site: int | None = None
    detail: str = ""  # what differs, or varies; or why there is no answer

    @property
    def is_right(self) -> bool:
        return self.verdict not in ("differs", "failed")


@dataclass(frozen=True, slots=True)
class Comparison:
    """`moved`: the folder that the written one's answers name in DEBUG, and the one that the live ones do.

    `only`: "status", "body" and the headers that are compared; None: all.
    """

    live: Site
    site: Site
    moved: tuple[str, str] = ("", "")
    only: frozenset[str] | None = None

    def rows(self, inquiries: Iterable[Inquiry]) -> Iterator[Row]:
        for inquiry in inquiries:
            yield self.row(inquiry)

    def row(self, inquiry: Inquiry) -> Row:
        """The live application is asked before and after: what differs between these two varies by itself."""
        question = inquiry.question
        if not inquiry.is_asked:
            return Row(question, "not asked", detail="it may change something")
        before = self._live(question, inquiry)
        try:
            if inquiry.is_conditional:
                return self._conditional(question, inquiry)
            answer = self.site.ask(question)
        except DeployError as error:
            return Row(question, "failed", live=before.status, detail=str(error))
        after = self._live(question, inquiry)
        return self._judged(question, before, answer, after, is_file=inquiry.file is not None)

    def _conditional(self, question: Question, inquiry: Inquiry) -> Row:
        """Each with its own ETag."""
        at_home = _conditionally(question, self.live.ask(question))
        there = _conditionally(question, self.site.ask(question))
        if at_home is None or there is None:
            return Row(question, "not asked", detail="it has no ETag")
        before, answer = self._live(at_home, inquiry), self.site.ask(there)
        return self._judged(there, before, answer, self._live(at_home, inquiry))

    def _live(self, question: Question, inquiry: Inquiry) -> Answer:
        """A static file that the application leaves to a server in front of it is compared with the file alone."""
        answer = self.live.ask(question)
        if inquiry.file is None or answer.status != 404:
            return answer
        return Answer(200, (), inquiry.file.read_bytes()).sent_for(question.method)

    def _judged(
        self, question: Question, before: Answer, answer: Answer, after: Answer, *, is_file: bool = False
    ) -> Row:
        """Of a file that the network serves, what it holds counts."""
        live = parts_of(before)
        found = parts_of(self._at_home(answer))
        varying = differing(live, parts_of(after)) - set(ALWAYS)
        different = differing(live, found) - varying
        if answer.function == NETWORK:
            different -= OF_THE_NETWORK | ({"content-type"} if answer.status == 304 else set())
        if (is_file and answer.function == NETWORK) or not before.headers:
            different &= {"status", "body"}
        if self.only is not None:
            different &= self.only
        verdict: Verdict = "differs" if different else "varies" if varying else "same"
        shown = told(live, found, different) if different else ", ".join(sorted(varying))
        return Row(question, verdict, answer.function, before.status, answer.status, shown)

    def _at_home(self, answer: Answer) -> Answer:
        there, here = (text.encode() for text in self.moved)
        if not there or there not in answer.body:
            return answer
        body = answer.body.replace(there, here)
        length = [
            (name, str(len(body)) if name.lower() == "content-length" else value) for name, value in answer.headers
        ]
        return replace(answer, body=body, headers=tuple(length))


def _conditionally(question: Question, answer: Answer) -> Question | None:
    etags = answer.values("etag")
    if answer.status != 200 or not etags:
        return None
    return replace(question, headers=(*question.headers, ("If-None-Match", etags[0])))


def parts_of(answer: Answer) -> Parts:
    """What is compared; several values of one header in any order of the names, but in their own."""
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        if name.lower() not in NOT_COMPARED:
            headers.setdefault(name.lower(), []).append(value)
    return {"status": answer.status, "body": answer.body, **{name: ", ".join(each) for name, each in headers.items()}}


def differing(one: Parts, other: Parts) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def told(live: Parts, found: Parts, names: Iterable[str]) -> str:
    """ "etag: '"1"' live, '"2"' here; body: from byte 17" """
    return "; ".join(_told(name, live.get(name), found.get(name)) for name in sorted(names))


def _told(name: str, live: object, found: object) -> str:
    if isinstance(live, bytes) and isinstance(found, bytes):
        same = next((at for at, (one, other) in enumerate(zip(live, found, strict=False)) if one != other), None)
        at = min(len(live), len(found)) if same is None else same
        return f"body from byte {at}: {live[at : at + SHOWN]!r} live, {found[at : at + SHOWN]!r} here"
    return f"{name}: {_short(live)} live, {_short(found)} here"


def _short(value: object) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


# The table

Line = tuple[str, ...]
HEADS: Line = ("QUESTION", "FUNCTION", "LIVE", "HERE", "VERDICT", "WHAT DIFFERS")


def table(rows: Iterable[Row]) -> Iterator[tuple[str, Row | None]]:
    """Lines for a terminal, the first of them the heads; each with its row, so that a wrong one can be red."""
    found = list(rows)
    lines = [_line(row) for row in found]
    widths = [max(len(line[column]) for line in [HEADS, *lines]) for column in range(len(HEADS) - 1)]
    yield _padded(HEADS, widths), None
    for row, line in zip(found, lines, strict=True):
        yield _padded(line, widths), row


def _line(row: Row) -> Line:
    statuses = ("" if status is None else str(status) for status in (row.live, row.site))
    return _named(row.question), row.function, *statuses, row.verdict, row.detail.partition("\n")[0]


def _named(question: Question) -> str:
    """With what makes it another one than the same without."""
    extra = [name for name in ("Origin", "If-None-Match", "Access-Control-Request-Method") if question.values(name)]
    return f"{question} ({', '.join(extra)})" if extra else str(question)


def _padded(cells: Line, widths: list[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*padded, cells[-1]]).rstrip()
