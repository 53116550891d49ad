from pagesapi import Request, Response


async def handler(req: Request, res: Response) -> dict[str, object]:
    """What came with a request, and cookies for the way back."""
    for name, value in req.cookies.items():
        res.set_cookie(f"got_{name}", value)
    return res.json({"method": req.method, "headers": dict(req.headers), "cookies": dict(req.cookies)})
