"""The page is followed to the letter; only the server's port, and how the package is found, are others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.page import Page
from tests.first_steps.newcomer import newcomer
from tests.first_steps.steps import steps_of

PAGE = Page("first-steps")
SHOWN = PAGE.blocks  # in a project of its own, they need each other

pytestmark = pytest.mark.server


def test_each_step_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    with newcomer(tmp_path) as somebody:
        for step in steps_of(PAGE.source):
            somebody.follow(step)
        assert somebody.server is not None
        printed = somebody.server.output.since(0)
    named = re.findall(r'`("GET \S+ HTTP/1\.1" [^`]+)`', PAGE.source)
    assert named
    assert [line for line in named if f"] {line}\n" not in printed] == [], printed
