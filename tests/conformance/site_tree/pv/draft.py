def handler(req, res):
    return res.set_draft_mode().send("draft")
