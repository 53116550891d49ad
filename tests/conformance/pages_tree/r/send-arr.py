def handler(req, res):
    res.send([1])
