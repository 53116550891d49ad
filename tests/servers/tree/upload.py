from hashlib import sha256

from pagesapi import Request, Response, RouteConfig

config = RouteConfig(body_limit="4mb")


def handler(req: Request, res: Response) -> dict[str, object]:
    upload = req.files["file"]
    content = upload.read()
    return {"name": upload.name, "sha256": sha256(content).hexdigest(), "fields": req.body}
