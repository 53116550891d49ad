from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections


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
