def handler(req, res):
    res.end("ended")
