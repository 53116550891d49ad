def handler(req, res):
    res.send({"a": 1})
