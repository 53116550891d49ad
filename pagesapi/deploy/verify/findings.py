"""What a platform's own programs say of a folder."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Findings:
    problems: list[str] = field(default_factory=list)  # the platform would not take it
    notes: list[str] = field(default_factory=list)
