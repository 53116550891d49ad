"""One name of a file or folder, parsed: `posts`, `[id]`, `[id=int]`, `[...slug]`, `[[...slug]]`, `(group)`."""

from __future__ import annotations

import enum
import keyword
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

TYPED_AS_DJANGO = re.compile(r"[<\[{](?P<type>\w+):(?P<name>\w+)[>\]}]")
AS_ELSEWHERE = re.compile(r"\{\.{0,3}(?P<braced>\w+)\}|<(?P<angled>\w+)>|:(?P<colon>\w+)|\[:(?P<both>\w+)\]")
OPTIONAL_ELSEWHERE = re.compile(r"[\[{]?:?(?P<name>\w+)\?[\]}]?")
# What Windows forbids in file names; a tree that has them could not be checked out there.
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
BRACKETED = re.compile(r"(?P<open>\[\[?)(?P<inner>[^\[\]]*)(?P<close>\]\]?)")
# Django's `str` converter accepts what a plain parameter accepts, so `[id=str]` and `[id]` are one.
PLAIN_CONVERTER = "str"
SLASHED = ("/", "a/b", "1/2", "a/", "/a", "A/B/c", "2024/01")


class Converter(Protocol):
    """What pagesapi needs of a path converter: Django's interface."""

    regex: str

    def to_python(self, value: str) -> Any:
        """The value of a matched segment; `ValueError` means that it does not match after all."""

    def to_url(self, value: Any) -> str:
        """The segment of a value."""


class Refused(enum.Enum):
    """What a converter gives for a text that it does not accept; `None` could be a value."""

    REFUSED = enum.auto()


REFUSED = Refused.REFUSED


class Matcher:
    """A converter, its expression compiled once."""

    __slots__ = ("converter", "fullmatch")

    def __init__(self, converter: Converter) -> None:
        self.converter = converter
        self.fullmatch = re.compile(converter.regex).fullmatch

    def value_of(self, text: str) -> Any:
        """The value of a segment, or `REFUSED`."""
        if self.fullmatch(text) is None:
            return REFUSED
        try:
            return self.converter.to_python(text)
        except ValueError:
            return REFUSED


class Kind(enum.IntEnum):
    """What a segment matches, in the order in which siblings are tried."""

    STATIC = 0
    TYPED = 1
    PARAM = 2
    CATCH_ALL = 3
    OPTIONAL_CATCH_ALL = 4
    GROUP = 5  # in no URL


class SegmentError(ValueError):
    """A name that cannot be a segment: `problem` says why, `cure` what to write in its place."""

    def __init__(self, problem: str, cure: str, *, converter: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.cure = cure
        self.converter = converter


@dataclass(frozen=True, slots=True)
class Segment:
    kind: Kind
    text: str  # as the file system has it: "[id=int]"
    name: str = ""  # a parameter's name, or the text that a static segment matches
    type: str = ""  # a typed parameter's converter
    converter: Converter | None = None
    # A name repeats in many routes, each of which asks for these.
    is_parameter: bool = field(init=False, repr=False, compare=False)
    is_catch_all: bool = field(init=False, repr=False, compare=False)
    # Static before typed (`int`, `uuid`, the project's own, `slug`) before plain before the catch-alls.
    precedence: tuple[int, int, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        is_catch_all = self.kind in (Kind.CATCH_ALL, Kind.OPTIONAL_CATCH_ALL)
        among_typed = {"int": 0, "uuid": 1, "slug": 3}.get(self.type, 2)
        object.__setattr__(self, "is_catch_all", is_catch_all)
        object.__setattr__(self, "is_parameter", is_catch_all or self.kind in (Kind.TYPED, Kind.PARAM))
        object.__setattr__(self, "precedence", (self.kind, among_typed, self.type or self.name))


def parse_segment(text: str, converters: Mapping[str, Converter]) -> Segment:
    """The segment that a file's or folder's name (without `.py`) stands for; `SegmentError` if it cannot be one.

    >>> parse_segment("[id=int]", converters)
    Segment(kind=<Kind.TYPED: 1>, text='[id=int]', name='id', type='int', ...)
    """
    if match := TYPED_AS_DJANGO.fullmatch(text):
        kind, name = match["type"], match["name"]
        if kind not in converters and name in converters:  # as Starlette has it: {id:int}
            kind, name = name, kind
        raise SegmentError("a parameter has its type after its name and an equals sign", f"Write [{name}={kind}].")
    if match := AS_ELSEWHERE.fullmatch(text):
        raise SegmentError("a parameter stands in square brackets", f"Write [{match[match.lastindex or 0]}].")
    if match := OPTIONAL_ELSEWHERE.fullmatch(text):
        raise _not_optional(match["name"])
    if FORBIDDEN.search(text):
        raise SegmentError("it holds a character that Windows forbids in file names", "Rename it.")
    if not text.isprintable() and not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise SegmentError("its name is not valid UTF-8", "Rename it.")
    if text.startswith("(") and text.endswith(")"):
        return _group(text)
    if "[" not in text and "]" not in text:
        # "%5Fname" is how Next.js writes a public name that begins with an underscore.
        return Segment(Kind.STATIC, text, unicodedata.normalize("NFC", text.replace("%5F", "_")))
    return _bracketed(text, converters)


def _group(text: str) -> Segment:
    if not text[1:-1].strip("()"):
        raise SegmentError("the group has no name", "Write a name between the parentheses: (internal).")
    return Segment(Kind.GROUP, text)


def _bracketed(text: str, converters: Mapping[str, Converter]) -> Segment:
    match = BRACKETED.fullmatch(text)
    if match is None:
        raise SegmentError(
            "brackets must enclose the whole name, once",
            "Write [name], [name=int], [...name] or [[...name]], with nothing before, between or after.",
        )
    inner, optional = match["inner"], match["open"] == "[["
    if (match["close"] == "]]") != optional:
        raise SegmentError("its brackets do not pair", f"Write [{inner}], or [[...{inner.lstrip('.')}]] if optional.")
    if "\N{HORIZONTAL ELLIPSIS}" in inner:
        raise SegmentError('it holds the character "…"', 'Write three full stops: "...".')
    catch_all = inner.startswith("...")
    name = inner[3:] if catch_all else inner
    if optional and not catch_all:
        raise _not_optional(name)
    if catch_all:
        if "=" in name:
            raise SegmentError("a catch-all has no type", f"Write {text.partition('=')[0]}{match['close']}.")
        kind = Kind.OPTIONAL_CATCH_ALL if optional else Kind.CATCH_ALL
        return Segment(kind, text, _parameter_name(name))
    return _parameter(text, name, converters)


def _not_optional(name: str) -> SegmentError:
    return SegmentError(
        "a single segment cannot be optional",
        f"Write [[...{name}]] for zero or more segments, or add an index.py beside [{name}].py.",
    )


def _parameter(text: str, inner: str, converters: Mapping[str, Converter]) -> Segment:
    name, typed, type_name = inner.partition("=")
    name = _parameter_name(name)
    if not typed:
        return Segment(Kind.PARAM, text, name)
    converter = converters.get(type_name)
    if converter is None:
        known = ", ".join(sorted(key for key in converters if key != "path"))
        cure = f"Write one of {known}, or register it with django.urls.register_converter()."
        if name in converters:
            cure = f"Write [{type_name}={name}]: the name stands first."
        raise SegmentError(f"there is no path converter {type_name!r}", cure, converter=True)
    if _matches_a_slash(converter.regex):
        raise SegmentError(
            f"the converter {type_name!r} matches a slash, and a segment has none",
            f"Write [...{name}] to catch several segments.",
            converter=True,
        )
    if type_name == PLAIN_CONVERTER:
        return Segment(Kind.PARAM, text, name)
    return Segment(Kind.TYPED, text, name, type_name, converter)


def _parameter_name(name: str) -> str:
    if name.startswith("."):
        raise SegmentError("a parameter's name cannot begin with a full stop", "Write [name] or [...name].")
    if not name:
        raise SegmentError("the parameter has no name", "Write a name between the brackets: [id].")
    if name.endswith("..."):
        raise SegmentError("a catch-all has its full stops first", f"Write [...{name[:-3]}].")
    if name != name.strip() and name.strip().isidentifier():
        raise SegmentError("there are spaces between its brackets", f"Write {name.strip()} without them.")
    if not name.isidentifier() or keyword.iskeyword(name):
        raise SegmentError(
            f"{name!r} cannot name an argument in Python",
            "Use letters, digits and underscores, not a digit first, and no keyword.",
        )
    if name == "request":
        raise SegmentError(
            "a parameter cannot be named 'request', which is the first argument of a function", "Choose another name."
        )
    return unicodedata.normalize("NFKC", name)  # as Python reads identifiers (PEP 3131)


def _matches_a_slash(regex: str) -> bool:
    outside_negated_classes = re.sub(r"\[\^[^\]]*\]", "", regex)
    return "/" in outside_negated_classes or any(re.fullmatch(regex, text) for text in SLASHED)
