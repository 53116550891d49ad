from pagesapi import Request, Response


def handler(req: Request, res: Response) -> dict[str, int]:
    return {"segments": len(req.query["slug"])}
