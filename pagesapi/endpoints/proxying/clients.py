"""`Clients`: the connections of one proxy, kept alive between requests."""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
import weakref
from collections.abc import AsyncGenerator, MutableMapping
from functools import cached_property

from pagesapi.endpoints.proxying.transport import AsyncTransport, Transport, ssl_context
from pagesapi.endpoints.proxying.upstream import Upstream

Held = tuple[AsyncGenerator[AsyncTransport, None], AsyncTransport]
Loops = MutableMapping[asyncio.AbstractEventLoop, Held]


class Clients:
    """One pool for all threads, and one for each event loop; each made when it is first asked for."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._lock = threading.Lock()
        self._transport: Transport | None = None
        self._loops: Loops = weakref.WeakKeyDictionary()
        _alive.add(self)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl_context(self._upstream)  # reading the authorities takes a while

    def get(self) -> Transport:
        with self._lock:
            if self._transport is None:
                self._transport = Transport(self._context)
                self._closing = weakref.finalize(self, self._transport.close)
            return self._transport

    async def aget(self) -> AsyncTransport:
        """For the running event loop."""
        loop = asyncio.get_running_loop()
        held = self._loops.get(loop)
        if held is None:
            generator = _held(self._loops, loop, self._context)
            held = self._loops[loop] = generator, await anext(generator)
        return held[1]

    def forget(self) -> None:
        """In a forked child: the connections belong to its parent, the lock to a thread that is not here."""
        self._lock = threading.Lock()
        transport, self._transport = self._transport, None
        if transport is not None:
            self._closing.detach()
            for connection in transport.pool.connections:
                connection.close()


async def _held(
    loops: Loops, loop: asyncio.AbstractEventLoop, context: ssl.SSLContext
) -> AsyncGenerator[AsyncTransport, None]:
    """A loop that ends closes its generators (`shutdown_asyncgens`), and so this one its connections."""
    transport = AsyncTransport(context)
    try:
        yield transport
    finally:
        loops.pop(loop, None)
        await transport.aclose()


_alive: weakref.WeakSet[Clients] = weakref.WeakSet()


def forget_all() -> None:
    for clients in list(_alive):
        clients.forget()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no forks
    os.register_at_fork(after_in_child=forget_all)
