import sys

from pagesapi import Request, Response


def handler(req: Request, res: Response) -> dict[str, str]:
    """Prints a word where the server logs: what was logged before stands before it."""
    print(req.query["word"], file=sys.stderr, flush=True)  # noqa: T201 - its purpose
    return {"said": req.query["word"]}
