def handler(req, res):
    res.json("hi")
