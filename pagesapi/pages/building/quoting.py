"""Text as one word of an nginx configuration, whatever it holds."""

from __future__ import annotations

LONGEST = 4000  # bytes; nginx reads 4,096 at a time, and no word may be longer


def quoted(text: str) -> str:
    """Where nginx looks for no variables.

    >>> quoted('a "b" {c};')
    '"a \\\\"b\\\\" {c};"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def literal(text: str) -> str:
    """Where it does: a dollar sign is spelt as a variable that holds one."""
    return quoted(text).replace("$", "${pagesapi_dollar}")


def is_quotable(text: str) -> bool:
    """Whether nginx can read it at all."""
    try:
        return "\0" not in text and len(literal(text).encode()) <= LONGEST
    except UnicodeEncodeError:
        return False
