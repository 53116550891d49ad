def handler(req, res):
    res.json({"a": 1, "u": "é"})
