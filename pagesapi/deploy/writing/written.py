"""What was written, for who goes on with it: the command, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.plan import Plan


@dataclass(frozen=True, slots=True)
class Written:
    order: Order
    plan: Plan
    notes: tuple[str, ...]  # what its reader should know
    paths: tuple[str, ...]  # of the built pages, decoded, below the script prefix

    @property
    def target(self) -> Path:
        return self.order.target
