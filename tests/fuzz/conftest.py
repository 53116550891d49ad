from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every run and machine; how long one takes is not what is tested.
settings.register_profile(
    "pagesapi",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("pagesapi")


@pytest.fixture(autouse=True)
def _no_debug(settings: object) -> None:
    """What a stranger sends is answered as in production."""
    settings.DEBUG = False  # type: ignore[attr-defined]
