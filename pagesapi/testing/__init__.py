"""For the tests of a project that uses pagesapi. `api`, `page_store` and `page_clock` are pytest fixtures too."""

from __future__ import annotations

from pagesapi.testing.client import ApiClient, RouteClient
from pagesapi.testing.pages import PageClock, assert_static, page_clock, page_store
from pagesapi.testing.snapshot import assert_policy
from pagesapi.testing.tree import route_tree

__all__ = [
    "ApiClient",
    "PageClock",
    "RouteClient",
    "assert_policy",
    "assert_static",
    "page_clock",
    "page_store",
    "route_tree",
]
