"""The folder that `deploy static` wrote, as hosts that read `_redirects` and `_headers` serve it.

https://docs.netlify.com/manage/routing/redirects/overview/
https://developers.cloudflare.com/pages/configuration/headers/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from pagesapi.deploy.verify.answer import NETWORK, Answer
from pagesapi.deploy.verify.question import Pairs, Question

TYPES = MimeTypes()  # Python's own list, the same on every machine
METHODS = ("GET", "HEAD")


class Rule(NamedTuple):
    """A line of `_redirects`."""

    pattern: re.Pattern[str]
    target: str
    status: int


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """A block of `_headers`."""

    pattern: re.Pattern[str]
    headers: Pairs


class StaticSite:
    """A `Site`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rules = list(_rules(folder / "_redirects"))
        self.headers = list(_header_rules(folder / "_headers"))

    def ask(self, question: Question) -> Answer:
        if question.method not in METHODS:
            return Answer(405, (), b"", NETWORK)
        rule = next((rule for rule in self.rules if rule.pattern.fullmatch(question.path)), None)
        if rule is not None and rule.status != 200:
            headers = (*self._said(question.path), ("Location", rule.target))
            return Answer(rule.status, headers, b"", NETWORK)
        file = self._file(_splat(rule, question.path) if rule else question.path)
        if file is None:
            return self._answer(404, self.folder / "404.html", question)
        return self._answer(200, file, question)

    def close(self) -> None:
        """Nothing was opened."""

    def _file(self, path: str) -> Path | None:
        name = unquote(path).lstrip("/")
        names = [f"{name}index.html"] if path.endswith("/") else [name, f"{name}.html"]
        return next((self.folder / each for each in names if (self.folder / each).is_file()), None)

    def _answer(self, status: int, file: Path, question: Question) -> Answer:
        body = file.read_bytes() if file.is_file() else b""
        said = self._said(question.path)
        if not any(name.lower() == "content-type" for name, _ in said):
            said = (("Content-Type", _type(file)), *said)
        return Answer(status, said, body, NETWORK).sent_for(question.method)

    def _said(self, path: str) -> Pairs:
        return tuple(pair for rule in self.headers if rule.pattern.fullmatch(path) for pair in rule.headers)


def _type(file: Path) -> str:
    found = TYPES.guess_type(file.name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def _splat(rule: Rule, path: str) -> str:
    match = rule.pattern.fullmatch(path)
    assert match is not None
    return rule.target.replace(":splat", match[1] if match.groups() else "")


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, source.split("*"))), re.DOTALL)


def _lines(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8") if file.is_file() else ""
    yield from (line for line in text.split("\n") if line.strip() and not line.startswith("#"))


def _rules(file: Path) -> Iterator[Rule]:
    for line in _lines(file):
        source, target, status = line.split()
        yield Rule(_pattern(source), target, int(status))


def _header_rules(file: Path) -> Iterator[HeaderRule]:
    source = ""
    headers: list[tuple[str, str]] = []
    for line in _lines(file):
        if not line.startswith(" "):
            if source:
                yield HeaderRule(_pattern(source), tuple(headers))
            source, headers = line.strip(), []
        else:
            name, _, value = line.strip().partition(":")
            headers.append((name, value.strip()))
    if source:
        yield HeaderRule(_pattern(source), tuple(headers))
