"""Path converters of a project's own: import their names where they are used."""

from __future__ import annotations

from django.urls import register_converter

NUMERALS = {"i": 1, "ii": 2, "iii": 3}


class RomanConverter:
    """2 ↔ "ii", in either case."""

    regex = "[iI]{1,3}"

    def to_python(self, value: str) -> int:
        return NUMERALS[value.lower()]

    def to_url(self, value: int) -> str:
        for text, number in NUMERALS.items():
            if number == value:
                return text
        raise ValueError


class EvenConverter:
    """Any number may be written, and only even ones are read: for the others there is no page."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        if int(value) % 2:
            raise ValueError
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


ROMAN, EVEN = "numeral", "even"
register_converter(RomanConverter, ROMAN)
register_converter(EvenConverter, EVEN)
