from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.machinery.conftest import (
    UseMiddleware,
    UseUrls,
    ask,
    atomic_requests,
    records,
    signalled,
    use_middleware,
    use_urls,
)
from tests.policy.layers import CALLS

__all__ = [
    "UseMiddleware",
    "UseUrls",
    "ask",
    "atomic_requests",
    "records",
    "signalled",
    "use_middleware",
    "use_urls",
]


@pytest.fixture(autouse=True)
def calls(settings: Settings) -> Iterator[list[str]]:
    """What the layers of `tests.policy.layers` saw during a test, in production."""
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver", "example.com"]
    CALLS.clear()
    yield CALLS
    CALLS.clear()
