from pagesapi.exceptions import PageNotFound


def handler(req, res):
    try:
        res.revalidate(req.query.path)
    except PageNotFound as error:
        return res.status(500).json({"revalidated": False, "message": str(error)})
    return res.json({"revalidated": True})
