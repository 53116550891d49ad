"""The forms in which a text stands in files: as it is, escaped for a language, or encoded."""

from __future__ import annotations

import html
import json
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from django.utils.html import escape, escapejs


def forms_of(text: str) -> set[bytes]:
    """Bytes; a file with one of them holds the text."""
    return {form for form in (*_escaped(text), *_base64(text.encode("utf-8", "surrogateescape"))) if form}


def quoted_forms(word: str) -> set[bytes]:
    """Of a word that stands in many files by chance: as a whole literal, or as the password of a URL."""
    return {form.encode() for form in (f'"{word}"', f"'{word}'", f":{word}@", f"={word}\n")}


def _escaped(text: str) -> Iterator[bytes]:
    forms = (
        text,
        quote(text, safe="", errors="surrogateescape"),
        quote(text, errors="surrogateescape"),
        quote_plus(text, errors="surrogateescape"),
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        json.dumps(text)[1:-1].replace("/", "\\/"),
        repr(text)[1:-1],
        escape(text),
        html.escape(text),
        html.escape(text, quote=False),
        str(escapejs(text)),
    )
    for form in forms:
        yield form.encode("utf-8", "surrogateescape")


def _base64(data: bytes) -> Iterator[bytes]:
    """As it stands within a longer text, whatever comes before: 3 bytes become 4 characters."""
    for before in range(3):
        encoded = b64encode(b"\0" * before + data)
        first = -(-before * 8 // 6)  # characters that what comes before has a part in
        last = (before + len(data)) * 8 // 6  # and what comes after
        form = encoded[first:last]
        yield form
        yield form.translate(bytes.maketrans(b"+/", b"-_"))
