"""Streamed answers: piece by piece under WSGI and ASGI, from sync and async iterators, closed when the client goes."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import AsyncIterable, AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import aclosing
from functools import lru_cache
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections
from django.http import FileResponse, StreamingHttpResponse

END = object()
IDLE = object()

Source = Iterable[Any] | AsyncIterable[Any]


class PiecewiseMixin(StreamingHttpResponse):
    """Django's streaming response; but an iterator of the other kind than the server's is not read whole first."""

    def __iter__(self) -> Iterator[bytes]:
        content = self.streaming_content
        if not isinstance(content, AsyncIterable):
            return iter(content)
        parts = iter_sync(content)
        self._resource_closers.append(parts.close)  # type: ignore[attr-defined]  # a server closes the response, not the iterator
        return parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        content = self.streaming_content
        parts = content if isinstance(content, AsyncIterable) else iter_async(content)
        async with aclosing(parts):  # type: ignore[type-var]
            async for part in parts:
                yield part


@lru_cache
def piecewise(kind: type[Any]) -> type[Any]:
    """A streaming response's class, with iterators adapted; itself where it has an iteration of its own."""
    same = (kind.__iter__, kind.__aiter__) == (StreamingHttpResponse.__iter__, StreamingHttpResponse.__aiter__)
    return type(kind.__name__, (PiecewiseMixin, kind), {}) if same else kind


class StreamResponse(PiecewiseMixin):
    """An iterator as a response."""


class FileStreamResponse(PiecewiseMixin, FileResponse):
    """An open file as a response: type by its name, length if it is known."""


async def iter_async(source: Iterable[Any]) -> AsyncIterator[Any]:
    """A sync iterable for an event loop: each step in the request's own thread."""
    iterator = iter(source)
    advance = sync_to_async(lambda: next(iterator, END))
    try:
        while (item := await advance()) is not END:
            yield item
    finally:
        await sync_to_async(_close)(iterator)


def iter_sync(source: AsyncIterable[Any]) -> Generator[Any, None, None]:
    """An async iterable for a thread: an event loop of its own, running while an item is waited for."""
    loop = asyncio.new_event_loop()
    items: asyncio.Queue[tuple[Any, BaseException | None]] = asyncio.Queue(maxsize=1)
    demand = asyncio.Semaphore(0)
    # One task for all of it, so that a timeout or a context variable reaches from one item to the next.
    task = loop.create_task(_apump(_on_demand(source, demand), items))
    try:
        while True:
            demand.release()
            item, error = loop.run_until_complete(items.get())
            if error is not None:
                raise error
            if item is END:
                return
            yield item
    finally:
        task.cancel()
        loop.run_until_complete(_settled(task))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _on_demand(source: AsyncIterable[Any], demand: asyncio.Semaphore) -> AsyncIterator[Any]:
    """A source that does not run ahead of its reader."""
    iterator = aiter(source)
    try:
        while True:
            await demand.acquire()
            item = await anext(iterator, END)
            if item is END:
                return
            yield item
    finally:
        await _aclose(iterator)


async def _settled(task: asyncio.Task[None]) -> None:
    await asyncio.gather(task, return_exceptions=True)


async def _aclose(iterator: AsyncIterator[Any]) -> None:
    if hasattr(iterator, "aclose"):
        await iterator.aclose()


def _close(iterator: Iterator[Any]) -> None:
    if hasattr(iterator, "close"):
        iterator.close()


def with_idle_sync(source: Iterable[Any], seconds: float) -> Iterator[Any]:
    """The items of a source, and `IDLE` whenever none came for so long. The source is read in a thread of its own.

    Not so inside of a transaction, a test's for example: another thread would not see what it holds.
    """
    if any(connection.in_atomic_block for connection in connections.all(initialized_only=True)):
        yield from source
        return
    items: queue.Queue[tuple[Any, BaseException | None]] = queue.Queue(maxsize=1)
    left = threading.Event()
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(_pump, source, items, left), daemon=True)
    thread.start()
    try:
        while True:
            try:
                item, error = items.get(timeout=seconds)
            except queue.Empty:
                yield IDLE
                continue
            if error is not None:
                raise error
            if item is END:
                return
            yield item
    finally:
        left.set()
        _drain(items)


def _pump(source: Iterable[Any], items: queue.Queue[tuple[Any, BaseException | None]], left: threading.Event) -> None:
    iterator = iter(source)
    try:
        for item in iterator:
            items.put((item, None))
            if left.is_set():
                return
        items.put((END, None))
    except Exception as error:  # noqa: BLE001 - it is raised again where the items are read
        items.put((None, error))
    finally:
        _close(iterator)
        close_old_connections()


def _drain(items: queue.Queue[Any]) -> None:
    """Make room, so that the thread's next `put` does not wait for a reader that is gone."""
    while not items.empty():
        items.get_nowait()


async def with_idle_async(source: AsyncIterable[Any], seconds: float) -> AsyncIterator[Any]:
    """`with_idle_sync` for an event loop: the source is read in a task of its own."""
    items: asyncio.Queue[tuple[Any, BaseException | None]] = asyncio.Queue(maxsize=1)
    task = asyncio.create_task(_apump(source, items))
    coming = asyncio.ensure_future(items.get())
    try:
        while True:
            # Not `wait_for`, which before Python 3.12 can swallow a cancellation, so the client's leaving.
            done, _ = await asyncio.wait({coming}, timeout=seconds)
            if not done:
                yield IDLE
                continue
            item, error = coming.result()
            coming = asyncio.ensure_future(items.get())
            if error is not None:
                raise error
            if item is END:
                return
            yield item
    finally:
        coming.cancel()
        task.cancel()
        await _settled(task)


async def _apump(source: AsyncIterable[Any], items: asyncio.Queue[tuple[Any, BaseException | None]]) -> None:
    iterator = aiter(source)
    try:
        async for item in iterator:
            await items.put((item, None))
        await items.put((END, None))
    except Exception as error:  # noqa: BLE001 - it is raised again where the items are read
        await items.put((None, error))
    finally:
        await _aclose(iterator)


def mapped(source: Source, change: Callable[[Any], Any]) -> Source:
    """A source of the same kind, each of its items changed; closing it closes the source."""
    return _amapped(source, change) if isinstance(source, AsyncIterable) else _mapped(source, change)


def _mapped(source: Iterable[Any], change: Callable[[Any], Any]) -> Iterator[Any]:
    iterator = iter(source)
    try:
        for item in iterator:
            yield change(item)
    finally:
        _close(iterator)


async def _amapped(source: AsyncIterable[Any], change: Callable[[Any], Any]) -> AsyncIterator[Any]:
    iterator = aiter(source)
    try:
        async for item in iterator:
            yield change(item)
    finally:
        await _aclose(iterator)
