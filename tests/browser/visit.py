"""What a visitor does more than once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from tests.browser.site import PASSWORD, PATIENCE, STAFF

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Sight(NamedTuple):
    cache: str  # HIT, STALE or MISS
    text: str


def sign_in(page: Page) -> None:
    """At the form to which this tab was sent."""
    page.get_by_label("Username").fill(STAFF)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def reloads(page: Page, text: str) -> Iterator[Sight]:
    """What the tab shows at each reload, up to the first that has this text."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        answer = page.reload()
        assert answer is not None
        sight = Sight(answer.headers["x-pagesapi-cache"], page.locator("main").inner_text())
        yield sight
        if text in sight.text:
            return
    raise AssertionError(f"No reload ever showed {text!r}.")
