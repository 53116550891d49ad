"""An editor, who sees drafts, and what nobody else sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.site import Site
from tests.browser.visit import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("browser")]

POST = "/blog/look-before-you-publish/"
DRAFT = "/blog/a-post-that-is-not-finished/"
PUBLISHED_TEXT = "Everybody else goes on seeing what is stored."
DRAFT_TEXT = "this is the draft of this post"


def test_an_editor_enters_sees_the_drafts_leaves_and_sees_the_published_text_again(
    page: Page, browser: Browser, site: Site
) -> None:
    banner = page.get_by_role("complementary", name="Preview")
    article = page.get_by_role("article")
    page.goto(POST)
    expect(article).to_contain_text(PUBLISHED_TEXT)
    page.get_by_role("link", name="Preview drafts").click()
    sign_in(page)

    expect(page).to_have_url(POST)
    expect(banner).to_be_visible()
    expect(article).to_contain_text(DRAFT_TEXT)
    page.get_by_role("link", name="All posts").click()
    page.get_by_role("link", name="A post that is not finished").click()
    expect(page).to_have_url(DRAFT)
    expect(article).to_contain_text("You see this because you are in preview.")
    assert_that_a_stranger_sees_no_draft(browser, site)

    page.goto(POST)
    banner.get_by_role("link", name="Leave preview").click()
    expect(page).to_have_url(POST)
    expect(banner).to_be_hidden()
    expect(article).to_contain_text(PUBLISHED_TEXT)
    expect(article).not_to_contain_text(DRAFT_TEXT)
    answer = page.goto(DRAFT)
    assert answer is not None
    assert answer.status == 404


def assert_that_a_stranger_sees_no_draft(browser: Browser, site: Site) -> None:
    with browser.new_context(base_url=site.origin) as stranger:
        page = stranger.new_page()
        answer = page.goto(DRAFT)
        assert answer is not None
        assert answer.status == 404
        page.goto(POST)
        expect(page.get_by_role("article")).to_contain_text(PUBLISHED_TEXT)
        page.goto("/blog/")
        expect(page.get_by_role("link", name="A post that is not finished")).to_be_hidden()


def test_who_leaves_on_a_draft_comes_to_the_list(page: Page) -> None:
    page.goto("/api/preview?slug=a-post-that-is-not-finished")
    sign_in(page)
    expect(page).to_have_url(DRAFT)

    page.get_by_role("link", name="Leave preview").click()
    expect(page).to_have_url("/blog/")
    expect(page.get_by_role("link", name="A post that is not finished")).to_be_hidden()


def test_the_admin_leads_into_preview(page: Page) -> None:
    page.goto("/admin/login/?next=/admin/blog/post/")
    sign_in(page)
    page.get_by_role("link", name="A post that is not finished").click()
    page.get_by_role("link", name="Preview on site").click()

    expect(page).to_have_url(DRAFT)
    expect(page.get_by_role("complementary", name="Preview")).to_be_visible()


def test_a_link_on_another_site_asks_first(page: Page, site: Site) -> None:
    page.goto("/admin/login/?next=/admin/")
    sign_in(page)
    expect(page.locator("#user-tools")).to_be_visible()
    page.goto("about:blank")  # of no origin, so of another one
    page.set_content(f'<a href="{site.origin}/api/preview?slug=a-post-that-is-not-finished">Look</a>')
    page.get_by_role("link", name="Look").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Enter preview?")
    assert [cookie for cookie in page.context.cookies() if cookie.get("name") == "pagesapi_preview"] == []
    page.get_by_role("button", name="Enter preview").click()
    expect(page).to_have_url(DRAFT)
    expect(page.get_by_role("complementary", name="Preview")).to_be_visible()
