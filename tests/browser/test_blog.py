"""A visitor of the blog."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from tests.browser.site import STAFF, Site
from tests.browser.visit import reloads, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("browser")]

PAGES = ["/", "/blog/", "/blog/page/2/", "/blog/look-before-you-publish/", "/about/", "/thanks/", "/no/such/page/"]


def test_a_visitor_walks_through_the_blog(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Built once, renewed by itself")

    page.get_by_role("link", name="Look before you publish").click()
    expect(page).to_have_url("/blog/look-before-you-publish/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look before you publish")

    page.get_by_role("navigation", name="Site").get_by_role("link", name="Blog").click()
    page.get_by_role("link", name="Older posts").click()
    expect(page).to_have_url("/blog/page/2/")
    page.get_by_role("link", name="A file is an endpoint").click()
    expect(page.get_by_role("article")).to_contain_text("the folder is the list")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_on_a_phone(browser: Browser, site: Site, path: str) -> None:
    with browser.new_context(base_url=site.origin, viewport={"width": 360, "height": 740}) as phone:
        page = phone.new_page()
        page.goto(path)

        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_who_prefers_the_dark_gets_it(browser: Browser, site: Site) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        with browser.new_context(base_url=site.origin, color_scheme=scheme) as context:
            page = context.new_page()
            page.goto("/")
            grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert grounds == ["rgb(251, 250, 247)", "rgb(19, 24, 23)"]


def test_the_keyboard_comes_to_the_text_first(page: Page) -> None:
    page.goto("/blog/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()


def test_the_form_is_saved_and_thanks_in_its_place(site: Site, page: Page) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Message").fill("Größe ✓ <b>")
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("status")).to_contain_text("Your feedback is saved as number")
    expect(page).to_have_url("/")
    assert site.rows("SELECT email FROM blog_feedback WHERE message = ?", "Größe ✓ <b>") == [("ada@example.com",)]


def test_the_form_works_without_scripts(browser: Browser, site: Site) -> None:
    with browser.new_context(base_url=site.origin, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_label("E-mail").fill("ada@example.com")
        page.get_by_label("Message").fill("Without scripts")
        page.get_by_role("button", name="Send").click()

        expect(page).to_have_url("/thanks/")
        expect(page.get_by_role("status")).to_contain_text("Your feedback is saved as number")
    assert site.rows("SELECT email FROM blog_feedback WHERE message = 'Without scripts'") == [("ada@example.com",)]


def test_an_address_that_the_server_refuses_is_marked_at_its_field(site: Site, page: Page) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill("ada@example")  # enough for the browser
    page.get_by_label("Message").fill("Not to be kept")
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_label("E-mail")).to_have_accessible_description("Enter a valid email address.")
    expect(page.get_by_label("E-mail")).to_be_focused()
    expect(page.get_by_label("Message")).to_have_value("Not to be kept")
    assert site.rows("SELECT * FROM blog_feedback WHERE message = 'Not to be kept'") == []


def test_a_stale_page_is_shown_once_more_and_then_the_new_one(site: Site, page: Page) -> None:
    path = "/blog/old-for-a-moment-never-for-long/"
    page.goto(path)
    expect(page.get_by_role("article")).to_contain_text("This page lives for 60 seconds.")
    site.rows("UPDATE blog_post SET body = 'Now it is new.' WHERE slug = 'old-for-a-moment-never-for-long'")

    *before, last = reloads(page, "Now it is new.")

    assert all("This page lives for 60 seconds." in sight.text for sight in before)
    assert "STALE" in {sight.cache for sight in before}
    assert last.cache in {"HIT", "STALE"}  # stored already, and perhaps a second old: nobody waited for it


def test_an_edit_in_the_admin_is_there_at_the_next_visit(page: Page) -> None:
    page.goto("/blog/saved-and-the-page-is-new/")
    page.goto("/admin/login/?next=/admin/blog/post/")
    sign_in(page)
    page.get_by_role("link", name="Saved, and the page is new").click()
    page.get_by_label("Title").fill("Saved a moment ago")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Saved a moment ago").first).to_be_visible()

    page.goto("/blog/saved-and-the-page-is-new/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved a moment ago")
    page.goto("/blog/")
    expect(page.get_by_role("link", name="Saved a moment ago")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/about/", "/blog/page/2/", "/blog/brackets-are-parameters/", "/feed.xml"])
def test_a_page_shows_nothing_of_who_is_signed_in(site: Site, page: Page, path: str) -> None:
    page.goto("/admin/login/?next=/admin/")
    sign_in(page)
    expect(page.locator("#user-tools")).to_contain_text(STAFF, ignore_case=True)

    before = as_anybody(site, path)
    answer = page.goto(path)
    assert answer is not None
    assert STAFF not in answer.text()
    assert "set-cookie" not in answer.all_headers()
    assert "cookie" not in answer.all_headers().get("vary", "").lower()
    assert answer.body() in (before, as_anybody(site, path))  # the page may have been renewed in between


def as_anybody(site: Site, path: str) -> bytes:
    with urlopen(site.origin + path, timeout=60) as answer:
        return answer.read()  # type: ignore[no-any-return]
