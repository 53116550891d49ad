def handler(req, res):
    res.redirect("https://example.com/a b?x=é")
