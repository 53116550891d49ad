from pagesapi import Request, Response

SIZE = 4 * 1024 * 1024  # in base64, less than the 6 MB that Lambda passes on


def handler(req: Request, res: Response) -> None:
    res.send(bytes(range(256)) * (SIZE // 256))
