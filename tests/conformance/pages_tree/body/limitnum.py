from pagesapi import RouteConfig

config = RouteConfig(body_limit=10)


def handler(req, res):
    res.json({"body": req.body})
