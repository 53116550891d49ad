def handler(req, res):
    res.send("")
