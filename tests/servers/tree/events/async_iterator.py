from collections.abc import AsyncIterator
from contextlib import aclosing

from pagesapi import Request, Response
from tests.servers.gate import async_pieces, held


async def events(port: int) -> AsyncIterator[object]:
    yield {"event": "tick", "id": 1, "data": {"n": 1}}
    yield {"n": 2}
    async with aclosing(async_pieces(port)) as lines:
        async for line in lines:
            yield f"{line}of two lines"


async def handler(req: Request, res: Response) -> None:
    res.sse(held(events(int(req.query["gate"]))))
