def handler(req, res):
    res.send(0)
