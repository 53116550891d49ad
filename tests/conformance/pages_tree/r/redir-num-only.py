def handler(req, res):
    res.redirect(307)
