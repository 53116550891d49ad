"""What the echo handlers answer: the request as they see it. Private, so not a route."""

from pagesapi import Request, Response

# bool before int, which it is a kind of.
TYPES = ((bool, "boolean"), ((int, float), "number"), (str, "string"), (bytes, "bytes"))


def echo(file: str, req: Request, res: Response) -> None:
    body = req.body
    res.status(200).json(
        {
            "file": file,
            "method": req.method,
            "url": req.url,
            "query": dict(req.query),
            "cookies": dict(req.cookies),
            "body": body.decode(errors="replace") if isinstance(body, bytes) else body,
            "bodyType": next((name for kind, name in TYPES if isinstance(body, kind)), "object"),
        }
    )
