from pagesapi import Request, Response


def handler(req: Request, res: Response) -> None:
    """`req.user` is Django's: sign in at /admin/ and the answer changes."""
    name = req.user.get_username() or "John Doe"
    res.status(200).json({"name": name, "signed_in": req.user.is_authenticated})
