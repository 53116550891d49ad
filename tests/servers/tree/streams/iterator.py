from pagesapi import Request, Response
from tests.servers.gate import pieces


def handler(req: Request, res: Response) -> None:
    res.stream(pieces(int(req.query["gate"])), content_type="text/plain")
