from pagesapi import RouteConfig

config = RouteConfig(parse_body=False)


def handler(req, res):
    res.json({"bodyWasUndefined": req.body is None, "raw": req.read().decode()})
