from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from tests.docs.page import Page, pages
from tests.docs.served import served


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pages read from the environment. Nothing listens at that address."""
    for page in pages():
        for name in re.findall(r"environ\[\"(\w+)\"\]", page.source):
            monkeypatch.setenv(name, "http://127.0.0.1:9/v1" if name.endswith("_URL") else "t0ken")


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Serves what the module's `PAGE` shows; gives the folder above its modules."""
    page: Page = request.module.PAGE
    with served(page) as folder:
        yield folder
