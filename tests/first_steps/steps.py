"""Steps of a Markdown text: files to be written, lines to be added to a file's end, commands and what they print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(?:#|\{#|<!--) (?P<file>\S+\.\w+)(?P<end>, at the end)?(?: #\}| -->)?\n")


@dataclass(frozen=True, slots=True)
class File:
    """A whole file, or what is added to one."""

    name: str
    text: str
    at_the_end: bool


@dataclass(frozen=True, slots=True)
class Command:
    """What stands behind a `$`, and the lines below it: all that it prints, but for `…`."""

    line: str
    shown: tuple[str, ...]

    def is_shown(self, printed: str) -> bool:
        """Whether the lines that are shown are those that were printed; without any, nobody looks."""
        pattern = "".join(r"(?:.*\n)*?" if line == "…" else re.escape(line) + r"\n" for line in self.shown)
        text = printed.replace("\r\n", "\n").rstrip("\n") + "\n"
        return not self.shown or re.fullmatch(pattern, text) is not None


Step = File | Command


def steps_of(markdown: str) -> Iterator[Step]:
    """In their order. A block that is neither a named file nor a `console` is an error: nobody could follow it."""
    for block in FENCE.finditer(markdown):
        named = FILE.match(block["text"])
        if block["language"] == "console":
            yield from _commands(block["text"])
        elif named:
            yield File(named["file"], block["text"], at_the_end=bool(named["end"]))
        else:
            raise ValueError(f"What is to be done with this block?\n{block['text']}")


def _commands(text: str) -> Iterator[Command]:
    line = ""
    shown: list[str] = []
    for each in text.splitlines():
        if each.startswith("$ "):
            if line:
                yield Command(line, tuple(shown))
            line, shown = each[2:], []
        else:
            shown.append(each)
    yield Command(line, tuple(shown))
