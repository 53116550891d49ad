def handler(req, res):
    for _ in range(2 if "twice" in req.query else 1):
        res.clear_preview_data(path=req.query.path)
    return res.send("cleared")
