def handler(req, res):
    res.json(True)
