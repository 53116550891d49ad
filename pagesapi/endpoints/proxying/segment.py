"""A part of a URL that a caller chose, read as the laxest of servers might read it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, unquote

from pagesapi.exceptions import HTTPError

DEPTH = 8  # nobody encodes so often without an ill intent
IIS_ESCAPE = re.compile(r"%u([0-9a-fA-F]{4})")
# What parts a path, or cannot be seen; and what stands for bytes that our server could not decode.
SEPARATORS = re.compile(r"[/\\\x00-\x1f\x7f-\x9f\N{REPLACEMENT CHARACTER}]")
SAFE = "!$'()*,:=@"  # of RFC 3986's pchar: not ";", which begins a parameter of the segment; nor "&" and "+"


def plain(text: str) -> str | None:
    """The text with nothing encoded in it any more; None if it is not UTF-8 (overlong forms) or never comes to rest.

    >>> plain("%252e%252e"), plain("%EF%BC%8E"), plain("%C0%AE")
    ('..', '.', None)
    """
    for _ in range(DEPTH):
        unescaped = IIS_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        try:
            decoded = unicodedata.normalize("NFKC", unquote(unescaped, errors="strict"))
        except UnicodeDecodeError:
            return None
        if decoded == text:
            return text
        text = decoded
    return None


def is_sound(segment: str) -> bool:
    """Whether a segment stays one, and leads nowhere but down, however often and by whomever it is decoded."""
    text = plain(segment)
    if text is None or SEPARATORS.search(text):
        return False
    name, _, _ = text.partition(";")  # Java's servers cut off what follows: "..;x" is ".."
    return name.strip() not in ("", ".", "..")


def encoded(segments: Iterable[str]) -> list[str]:
    """Each for a URL. Raises a 400 for one that could lead out of the path that it is added to."""
    found = list(segments)
    if not all(map(is_sound, found)):
        raise HTTPError(400, "This path is not passed on: a part of it could be read as another path.")
    return [quote(segment, safe=SAFE) for segment in found]
