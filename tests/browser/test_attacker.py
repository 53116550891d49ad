"""A real browser as the attacker: pages of five origins, and a victim who is signed in at the site."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.browser.attacker.calls import CALLS, Call
from tests.browser.attacker.clients import CLIENTS
from tests.browser.attacker.origin import serving
from tests.browser.attacker.pages import Pages
from tests.browser.attacker.site import TOKEN, AttackedSite
from tests.browser.attacker.table import ORIGINS, Table
from tests.browser.attacker.tables import TABLES
from tests.browser.conftest import OPTIONS, go_without
from tests.browser.visit import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("browser")]

# Cookies go wherever their SameSite lets them. A browser that keeps them from other sites altogether, as this one
# would by default, does more than a site may count on.
PREFERENCES = {"profile": {"cookie_controls_mode": 0}}
CSRF_TOKEN = "c" * 32


class Ports(NamedTuple):
    attacker: int
    allowed: int


@pytest.fixture(scope="module")
def ports() -> Iterator[Ports]:
    with serving() as attacker, serving() as allowed:
        yield Ports(attacker, allowed)


@pytest.fixture(scope="module")
def attacked(chromium: str, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AttackedSite]:
    site = AttackedSite(tmp_path_factory.mktemp("attacked"), f"http://localhost:{ports.allowed}")
    yield site
    site.stop()


@pytest.fixture(scope="module")
def victim(chromium: str, attacked: AttackedSite) -> Iterator[BrowserContext]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - looked for above

    profile = attacked.folder / "profile"
    preferences = profile / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps(PREFERENCES), "utf-8")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=[*OPTIONS], base_url=attacked.origin
        ) as context,
    ):
        yield context


@pytest.fixture(scope="module")
def session(victim: BrowserContext) -> str:
    """The key of the victim's session."""
    page = victim.new_page()
    page.goto("/admin/login/?next=/about/")
    sign_in(page)
    page.wait_for_url("**/about/")
    page.close()
    return next(cookie["value"] for cookie in victim.cookies() if cookie["name"] == "sessionid")


@pytest.fixture(scope="module")
def pages(attacked: AttackedSite, victim: BrowserContext, session: str, ports: Ports) -> Pages:
    return Pages(attacked, victim, *ports)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_pages_of_each_origin_get_what_the_table_says(
    victim: BrowserContext, session: str, pages: Pages, table: Table
) -> None:
    victim.clear_cookies()
    for name, value in (("sessionid", session), ("csrftoken", CSRF_TOKEN)):
        keep_cookie(victim, name, value, table)
    attempts = [attempt for attempt, _ in table.rows]

    found = {origin: pages.outcomes(origin, table.path, attempts) for origin in ORIGINS}

    rows = {each.label: {origin: found[origin][at] for origin in ORIGINS} for at, each in enumerate(attempts)}
    assert rows == {attempt.label: cells for attempt, cells in table.rows}


def keep_cookie(context: BrowserContext, name: str, value: str, table: Table) -> None:
    # SameSite=None is for secure cookies alone, and browsers take the loopback for secure.
    secure = table.cookies == "None"
    place = {"domain": "127.0.0.1", "path": "/"}
    context.add_cookies([{"name": name, "value": value, **place, "sameSite": table.cookies, "secure": secure}])  # type: ignore[typeddict-item]


@pytest.mark.parametrize("program", CLIENTS)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.path}-{call.label}")
def test_programs_get_what_the_table_says(attacked: AttackedSite, session: str, call: Call, program: str) -> None:
    if program == "curl" and shutil.which(program) is None:
        go_without("There is no curl on PATH")
    name = f"call-{program}-{CALLS.index(call)}"

    headers, url = call.all_headers(session, TOKEN), f"{attacked.origin}{call.path}?attempt={name}"
    status = CLIENTS[program](call.method, url, headers, call.content(name))

    assert ", ".join([str(status), *attacked.effects()[name]]) == call.expected
    assert attacked.arrived()[name] == [(call.method, status)]
