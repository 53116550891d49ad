"""How a page's file is named after its path, and which of these forms a site has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from pagesapi.pages.building.built import BuiltPage

MOST = 64  # extensions that a rule can speak of; further ones are exceptions, a line for each page
INDEXES = 8  # extensions of `Form.INDEX` that are tried, each a look at the disk
KINDS = 1000  # of extension and type that are counted at all
Kind = TypeVar("Kind")


class Form(Enum):
    FOLDER = "/about/ → about/index.html"
    FLAT = "/about → about.html"
    SAME = "/feed.xml → feed.xml"
    INDEX = "/api/posts → api/posts/index.json"
    SLASHED_INDEX = "/feed/ → feed/index.xml"
    NONE = "a 404 has no file"


def form_of(page: BuiltPage) -> Form:
    path, file = page.path, page.file
    if not file:
        return Form.NONE
    if path.endswith("/"):
        return Form.FOLDER if file.endswith(".html") else Form.SLASHED_INDEX
    extra = len(file) - len(path) + 1  # characters that the file's name has more
    if extra == 0:
        return Form.SAME
    return Form.FLAT if file.endswith(".html") else Form.INDEX


def extension_in(file: str) -> str:
    return file.rpartition(".")[2].lower()


EXTENSION = r"\.[A-Za-z][A-Za-z0-9]{0,15}"
INDEX_NAME = re.compile(rf"(?:.*/)?index{EXTENSION}", re.DOTALL)
# Paths that are a file's name and, as a rule, no page's: a page there needs a line of its own.
HIDDEN = rf"(?:.*/)?index(?:{EXTENSION})?|404|404\.html|nginx\.conf\.example"


@dataclass(frozen=True, slots=True)
class Forms:
    """The general rules: what holds for most pages of a site."""

    types: dict[str, str]  # extension → content type
    indexes: tuple[str, ...]  # extensions of `Form.INDEX`
    has_html_urls: bool  # whether URLs say .html, as those of old sites do, and not the shorter form

    @property
    def hidden(self) -> str:
        """A regular expression, which a dot in has to match line ends too."""
        return f"/(?:{HIDDEN})" if self.has_html_urls else rf"/(?:.*\.html?|{HIDDEN})"

    def hides(self, path: str) -> bool:
        return re.fullmatch(self.hidden, path, re.DOTALL) is not None

    def covers(self, page: BuiltPage) -> bool:
        """Whether the rules lead from the page's URL to its file, as what it is."""
        form, extension = form_of(page), extension_in(page.file)
        if page.status != 200 or page.headers or self.types.get(extension) != page.content_type:
            return False
        if form is Form.SLASHED_INDEX or (form is Form.FLAT and self.has_html_urls):
            return False
        return (form is not Form.INDEX or extension in self.indexes) and not self.hides(page.path)


def forms_of(pages: Iterable[BuiltPage]) -> Forms:
    types: Counter[tuple[str, str]] = Counter()
    indexes: Counter[str] = Counter()
    longer = shorter = 0
    for page in pages:
        if page.status != 200:
            continue
        form, extension = form_of(page), extension_in(page.file)
        if page.content_type:  # `res.end()` says none
            _count(types, (extension, page.content_type))
        if form is Form.INDEX:
            _count(indexes, extension)
        elif form is Form.FLAT:
            shorter += 1
        elif form is Form.SAME and extension == "html":
            longer += 1
    most_common: dict[str, str] = {}
    for (extension, content_type), _ in types.most_common(MOST):
        most_common.setdefault(extension, content_type)
    names = tuple(name for name, _ in indexes.most_common(INDEXES)) or ("json",)
    return Forms(most_common, names, longer > shorter)


def _count(counter: Counter[Kind], kind: Kind) -> None:
    if kind in counter or len(counter) < KINDS:
        counter[kind] += 1
