"""What every platform can do: be written, and be proved."""

from __future__ import annotations

import importlib.util
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

from pagesapi.deploy.verify.findings import Findings
from pagesapi.deploy.verify.forwarding import forwarded
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.questions import Inquiry, inquiries
from pagesapi.deploy.verify.report import Start
from pagesapi.deploy.verify.site import Site
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.plan import Interface, Plan, make_plan
from pagesapi.deploy.writing.written import Written
from pagesapi.exceptions import DeployError

# Options of the command that some platforms have: as they are written, and what they are if nobody writes them.
SOME: dict[str, tuple[str, Any]] = {
    "per_route": ("--per-route", False),
    "report": ("--report", False),
    "interface": ("--interface", None),
    "python": ("--python", None),
    "requirements": ("--requirements", None),
    "exclude": ("--exclude", []),
    "public": ("--public", []),
    "env": ("--env", []),
    "dependencies": ("--dependencies", None),
    "compress": ("--compress", False),
}


class Platform(ABC):
    """Everything that a platform needs is imported when it is used: each has packages of its own."""

    name: ClassVar[str]
    folder: ClassVar[str]  # below BASE_DIR
    takes: ClassVar[frozenset[str]]  # those of SOME
    proved_by: ClassVar[tuple[str, ...]] = ()  # modules of the extra `verify`
    interface: ClassVar[Interface] = "wsgi"  # which of the project's applications its functions run

    compared: ClassVar[frozenset[str] | None] = None  # parts of an answer; None: all

    def forwarding(self, question: Question) -> dict[str, str]:
        """The headers of a question, with what the platform adds to them."""
        return forwarded(question)

    def check(self, options: dict[str, Any]) -> None:
        """Raises `DeployError` for an option that means nothing here."""
        for key, (written, unset) in SOME.items():
            if key not in self.takes and options[key] != unset:
                raise DeployError(f"{written} is no option of `deploy {self.name}`.")
        missing = [name for name in self.proved_by if options["verify"] and importlib.util.find_spec(name) is None]
        if missing:
            raise DeployError(f"--verify needs {', '.join(missing)}: pip install 'pagesapi[verify]'")

    def plan(self, options: dict[str, Any]) -> Plan:
        """Raises `DeployError` for a project that cannot be deployed."""
        interface = options["interface"] or self.interface
        python = options["python"] or "{}.{}".format(*sys.version_info)
        return make_plan(per_route=options["per_route"], interface=interface, python=python)

    @abstractmethod
    def write(self, order: Order, options: dict[str, Any]) -> Written:
        """Raises `DeployError`."""

    @abstractmethod
    def next_steps(self, written: Written) -> str:
        """What is to be typed now."""

    @abstractmethod
    def code(self, written: Written) -> Path:
        """The folder that is BASE_DIR in a function."""

    @abstractmethod
    def inquiries(self, written: Written) -> Iterator[Inquiry]:
        """What is asked to prove it."""

    @abstractmethod
    def findings(self, written: Written) -> Findings:
        """What the platform's own programs say of what was written."""

    @abstractmethod
    def site(self, written: Written, work: Path) -> AbstractContextManager[Site]:
        """What was written, run here. `work`: an empty folder."""


class FunctionPlatform(Platform):
    """One that runs the project."""

    def inquiries(self, written: Written) -> Iterator[Inquiry]:
        return inquiries(written.plan, written.paths, self.pages(written))

    @abstractmethod
    def pages(self, written: Written) -> Path:
        """The folder with the built pages and the static files."""

    @abstractmethod
    def starts(self, written: Written, work: Path) -> Iterator[Start]:
        """How each function starts, one after another. `work`: an empty folder."""
