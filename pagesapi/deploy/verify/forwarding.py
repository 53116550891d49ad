"""What a platform tells of a request beyond what the client wrote: who asked, how, and where."""

from __future__ import annotations

from pagesapi.deploy.verify.question import Question

CLIENT = "203.0.113.7"  # one of those that RFC 5737 sets aside for documents
TRACE = "Root=1-5e6722a7-cc56a1b2c3d46db7ae02d4da"
HOST = "localhost"  # of a question that names none
PORT = "443"


def forwarded(question: Question) -> dict[str, str]:
    """The headers of a question as they arrive behind API Gateway, a load balancer or a function URL.

    Names in lower case, repeated ones joined; the client's address behind whatever the client itself wrote there.
    """
    headers: dict[str, str] = {}
    for name, value in question.headers:
        key = name.lower()
        glue = "; " if key == "cookie" else ","
        headers[key] = f"{headers[key]}{glue}{value}" if key in headers else value
    headers.setdefault("host", HOST)
    if question.body:
        headers["content-length"] = str(len(question.body))
    claimed = headers.get("x-forwarded-for")
    headers["x-forwarded-for"] = f"{claimed}, {CLIENT}" if claimed else CLIENT
    return {**headers, "x-forwarded-port": PORT, "x-forwarded-proto": "https", "x-amzn-trace-id": TRACE}
