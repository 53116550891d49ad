def handler(req, res):
    res.status(204).send("body")
