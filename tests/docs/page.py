"""A page of the documentation, and the blocks of code in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import dedent

DOCS = Path(__file__).resolve().parents[2] / "docs"
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)(?P<options>[^`\n]*)\n(?P<text>.*?)^(?P=indent)```$", re.M | re.S
)
NAMED = re.compile(r"(?:#|\{#) (?P<file>\S+\.(?:py|html))(?: #\})?$")


@dataclass(frozen=True, slots=True)
class Block:
    page: str  # "routing"
    language: str
    text: str
    line: int  # of the fence, so that a failure can be clicked

    @property
    def file(self) -> str | None:
        """What its first line calls it: `# api/hello.py`, `# blog/views.py`, `{# blog/templates/post.html #}`."""
        named = NAMED.match(self.text.partition("\n")[0])
        return named["file"] if named else None

    @property
    def route(self) -> str | None:
        """Its file below `api/`, if it is one there."""
        below = re.match(r"api/(.*\.py)", self.file or "")
        return below[1] if below else None

    @property
    def where(self) -> str:
        return f"docs/{self.page}.md:{self.line}"


@dataclass(frozen=True)
class Page:
    """A page by its name: `Page("routing")` is `docs/routing.md`."""

    name: str

    @cached_property
    def source(self) -> str:
        return (DOCS / f"{self.name}.md").read_text("utf-8")

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(
            Block(
                page=self.name,
                language=found["language"],
                text=dedent(found["text"]),
                line=self.source.count("\n", 0, found.start()) + 1,
            )
            for found in FENCE.finditer(self.source)
        )

    @property
    def routes(self) -> dict[str, str]:
        """The tree of the page: file below `api/` → source. Where a file is shown twice, as it was shown last."""
        return {block.route: block.text for block in self.blocks if block.language == "python" and block.route}

    @property
    def project_files(self) -> dict[str, str]:
        """What else the page names: views, patterns, templates, these without the comment that names them."""
        found = {block.file: block.text for block in self.blocks if block.file and not block.route}
        return {file: text.partition("\n")[2] if file.endswith(".html") else text for file, text in found.items()}

    def block(self, text: str) -> Block:
        """The one block that contains this text."""
        found = [block for block in self.blocks if text in block.text]
        assert len(found) == 1, f"docs/{self.name}.md has {len(found)} blocks with {text!r}."
        return found[0]

    def rows_below(self, heading: str) -> list[list[str]]:
        """The cells of the first table below a heading, without its head."""
        section = re.split(rf"^#+ {re.escape(heading)}$", self.source, maxsplit=1, flags=re.M)[1]
        table = re.search(r"^\|[^\n]*\n\|[ :|-]*\n((?:\|[^\n]*\n)+)", section, re.M)
        assert table, f"docs/{self.name}.md has no table below {heading!r}."
        lines = table[1].strip().splitlines()
        return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]


def pages() -> list[Page]:
    return [Page(path.stem) for path in sorted(DOCS.glob("*.md"))]


def all_blocks() -> list[Block]:
    return [block for page in pages() for block in page.blocks]
