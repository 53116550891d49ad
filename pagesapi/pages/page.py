"""A page: a view whose answer depends on nothing but its parameters."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from pagesapi.endpoints.login import needs_login
from pagesapi.exceptions import PageError
from pagesapi.pages.context import Props, StaticContext
from pagesapi.policy import Policy

Params = Mapping[str, Any]
Listed = Iterable[Params] | AsyncIterable[Params]
# What `get_static_paths` may give, as a plain function, a generator, or an async one of either.
Paths = Listed | Awaitable[Listed]
# An answer, and the props that say how long it lives, where they do.
Answer = tuple[HttpResponseBase, Props | None]
TAKEN = 32  # items of an async source at a time
PAGE = "pagesapi_page"  # the attribute of a view that is a page


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """`respond` makes the answer for a request without a visitor; `paths` lists the parameters to build."""

    name: str  # for messages: "blog.views.PostPage"
    policy: Policy
    respond: Callable[[HttpRequest, StaticContext], Answer]
    paths: Callable[[], Paths] | None

    def listed(self) -> Iterator[Params]:
        """What `get_static_paths` gives, one by one; `PageError` for what is no mapping of parameters."""
        if self.paths is None:
            return
        for params in _each(self._given()):
            if not isinstance(params, Mapping):
                raise PageError(
                    f"{self.name}: get_static_paths gave {params!r:.100}, a {type(params).__name__}. "
                    'Give mappings of the URL\'s parameters, such as {"slug": "hello"}.'
                )
            yield params

    def _given(self) -> Any:
        assert self.paths is not None
        given = async_to_sync(self.paths)() if iscoroutinefunction(self.paths) else self.paths()
        if isinstance(given, (str, bytes, Mapping)) or not (hasattr(given, "__iter__") or hasattr(given, "__aiter__")):
            raise PageError(
                f"{self.name}: get_static_paths gave a {type(given).__name__}. "
                'Give a list, or yield, mappings of the URL\'s parameters, such as [{"slug": "hello"}].'
            )
        return given


def _each(given: Any) -> Iterable[Any]:
    return given if hasattr(given, "__iter__") else _drained(given.__aiter__())


def _drained(source: Any) -> Iterator[Any]:
    """A few items for each turn of an event loop, with the database connection of this thread."""
    taking = async_to_sync(_taken)
    while items := taking(source):
        for item in items:
            if isinstance(item, Exception):
                raise item
            yield item


async def _taken(source: Any) -> list[Any]:
    """The next items; the last may be what the source raised."""
    items: list[Any] = []
    try:
        while len(items) < TAKEN:
            items.append(await _next(source))
    except StopAsyncIteration:
        pass
    except Exception as error:  # noqa: BLE001 - raised where the items are read
        items.append(error)
    return items


def _next(source: Any) -> Any:
    """An event loop that ends would close the generators that began in it: this one goes on in the next."""
    hooks = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(firstiter=None, finalizer=None)
    try:
        return source.__anext__()
    finally:
        sys.set_asyncgen_hooks(*hooks)


def page_of(view: Callable[..., Any]) -> Page | None:
    """The page that a view is, for everybody.

    None if a decorator stands around it (nobody knows what that one does), or `LoginRequiredMiddleware` before it.
    """
    page, own = getattr(view, PAGE, (None, None))
    return page if own is view and not needs_login([view]) else None
