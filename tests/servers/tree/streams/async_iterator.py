from pagesapi import Request, Response
from tests.servers.gate import async_pieces, held


async def handler(req: Request, res: Response) -> None:
    res.stream(held(async_pieces(int(req.query["gate"]))), content_type="text/plain")
