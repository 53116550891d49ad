"""Trees written to disk from patterns as Next.js spells them: `/blog/[id]` is `blog/[id].py`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from django.core.checks import run_checks
from django.test import override_settings

SOURCE = 'def handler(req, res):\n    res.json({{"file": {file!r}, "query": dict(req.query)}})\n'
ANY_SEGMENT = "anything"


def file_of(pattern: str) -> str:
    """`//a//b/` → `a/b.py`, `/` → `index.py`."""
    return ("/".join(filter(None, pattern.split("/"))) or "index") + ".py"


def url_of(pattern: str) -> str:
    """A URL that the pattern is for: `/blog/[id]` → `/api/blog/anything`."""
    parts = [ANY_SEGMENT if "[" in part else quote(part) for part in pattern.split("/") if part]
    return "/".join(["/api", *parts])


def write(folder: Path, files: Iterable[str]) -> None:
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOURCE.format(file=file), encoding="utf-8")


def errors_of(folder: Path) -> list[str]:
    """What `manage.py check` says against the tree."""
    with override_settings(PAGESAPI={"API_DIR": folder}, ROOT_URLCONF="tests.conformance.urls"):
        messages = run_checks()
    return [str(message) for message in messages if (message.id or "").startswith("pagesapi.E")]
