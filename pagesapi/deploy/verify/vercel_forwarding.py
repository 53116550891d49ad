"""What Vercel's proxy tells a function of a request, beyond what the client wrote.

https://vercel.com/docs/headers/request-headers
"""

from __future__ import annotations

from pagesapi.deploy.verify.forwarding import CLIENT, HOST, PORT
from pagesapi.deploy.verify.question import Question

DEPLOYMENT = "site-a1b2c3d4e-team.vercel.app"


def vercel_headers(question: Question) -> dict[str, str]:
    """Names in lower case, repeated ones joined. What the client wrote of the proxy's own headers is overwritten."""
    headers: dict[str, str] = {}
    for name, value in question.headers:
        key = name.lower()
        glue = "; " if key == "cookie" else ", "
        headers[key] = f"{headers[key]}{glue}{value}" if key in headers else value
    headers = {name: value for name, value in headers.items() if not name.startswith("x-vercel-")}
    headers.setdefault("host", HOST)
    if question.body:
        headers["content-length"] = str(len(question.body))
    return headers | {
        "forwarded": f"for={CLIENT};host={headers['host']};proto=https",
        "x-forwarded-for": CLIENT,
        "x-forwarded-host": headers["host"],
        "x-forwarded-port": PORT,
        "x-forwarded-proto": "https",
        "x-real-ip": CLIENT,
        "x-vercel-deployment-url": DEPLOYMENT,
        "x-vercel-forwarded-for": CLIENT,
        "x-vercel-id": "fra1::iad1::abcde-1583348638390-0123456789ab",
    }
