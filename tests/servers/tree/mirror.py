from pagesapi import Request, Response, RouteConfig

config = RouteConfig(body_limit="4mb", parse_body=False)


def handler(req: Request, res: Response) -> None:
    kind = req.headers.get("Content-Type")
    res.set_header("Content-Type", kind or "nothing/at-all").send(req.read())
