def handler(req, res):
    res.redirect("/dest")
    res.json({"x": 1})
