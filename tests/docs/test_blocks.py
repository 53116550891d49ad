"""Every block of every page is tried."""

from __future__ import annotations

import re

import pytest

from tests.docs.kinds import KINDS, held_by
from tests.docs.page import Block, Page, all_blocks, pages
from tests.docs.served import problems, served

BLOCKS = all_blocks()
PAGES = pages()


def test_there_are_blocks_to_try() -> None:
    assert len(BLOCKS) > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_fence_of_a_page_is_read(page: Page) -> None:
    assert len(re.findall(r"^ *```", page.source, re.MULTILINE)) == 2 * len(page.blocks)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}-{block.line}")
def test_each_block_can_be_relied_on(block: Block, db: None) -> None:
    assert block.language in KINDS, f"{block.where}: nobody tries a block of {block.language or 'no language'}."
    if block in held_by(block.page) and block.language == "python":
        compile(block.text, block.where, "exec")  # its page's test runs it
    else:
        KINDS[block.language](block)


def is_followed(page: Page) -> bool:
    """Whether a test of its own does all that the page says, step by step."""
    return set(page.blocks) <= set(held_by(page.name))


@pytest.mark.parametrize("page", [page for page in PAGES if page.routes], ids=lambda page: page.name)
def test_the_routes_of_a_page_make_one_tree(page: Page, db: None) -> None:
    if is_followed(page):
        return
    with served(page):
        assert problems() == []
