import json

from pagesapi.preview import PreviewDataTooLarge


def handler(req, res):
    if "precookie" in req.query:
        res.set_cookie("k", "v", path=None).set_cookie("k2", "v2", path=None)
    options = {"path": req.query.path}
    if "maxAge" in req.query:
        options["max_age"] = json.loads(req.query.maxAge)
    try:
        res.set_preview_data({"big": "x" * int(req.query.big)} if "big" in req.query else {"lets": "go"}, **options)
    except PreviewDataTooLarge as error:
        return res.status(500).send(str(error))
    if "clear" in req.query:
        res.clear_preview_data()
    return res.send("ok")
