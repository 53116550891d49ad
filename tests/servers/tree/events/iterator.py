from collections.abc import Iterator

from pagesapi import Request, Response
from tests.servers.gate import pieces


def events(port: int) -> Iterator[object]:
    yield {"event": "tick", "id": 1, "data": {"n": 1}}
    yield {"n": 2}
    for piece in pieces(port):
        yield f"{piece}of two lines"


def handler(req: Request, res: Response) -> None:
    res.sse(events(int(req.query["gate"])))
