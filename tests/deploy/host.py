"""A host of static files, as far as it reads `_headers`: Netlify's and Cloudflare's rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote


class Host:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rules = list(_rules((folder / "_headers").read_text("utf-8")))

    def headers(self, path: str) -> dict[str, str]:
        """Of a decoded path: what all rules say that match it; two values of one field are joined by a comma."""
        found: dict[str, str] = {}
        sent = quote(path, safe="/~!$&'()+,;=@")
        for pattern, fields in self.rules:
            if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), sent):
                for name, value in fields:
                    found[name] = f"{found[name]}, {value}" if name in found else value
        return found

    def cache(self, path: str) -> str | None:
        return self.headers(path).get("Cache-Control")


def _rules(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    fields: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            fields.append((name, value))
        elif line and not line.startswith("#"):
            fields = []
            yield line, fields
