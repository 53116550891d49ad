from pagesapi import RouteConfig

config = RouteConfig(body_limit="1kb")


def handler(req, res):
    res.json({"len": len(req.body)})
