"""Pages of five origins in the victim's browser, and what each attempt of theirs comes to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.attacker.attempts import Attempt
from tests.browser.attacker.site import TOKEN, AttackedSite
from tests.browser.attacker.table import Origin

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Frame, Request

SCRIPT = (Path(__file__).parent / "attack.js").read_text("utf-8")
numbers = count(1)


class Try:
    """An attempt at a URL; `name` leads to what it came to."""

    def __init__(self, attempt: Attempt, name: str, address: str) -> None:
        self.attempt = attempt
        self.name = name
        self.url = f"{address}?attempt={name}"
        self.read = False


class Pages:
    """One of each origin. `attacker` and `allowed` are ports on which pages of others are served."""

    def __init__(self, site: AttackedSite, context: BrowserContext, attacker: int, allowed: int) -> None:
        self.site = site
        self.context = context
        self.relay = f"http://localhost:{attacker}/relay"
        self.frames: dict[Origin, Frame] = {
            "own": self._open(f"{site.origin}/about/"),
            "port": self._open(f"http://127.0.0.1:{attacker}/"),
            "elsewhere": self._open(f"http://localhost:{attacker}/"),
            "sandbox": self._open(f"http://localhost:{attacker}/sandboxed"),
            "allowed": self._open(f"http://localhost:{allowed}/"),
        }

    def outcomes(self, origin: Origin, path: str, attempts: Sequence[Attempt]) -> list[str]:
        """A column of a table: all attempts at this path from a page of this origin."""
        frame = self.frames[origin]
        tries = [Try(attempt, f"attempt-{next(numbers)}", self.site.origin + path) for attempt in attempts]
        self._run_at_once(frame, [each for each in tries if each.attempt.ends == "script"])
        for each in tries:
            if each.attempt.ends == "window":
                self._run_in_window(frame, each)
            elif each.attempt.ends == "request":
                self._run_until_answered(frame, each)
        arrived, effects = self.site.arrived(), self.site.effects()
        return [told(each, arrived[each.name], effects[each.name]) for each in tries]

    def _open(self, address: str) -> Frame:
        page = self.context.new_page()
        page.goto(address)
        frame = page.frames[-1]  # the sandboxed one, if there is one
        frame.evaluate(f"() => {{ {SCRIPT}; Object.assign(window, {{Attack, textOf}}); }}")
        return frame

    def _run_at_once(self, frame: Frame, tries: list[Try]) -> None:
        given = [self._given(each) for each in tries]
        calls = ", ".join(f"({each.attempt.script})(new Attack(...given[{at}]))" for at, each in enumerate(tries))
        for each, read in zip(tries, frame.evaluate(f"given => Promise.all([{calls}])", given), strict=True):
            each.read = bool(read)

    def _run_until_answered(self, frame: Frame, each: Try) -> Request:
        """What the browser sends in its own time is answered or, after a preflight, given up."""
        with self.context.expect_event("request", lambda request: request.url == each.url) as sent:
            frame.evaluate(f"given => {{ ({each.attempt.script})(new Attack(...given)); }}", self._given(each))
        request: Request = sent.value
        answer = request.response()
        if answer is not None:
            answer.finished()
        return request

    def _run_in_window(self, frame: Frame, each: Try) -> None:
        with frame.page.expect_popup() as opened:
            request = self._run_until_answered(frame, each)
        if request.failure is None:  # a page in a sandbox may open a window, but not one of the site
            opened.value.wait_for_url(lambda url: url != "about:blank")
            each.read = bool(frame.evaluate("() => textOf(() => window.opened.document)"))
        opened.value.close()

    def _given(self, each: Try) -> list[str]:
        return [each.url, each.name, self.relay, TOKEN]


def told(each: Try, arrived: list[tuple[str, int]], effects: list[str]) -> str:
    """The facts as a cell: "asked, 200, as victim, read"."""
    method = each.attempt.method
    asked = ["asked" for sent, _ in arrived if sent == "OPTIONS"]
    answers = [str(status) for sent, status in arrived if sent == method]
    others = [f"{sent} {status}" for sent, status in arrived if sent not in {"OPTIONS", method}]
    return ", ".join([*asked, *(answers or ["not sent"]), *others, *effects, *(["read"] if each.read else [])])
