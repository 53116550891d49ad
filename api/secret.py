import hmac
import os

from pagesapi import Request, Response


def is_key(given: str) -> bool:
    """Whether this is DEMO_API_KEY, compared in constant time; never, as long as there is none."""
    key = os.environ.get("DEMO_API_KEY", "")
    return bool(key) and hmac.compare_digest(given.encode(), key.encode())


def handler(req: Request, res: Response) -> None:
    """The key is used here, on the server; no answer ever holds it."""
    configured = bool(os.environ.get("DEMO_API_KEY"))
    res.status(200).json({"configured": configured, "authorized": is_key(req.headers.get("X-Api-Key", ""))})
