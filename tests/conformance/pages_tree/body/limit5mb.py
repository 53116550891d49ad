from pagesapi import RouteConfig

config = RouteConfig(body_limit="5mb")


def handler(req, res):
    res.json({"len": len(req.body)})
