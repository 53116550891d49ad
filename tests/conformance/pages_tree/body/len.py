def handler(req, res):
    kind = "string" if isinstance(req.body, str) else type(req.body).__name__
    res.json({"type": kind, "len": len(req.body)})
