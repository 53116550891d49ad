"""One thing that is wrong with a tree."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class FaultKind(enum.IntEnum):
    """The values are the numbers of the system checks' permanent ids: `pagesapi.E010`, …"""

    NAME = 10
    CATCH_ALL_POSITION = 11
    REPEATED_NAME = 12
    DIFFERENT_NAMES = 13
    CONVERTER = 14
    SAME_URL = 15
    TWO_CATCH_ALLS = 16
    UNREADABLE = 17


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    files: tuple[str, ...]  # below the API folder
    problem: str
    cure: str

    def __str__(self) -> str:
        return f"{', '.join(self.files)}: {self.problem} {self.cure}"
