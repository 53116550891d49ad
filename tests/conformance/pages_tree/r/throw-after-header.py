def handler(req, res):
    res.set_header("X-Foo", "1")
    res.set_header("Content-Type", "application/json")
    res.status(201)
    raise RuntimeError("x")
