from pagesapi import RouteConfig

config = RouteConfig(parse_body=True)


def handler(req, res):
    res.json({"body": req.body})
