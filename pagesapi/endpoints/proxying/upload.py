"""The body of a request on its way upstream, piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx

from pagesapi.exceptions import HTTPError
from pagesapi.http.request import Request
from pagesapi.http.source import DjangoSource

CHUNK = 64 * 1024


class Upload(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The first piece is read before there is a connection, so that a 411 or 413 bothers nobody upstream."""

    def __init__(self, api: Request, first: bytes, length: int | None) -> None:
        self._api = api
        self._first = first
        self._left = length  # bytes that are still to come; None: unknown
        self.framing = (
            (b"Transfer-Encoding", b"chunked") if length is None else (b"Content-Length", str(length).encode("ascii"))
        )

    @classmethod
    def of(cls, api: Request) -> Upload | None:
        length = announced(api)
        return None if length == -1 else cls(api, api.read(CHUNK), length)

    @classmethod
    async def aof(cls, api: Request) -> Upload | None:
        length = announced(api)
        return None if length == -1 else cls(api, await api.aread(CHUNK), length)

    def __iter__(self) -> Iterator[bytes]:
        chunk = self._first
        while chunk:
            yield self._counted(chunk)
            chunk = self._api.read(CHUNK)
        self._check_end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunk = self._first
        while chunk:
            yield self._counted(chunk)
            chunk = await self._api.aread(CHUNK)
        self._check_end()

    def _counted(self, chunk: bytes) -> bytes:
        if self._left is not None:
            self._left -= len(chunk)
            if self._left < 0:
                raise HTTPError(400, "The body is longer than its Content-Length.")
        return chunk

    def _check_end(self) -> None:
        if self._left:
            raise HTTPError(400, "The body could not be read to its end.")


def announced(api: Request) -> int | None:
    """The length of the caller's body; None if it is not known before its end, -1 without a body."""
    return DjangoSource(api.django).length
