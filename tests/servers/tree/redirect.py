from pagesapi import Request, Response


def handler(req: Request, res: Response) -> None:
    res.redirect(req.query["to"])
