"""What Next.js 16.4 was observed to do, as rows.

`cases.json` holds the groups that concern API routes and static pages, without what belongs to a Next.js server
alone. Of a page it has `page_text`: the values that the sample page was made from. In its texts `{x*3000}` stands
for 3,000 times "x". A request's body is UTF-8, unless `request_charset` names what its bytes were in. A chunked
body stands there without its framing, which is the servers' business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# Static pages, and the previews of them.
PAGE_GROUPS = ("isr", "preview", "app-draft", "gsp-validation", "getStaticPaths-validation")


@dataclass(frozen=True)
class Case:
    group: str
    name: str
    fixture: str
    method: str
    path: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int | None  # None: no answer came
    headers: Mapping[str, str | list[str]]
    body: str | None  # None: empty
    page_text: str | None  # what a sample page shows
    is_html: bool
    transport_error: str | None

    @property
    def key(self) -> tuple[str, str]:
        return self.group, self.name

    @property
    def is_own_answer_of_next(self) -> bool:
        """Whether Next.js, not the handler, wrote this body: an error, or a page that tells of one."""
        if self.status is None or self.status < 400 or self.group == "route-match":
            return False
        phrases = ("Internal Server Error", "Invalid ", "Body exceeded ")
        return self.is_html or not self.body or self.body.startswith(phrases)

    @property
    def is_of_a_page(self) -> bool:
        """Whether a page was asked for, and no endpoint."""
        return self.group in PAGE_GROUPS and not self.path.startswith("/api/")

    def header(self, name: str) -> str | None:
        value = self.headers.get(name)
        return ", ".join(value) if isinstance(value, list) else value


def load_cases() -> list[Case]:
    return [case_of(row) for row in json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))]


def load_sets() -> list[dict[str, Any]]:
    """Sets of patterns, each with the order in which Next.js tries them, or with its error."""
    rows: list[dict[str, Any]] = json.loads((FOLDER / "sorted_routes.json").read_text(encoding="utf-8"))
    return rows


def set_key(patterns: list[str]) -> tuple[str, str]:
    """By what the table of departures knows a set."""
    return "sorted", " ".join(patterns)


def case_of(row: dict[str, Any]) -> Case:
    return Case(
        group=row["group"],
        name=row["name"],
        fixture=row["fixture"],
        method=row["method"],
        path=spelt_out(row["path"]),
        request_headers=row.get("request_headers", {}),
        request_body=spelt_out(row.get("request_body", "")).encode(row.get("request_charset", "utf-8")),
        status=row["status"],
        headers=row.get("headers", {}),
        body=spelt_out(row["body"]) if "body" in row else None,
        page_text=spelt_out(row["page_text"]) if "page_text" in row else None,
        is_html=row.get("body_kind") == "html",
        transport_error=row.get("transport_error"),
    )


def spelt_out(text: str) -> str:
    return re.sub(r"\{([xy])\*(\d+)\}", lambda match: match[1] * int(match[2]), text)
