from pagesapi import Request, Response


def handler(req: Request, res: Response) -> None:
    """Any one segment that no file beside this one has a name for."""
    res.status(200).json({"id": req.query.id})
