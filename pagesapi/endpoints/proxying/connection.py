"""Connections for httpcore, in threads and in event loops, on which every wait is one of a `Patience`."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from pagesapi.endpoints.proxying.patience import Patience


def patient(timeout: float | None) -> Patience:
    assert isinstance(timeout, Patience)  # every request of ours has one
    return timeout


class Connection(httpcore.NetworkStream):
    spoilt = False  # True: it is not to be used again

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        patience = patient(timeout)
        data = self._stream.read(max_bytes, patience.left())
        patience.count(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # httpcore's own would begin to wait anew whenever the other side has taken a byte.
        patience, rest = patient(timeout), memoryview(buffer)
        sock = self._stream.get_extra_info("socket")
        while rest:
            sock.settimeout(patience.left())
            try:
                rest = rest[sock.send(rest) :]
            except TimeoutError as error:
                raise httpcore.WriteTimeout(error) from error
            except OSError as error:
                raise httpcore.WriteError(error) from error

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Connection:
        return Connection(self._stream.start_tls(ssl_context, server_hostname, patient(timeout).left()))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and self.spoilt:
            return True  # to httpcore, a connection that the other side has closed
        return self._stream.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> Connection:
        patience = patient(timeout)
        patience.fresh = True
        return Connection(self._backend.connect_tcp(host, port, patience.left(), local_address, socket_options))


class AsyncConnection(httpcore.AsyncNetworkStream):
    spoilt = False

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        patience = patient(timeout)
        data = await self._stream.read(max_bytes, patience.left())
        patience.count(len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, patient(timeout).left())  # all of it within that time

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> AsyncConnection:
        return AsyncConnection(await self._stream.start_tls(ssl_context, server_hostname, patient(timeout).left()))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and self.spoilt:
            return True
        return self._stream.get_extra_info(info)


class AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> AsyncConnection:
        patience = patient(timeout)
        patience.fresh = True
        stream = await self._backend.connect_tcp(host, port, patience.left(), local_address, socket_options)
        return AsyncConnection(stream)
