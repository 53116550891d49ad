def handler(req, res):
    res.set_cookie("a", "1").set_cookie("b", "2", path=None)
    res.json({})
