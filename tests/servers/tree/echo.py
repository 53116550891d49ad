from pagesapi import Request, Response, RouteConfig

config = RouteConfig(body_limit="1kb")


def handler(req: Request, res: Response) -> dict[str, object]:
    return {
        "method": req.method,
        "url": req.url,
        "query": dict(req.query),
        "token": req.headers.get("X-Token"),
        "body": None if isinstance(req.body, bytes) else req.body,
        "size": len(req.raw),
    }
