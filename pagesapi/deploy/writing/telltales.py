"""What is a secret by its look, whatever it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Telltale:
    name: str
    hints: tuple[bytes, ...]  # quickly looked for: where none stands, the pattern does not match
    pattern: re.Pattern[bytes]
    why: str


# A key's text has to follow, or any program that looks for such a line would be one; before it perhaps a header.
BLOCK = rb"""-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr])+(?:[\w-]+: [^\n]{0,200}\s+)*
[A-Za-z0-9+/=]{20}""".replace(b"\n", b"")

TELLTALES = (
    Telltale(
        "PRIVATE_KEY",
        (b"PRIVATE KEY",),
        re.compile(BLOCK),
        "a private key. Read it from the environment, and set it on the platform.",
    ),
    Telltale(
        "AWS_ACCESS_KEY_ID",
        (b"AKIA", b"ASIA"),
        re.compile(rb"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?<!EXAMPLE)(?![A-Za-z0-9])"),
        "an access key of AWS. A function has a role, and needs none: take it out.",
    ),
    Telltale(
        "SECRET_KEY",
        (b"django-insecure-",),
        re.compile(rb"django-insecure-[^\s\"'<>&\\]{20,}"),
        "the key that startproject made, which whoever has the code knows. "
        'Write SECRET_KEY = os.environ["SECRET_KEY"], and set it on the platform.',
    ),
)
