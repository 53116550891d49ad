from collections.abc import Iterator
from contextlib import closing

from pagesapi import Request, Response
from tests.servers.gate import held, pieces


def events(port: int) -> Iterator[object]:
    yield {"event": "tick", "id": 1, "data": {"n": 1}}
    yield {"n": 2}
    with closing(pieces(port)) as lines:
        for line in lines:
            yield f"{line}of two lines"


def handler(req: Request, res: Response) -> None:
    res.sse(held(events(int(req.query["gate"]))))
