def handler(req, res):
    res.redirect("/dest", 301)
