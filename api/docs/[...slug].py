from pagesapi import Request, Response


def handler(req: Request, res: Response) -> None:
    """One or more segments, as a list: /api/docs/guides/first-steps."""
    res.status(200).json({"slug": req.query.slug})
