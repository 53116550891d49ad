def handler(req, res):
    res.redirect()
