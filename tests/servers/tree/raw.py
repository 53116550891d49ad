from hashlib import sha256

from pagesapi import Request, Response, RouteConfig

config = RouteConfig(parse_body=False, body_limit="4mb")


def handler(req: Request, res: Response) -> dict[str, object]:
    digest, size = sha256(), 0
    while piece := req.read(65536):
        digest.update(piece)
        size += len(piece)
    return {"body": req.body, "size": size, "sha256": digest.hexdigest()}
