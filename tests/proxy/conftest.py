from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from tests.proxy.asking import WAYS, Through
from tests.proxy.upstream import Reply, Upstream


class Serve(Protocol):
    def __call__(self, *replies: Reply, **options: Any) -> Upstream: ...


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start an upstream that is stopped after the test."""
    with ExitStack() as stack:
        yield lambda *replies, **options: stack.enter_context(Upstream(*replies, **options))


@pytest.fixture(params=WAYS, ids=str)
def through(request: pytest.FixtureRequest) -> Through:
    """A request through a proxy: sync and async, under WSGI and ASGI."""
    return Through(request.param)


@pytest.fixture
def once() -> Through:
    """For long tables of what is decided before sync and async part."""
    return Through(WAYS[0])
