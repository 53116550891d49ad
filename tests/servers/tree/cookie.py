from pagesapi import Request, Response


def handler(req: Request, res: Response) -> None:
    res.set_cookie("given", req.query["value"]).json({})
