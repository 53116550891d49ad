"""The body of an upstream's answer on its way to the caller, piece by piece; closed when the caller leaves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import httpx

from pagesapi.endpoints.proxying.call import Call
from pagesapi.endpoints.proxying.failure import failures
from pagesapi.endpoints.proxying.transport import has_leftover, spoil


class Counted:
    """What both kinds share. Not generators: one that never began has nothing that could close the upstream's."""

    def __init__(self, call: Call, response: httpx.Response) -> None:
        self.call = call
        self.response = response
        self.closed = False
        self._count = 0
        self._ahead: bytes | None = None
        call.patience.unread = None  # the headers are complete

    def _counted(self, chunk: bytes) -> bytes:
        limit = self.call.options.response_limit
        self._count += len(chunk)
        if limit.bytes is not None and self._count > limit.bytes:
            raise httpx.RemoteProtocolError(f"a body beyond the limit of {limit.text}")
        return chunk

    def _end(self) -> None:
        """The connection may be used again, if it is clean. To HEAD, some servers send a body that comes later."""
        if self.call.method == "HEAD" or has_leftover(self.response):
            spoil(self.response)


class Body(Counted):
    def __init__(self, call: Call, response: httpx.Response) -> None:
        super().__init__(call, response)
        assert isinstance(response.stream, httpx.SyncByteStream)
        self._chunks = iter(response.stream)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk, self._ahead = self._ahead, None
        if chunk is None:
            chunk = self._next()
        if not chunk:
            raise StopIteration
        return chunk

    def begin(self) -> None:
        """Wait for the first piece, so that an upstream that fails at once is told by the status."""
        self._ahead = self._next()

    def _next(self) -> bytes:
        """The next piece; empty at the end."""
        if self.closed:
            return b""
        try:
            with failures(self.call.label):
                chunk = self._counted(next(self._chunks, b""))
        except BaseException:
            self.close()
            raise
        if not chunk:
            self._end()
            self.close()
        return chunk

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.response.close()

    def __del__(self) -> None:
        # A middleware answered in its place, and forgot it. Another thread closes it: this one may be in the midst of
        # the pool, whose lock it would wait for without end.
        if not self.closed:
            with suppress(RuntimeError):  # the interpreter is shutting down
                threading.Thread(target=_close, args=(self.call, self.response)).start()


class AsyncBody(Counted):
    def __init__(self, call: Call, response: httpx.Response) -> None:
        super().__init__(call, response)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        self._chunks = aiter(response.stream)
        self._loop = asyncio.get_running_loop()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        chunk, self._ahead = self._ahead, None
        if chunk is None:
            chunk = await self._next()
        if not chunk:
            raise StopAsyncIteration
        return chunk

    async def begin(self) -> None:
        self._ahead = await self._next()

    async def _next(self) -> bytes:
        if self.closed:
            return b""
        try:
            with failures(self.call.label):
                chunk = self._counted(await anext(self._chunks, b""))
        except BaseException:
            await self.aclose()
            raise
        if not chunk:
            self._end()
            await self.aclose()
        return chunk

    async def aclose(self) -> None:
        if not self.closed:
            self.closed = True
            await self.response.aclose()

    def close(self) -> None:
        """Called by Django, in another thread than the loop's."""
        if not self.closed and not self._loop.is_closed():
            self.closed = True
            self._loop.call_soon_threadsafe(_close_soon, self._loop, self.call, self.response)

    def __del__(self) -> None:
        self.close()


def _close(call: Call, response: httpx.Response) -> None:
    response.close()  # with `call`, for its pool has to live as long


async def _aclose(call: Call, response: httpx.Response) -> None:
    await response.aclose()


_closing: set[asyncio.Task[None]] = set()  # a loop itself holds its tasks but weakly


def _close_soon(loop: asyncio.AbstractEventLoop, call: Call, response: httpx.Response) -> None:
    task = loop.create_task(_aclose(call, response))
    _closing.add(task)
    task.add_done_callback(_closing.discard)
