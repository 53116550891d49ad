"""Streams, from sync and async iterators; a body that is read in pieces."""

from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import Any

from typing_extensions import assert_type

from pagesapi import Request, Response, RouteConfig

config = RouteConfig(parse_body=False, body_limit=None, max_duration=60, memory=512)


def lines() -> Iterator[str]:
    yield "id,title\n"


async def chunks() -> AsyncIterator[bytes]:
    yield b"id,title\n"


async def prices() -> AsyncIterator[dict[str, Any]]:
    yield {"event": "price", "data": {"eur": 3}, "id": 1}


def handler(req: Request, res: Response) -> Response:
    assert_type(req.read(1024), bytes)
    if req.query.get("form") == "csv":
        return res.stream(lines(), content_type="text/csv")
    if req.query.get("form") == "list":
        return res.stream([b"a", "b", memoryview(b"c")])
    if req.query.get("form") == "file":
        return res.send(BytesIO(b"a"))
    return res.sse({"data": number} for number in range(3))


async def ahandler(req: Request, res: Response) -> Response:
    assert_type(await req.aread(), bytes)
    await res.arevalidate("/prices/")
    return res.stream(chunks()) if req.query.get("form") else res.sse(prices())
