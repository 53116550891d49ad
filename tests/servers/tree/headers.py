from pagesapi import Request, Response


def handler(req: Request, res: Response) -> None:
    res.set_header("X-Given", req.query["value"]).json({})
