def handler(req, res):
    res.json([1, 2])
