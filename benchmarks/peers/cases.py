"""What every peer is asked, and has to answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MESSAGE = "Hello, world"
TITLE = "First post"
COUNT = 770  # posts, which make 100 KB of compact JSON

ORDER = {
    "number": "2f1c8a34-5d0b-4c44-9a51-0a4f4e1f7d11",
    "email": "ada@example.com",
    "paid": True,
    "total": 11765,
    "note": "Please leave it with the neighbours at number twelve if nobody answers the door. Thank you!",
    "tags": ["gift", "express", "first order"],
    "address": {"name": "Ada Lovelace", "street": "12 St James's Square", "city": "London", "country": "GB"},
    "lines": [
        {"sku": f"BOOK-{number:04}", "title": f"On the Analytical Engine, volume {number}", "count": 1, "price": 1495}
        for number in range(1, 8)
    ],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request, and the JSON of its answer."""

    name: str
    path: str
    answer: Any
    body: bytes = b""  # sent by POST, as JSON


def posts() -> list[dict[str, Any]]:
    """Made anew for each answer, as rows of a database are."""
    return [
        {
            "id": number,
            "slug": f"post-{number}",
            "title": f"Post number {number}",
            "author": "Ada Lovelace",
            "published": number % 3 != 0,
            "views": number * 17,
            "tags": ["django", "api"],
        }
        for number in range(COUNT)
    ]


CASES = (
    Case(name="JSON hello", path="/api/hello", answer={"message": MESSAGE}),
    Case(name="path parameter", path="/api/posts/7", answer={"id": 7, "title": TITLE}),
    Case(name="1 KB echoed", path="/api/orders", answer=ORDER, body=json.dumps(ORDER, separators=(",", ":")).encode()),
    Case(name="100 KB list", path="/api/posts", answer=posts()),
)
