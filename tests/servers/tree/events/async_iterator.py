from collections.abc import AsyncIterator

from pagesapi import Request, Response
from tests.servers.gate import async_pieces


async def events(port: int) -> AsyncIterator[object]:
    yield {"event": "tick", "id": 1, "data": {"n": 1}}
    yield {"n": 2}
    async for piece in async_pieces(port):
        yield f"{piece}of two lines"


async def handler(req: Request, res: Response) -> None:
    res.sse(events(int(req.query["gate"])))
