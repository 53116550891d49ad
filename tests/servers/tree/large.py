from pagesapi import Request, Response

SIZE = 5 * 1024 * 1024


def handler(req: Request, res: Response) -> None:
    res.send(bytes(range(256)) * (SIZE // 256))
