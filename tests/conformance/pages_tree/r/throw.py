def handler(req, res):
    raise RuntimeError("boom secret")
