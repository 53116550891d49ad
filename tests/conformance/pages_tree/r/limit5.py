def handler(req, res):
    res.send("x" * 6 * 1024 * 1024)
