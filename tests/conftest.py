from __future__ import annotations

import signal
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

WAYS = ("ask", "through")  # fixtures that ask the same thing in several ways: under WSGI and ASGI, say
LONG = 12  # rows of a table


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The rows of a long table take turns: each is asked in one way, the next in another."""
    tables: dict[str, dict[str, dict[str, pytest.Item]]] = defaultdict(lambda: defaultdict(dict))
    for item in items:
        params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        for way in (str(params[name]) for name in WAYS if name in params):
            tables[item.nodeid.partition("[")[0]][item.nodeid.replace(way, "", 1)][way] = item
    left_out = {
        item
        for rows in tables.values()
        if len(rows) >= LONG
        for turn, row in enumerate(sorted(rows))
        for number, (_, item) in enumerate(sorted(rows[row].items()))
        if number != turn % len(rows[row])
    }
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def _hear_ctrl_c() -> None:
    """A shell starts a job in the background deaf to Ctrl-C, and its children are born so."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _keep_connections() -> Iterator[None]:
    """Requests that no test client makes leave a test's database connection alone, as Django's clients do.

    Those connect the receiver again when a stream ends, and a stream that nobody read ends whenever its garbage is
    collected; so in their module it is another one.
    """
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.client.close_old_connections", _leave_connections)
        yield


def _leave_connections(**kwargs: Any) -> None:
    pass


@pytest.fixture(autouse=True)
def _settings_are_put_back() -> Iterator[None]:
    """Overrides that end in another order than they began leave one behind, for whichever test comes next."""
    lazy: Any = settings
    before = lazy._wrapped
    yield
    after, lazy._wrapped = lazy._wrapped, before
    assert after is before, "The test left overridden settings behind."
