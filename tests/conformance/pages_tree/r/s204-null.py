def handler(req, res):
    res.set_header("Content-Type", "text/plain")
    res.status(204).send(None)
