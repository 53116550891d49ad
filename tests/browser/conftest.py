"""A browser at the demo: Debian's Chromium, by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Response

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Root has no sandbox, a container a small /dev/shm; the rest would talk to servers far away.
OPTIONS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--no-proxy-server")

if os.environ.get("PAGESAPI_CI"):
    import playwright.sync_api  # noqa: F401 - without it the modules here would skip themselves


@pytest.fixture(scope="session")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("demo"))
    yield site
    site.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        go_without(f"There is no browser: none of {', '.join(PROGRAMS)} is on PATH")
    return found


def go_without(reason: str) -> NoReturn:
    if os.environ.get("PAGESAPI_CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    # For no longer than a module: as long as Playwright runs, Django takes this thread for a coroutine's, and
    # refuses it the database.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the module that asks has looked for it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*OPTIONS])
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    with browser.new_context(base_url=site.origin) as context:
        yield context


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    """A tab of it, in which no script may fail and nothing may be missing."""
    page = visitor.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda answer: faults.append(answer.url) if is_missing_file(answer) else None)
    yield page
    assert faults == []


def is_missing_file(answer: Response) -> bool:
    return "/static/" in answer.url and answer.status >= 400


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    for site in getattr(item, "funcargs", {}).values():
        if report.failed and isinstance(site, Site):
            report.sections.append(("Output of the demo", site.output.since(0)))
    return report
