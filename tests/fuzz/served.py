"""An endpoint that shows what it was sent, and what may be answered to any caller."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client

from pagesapi.testing import route_tree

TREE = {
    "echo.py": """
        def handler(req, res):
            res.json({"query": req.query, "cookies": req.cookies, "body": req.body, "raw": len(req.raw),
                      "files": sorted(req.files), "post": dict(req.POST.lists())})
    """,
    "posts/[id].py": "def GET(request, id): return {'id': id, 'query': request.api.query}",
    "docs/[...slug].py": "def handler(req, res): return {'slug': req.query.slug}",
    "tagged.py": "def GET(request): return 'always the same'",
    "header.py": """
        def handler(req, res):
            getattr(res, req.body["how"])(req.body["name"], req.body["value"])
            res.json({"set": True})
    """,
    "send.py": "def handler(req, res): res.send(req.body.get('value'))",
    "redirect.py": "def handler(req, res): res.redirect(req.body['url'])",
}
EXPECTED = (200, 400, 413, 415)


@contextmanager
def served() -> Iterator[Client]:
    """A client of the tree that shows an error of the program as a 500, as a server would."""
    with route_tree(TREE):
        yield Client(raise_request_exception=False)


def post(client: Client, content: bytes, content_type: str, path: str = "/api/echo") -> Any:
    return client.generic("POST", path, content, content_type)


def check(response: Any) -> Any:
    """An answer without a traceback; what it shows."""
    assert response.status_code in EXPECTED, (response.status_code, response.content)
    value = json.loads(response.content)
    if response.status_code != 200:
        assert response["Content-Type"] == "application/problem+json"
        assert value["status"] == response.status_code
        assert "Traceback" not in response.content.decode()
    return value
