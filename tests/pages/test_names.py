"""The names of `pagesapi.pages`."""

import pytest

from pagesapi import pages


def test_all_names_are_there_and_listed() -> None:
    assert set(pages.__all__) <= set(dir(pages))
    assert all(getattr(pages, name).__name__ == name for name in pages.__all__)


def test_a_name_that_is_none_is_an_error_that_says_so() -> None:
    with pytest.raises(AttributeError, match=r"module .pagesapi\.pages. has no attribute .static_pages."):
        pages.static_pages  # type: ignore[attr-defined]  # noqa: B018 - the look-up is what is tested
