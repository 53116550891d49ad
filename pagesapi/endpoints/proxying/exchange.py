"""One exchange with an upstream: the caller's request sent, the answer's beginning awaited, its body left to flow."""

from __future__ import annotations

import httpx

from pagesapi.endpoints.proxying.answer import judged
from pagesapi.endpoints.proxying.body import AsyncBody, Body
from pagesapi.endpoints.proxying.call import Call
from pagesapi.endpoints.proxying.failure import failures
from pagesapi.endpoints.proxying.transport import AsyncTransport, Transport
from pagesapi.http.stream import StreamResponse

BROKEN = (httpx.NetworkError, httpx.RemoteProtocolError)


def exchange(call: Call) -> StreamResponse:
    """Raises `HTTPError` 502 or 504, or what reading the caller's body raises."""
    transport = call.options.clients.get()
    with failures(call.label):
        while True:
            body = Body(call, _sent(transport, call))
            try:
                found = judged(call, body.response)
                if isinstance(found, Call):
                    call = found
                    body.close()
                    continue
                if not found.is_live or not found.has_body:
                    body.begin()
                return found.response(body)
            except BaseException:
                body.close()
                raise


def _sent(transport: Transport, call: Call) -> httpx.Response:
    try:
        return transport.handle_request(call.request())
    except BROKEN:
        if not _may_repeat(call):
            raise
        return transport.handle_request(call.request())


async def aexchange(call: Call) -> StreamResponse:
    transport = await call.options.clients.aget()
    with failures(call.label):
        while True:
            body = AsyncBody(call, await _asent(transport, call))
            try:
                found = judged(call, body.response)
                if isinstance(found, Call):
                    call = found
                    await body.aclose()
                    continue
                if not found.is_live or not found.has_body:
                    await body.begin()
                return found.response(body)
            except BaseException:
                await body.aclose()
                raise


async def _asent(transport: AsyncTransport, call: Call) -> httpx.Response:
    try:
        return await transport.handle_async_request(call.request())
    except BROKEN:
        if not _may_repeat(call):
            raise
        return await transport.handle_async_request(call.request())


def _may_repeat(call: Call) -> bool:
    """Whether a connection that was kept alive may have ended just before it was used again."""
    return call.is_repeatable and not call.patience.fresh
