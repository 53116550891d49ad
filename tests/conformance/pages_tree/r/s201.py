def handler(req, res):
    res.status(201).json({"ok": 1})
