def handler(req, res):
    res.set_header("Cache-Control", "max-age=5")
    res.json({})
