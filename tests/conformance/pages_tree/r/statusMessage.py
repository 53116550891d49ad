def handler(req, res):
    res.status(200).send("x")
