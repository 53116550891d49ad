def handler(req, res):
    res.append_header("X-A", "1").append_header("X-A", "2").set_header("X-N", "5")
    res.json({})
