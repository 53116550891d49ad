"""Pages made anew because somebody says so: `revalidate`, `revalidate_tag`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections, transaction

from pagesapi.conf import conf
from pagesapi.exceptions import PageNotFound
from pagesapi.pages.address import url_of
from pagesapi.pages.build import get_build
from pagesapi.pages.discover import page_for
from pagesapi.pages.listing import may_exist
from pagesapi.pages.paths import decoded
from pagesapi.pages.shelf import get_shelf
from pagesapi.pages.signals import pages_revalidated, tell
from pagesapi.policy import checked_tags


def revalidate(path: str) -> None:
    """The next visitor of this path gets a page that is made then, in every process (Next.js's `revalidatePath`).

    >>> revalidate(post.get_absolute_url())

    Inside a transaction it takes effect on commit. Raises `PageNotFound` (a `LookupError`) for what is no static page.
    """
    known = page_for(decoded(path))
    if not may_exist(get_build(), known):
        raise PageNotFound(
            f"{path!r:.300} is not listed by get_static_paths of {known.page.name}, and its fallback is False."
        )
    on_commit(partial(_mark, (f"path:{known.path}",), paths=(url_of(known.path),)))


def revalidate_tag(tag: str) -> None:
    """`revalidate` for every page that names this tag: `revalidate_tag("posts")` (Next.js's `revalidateTag`).

    A tag is a text of 1 to 256 characters. Raises `ValueError` for another.
    """
    (tag,) = checked_tags([tag])
    on_commit(partial(_mark, (f"tag:{tag}",), tags=(tag,)))


def revalidate_all() -> None:
    """`revalidate` for every page."""
    on_commit(partial(_mark, ("all",)))


async def arevalidate(path: str) -> None:
    """`revalidate` for async functions."""
    await sync_to_async(revalidate)(path)


async def arevalidate_tag(tag: str) -> None:
    """`revalidate_tag` for async functions."""
    await sync_to_async(revalidate_tag)(tag)


def _mark(names: tuple[str, ...], *, paths: tuple[str, ...] = (), tags: tuple[str, ...] = ()) -> None:
    get_shelf().mark(names)
    tell(pages_revalidated, paths=paths, tags=tags, all="all" in names)


def on_commit(function: Callable[[], None]) -> None:
    """After the transactions that are open, of whatever database; now if there is none."""
    open_ones = [alias for alias in connections if _is_open(alias)]
    if not open_ones:
        function()
    for alias in open_ones:
        transaction.on_commit(function, using=alias)


def in_transaction() -> bool:
    """Whether this thread has a transaction of any database open."""
    return any(_is_open(alias) for alias in connections)


def _is_open(alias: str) -> bool:
    connection: Any = connections[alias]
    if conf.is_testing and connection.in_atomic_block:
        # A test case's own is never committed: to what is tested, it is as if there were none.
        return not all(block._from_testcase for block in connection.atomic_blocks)
    # Without autocommit there always is one; Django's on_commit says what it thinks of that.
    return connection.in_atomic_block or (connection.connection is not None and not connection.autocommit)
