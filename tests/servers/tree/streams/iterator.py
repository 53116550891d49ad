from pagesapi import Request, Response
from tests.servers.gate import held, pieces


def handler(req: Request, res: Response) -> None:
    res.stream(held(pieces(int(req.query["gate"]))), content_type="text/plain")
