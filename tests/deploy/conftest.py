from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.urls import clear_script_prefix

from pagesapi.endpoints.tree import forget_tree
from pagesapi.pages.build import forget_build

Become = Callable[[str], None]


@pytest.fixture(autouse=True)
def _no_script_name() -> Iterator[None]:
    """What an application with FORCE_SCRIPT_NAME leaves in its thread."""
    yield
    clear_script_prefix()


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> Iterator[Become]:
    """Make this process the serverless function of a name, as far as its environment says."""

    def become_function(name: str) -> None:
        monkeypatch.setenv("PAGESAPI_FUNCTION", name)
        forget_tree()
        forget_build()

    yield become_function
    monkeypatch.undo()
    forget_tree()
    forget_build()
