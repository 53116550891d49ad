import sys

from pagesapi import Request, Response


def handler(req: Request, res: Response) -> dict[str, str]:
    """Prints a word where the server logs: what was logged before stands before it."""
    sys.stderr.write(f"{req.query['word']}\n")
    return {"said": req.query["word"]}
