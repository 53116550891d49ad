def handler(req, res):
    res.status(418).send("t")
