def handler(req, res):
    res.status(500).json({"error": "failed to load data"})
