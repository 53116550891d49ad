"""Whoever answers questions: the live application, or what was written for a platform."""

from __future__ import annotations

from typing import Protocol

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.question import Question


class Site(Protocol):
    def ask(self, question: Question) -> Answer:
        """Raises `DeployError` where there is no answer at all: it crashed, or took too long."""

    def close(self) -> None: ...
