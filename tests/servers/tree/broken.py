from pagesapi import Request, Response
from tests.servers.gate import SECRET


def handler(req: Request, res: Response) -> None:
    raise RuntimeError(SECRET)
