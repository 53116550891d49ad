def handler(req, res):
    res.redirect(200, "/dest")
