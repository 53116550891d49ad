"""Vercel, by its Build Output API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pagesapi.deploy.platforms.environment import environment_of_functions
from pagesapi.deploy.platforms.platform import FunctionPlatform
from pagesapi.deploy.verify.findings import Findings
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.report import Launch, Start, question_for, start_of
from pagesapi.deploy.verify.site import Site
from pagesapi.deploy.verify.vercel_folder import FunctionFolder
from pagesapi.deploy.verify.vercel_forwarding import vercel_headers
from pagesapi.deploy.verify.vercel_lint import lint
from pagesapi.deploy.verify.vercel_site import VercelSite
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.written import Written


class Vercel(FunctionPlatform):
    name = "vercel"
    folder = ".vercel/output"
    interface = "asgi"  # the runtime's WSGI server reads the whole body first, and confuses X_A with X-A
    takes = frozenset(
        {"per_route", "report", "interface", "python", "requirements", "dependencies", "exclude", "public"}
    )

    def write(self, order: Order, options: dict[str, Any]) -> Written:
        from pagesapi.deploy.writing.vercel import write_vercel  # noqa: PLC0415 - needs the extra `vercel`

        return write_vercel(order, self.plan(options))

    def next_steps(self, written: Written) -> str:
        return "vercel deploy --prebuilt"

    def code(self, written: Written) -> Path:
        return self._function(written, written.plan.site.name)

    def pages(self, written: Written) -> Path:
        return written.target / "static"

    def forwarding(self, question: Question) -> dict[str, str]:
        return vercel_headers(question)

    def starts(self, written: Written, work: Path) -> Iterator[Start]:
        from pagesapi.deploy.writing.code import api_folder  # noqa: PLC0415 - needs the extra `vercel`

        for function in written.plan.functions:
            folder = FunctionFolder.of(self._function(written, function.name))
            question = question_for(function, written.plan, written.paths)
            launch = Launch(
                folder=folder.folder,
                path=(),
                api=folder.folder / api_folder(written.order),
                module=folder.module,
                name="vc_handler",
                event=_event(question),
                environment=folder.environment(environment_of_functions(), work),
            )
            yield start_of(function.name, question.target, launch)

    def findings(self, written: Written) -> Findings:
        return lint(written.target, written.order.base)

    @contextmanager
    def site(self, written: Written, work: Path) -> Iterator[Site]:
        site = VercelSite(written.target, environment_of_functions())
        try:
            yield site
        finally:
            site.close()

    def _function(self, written: Written, name: str) -> Path:
        from pagesapi.deploy.writing.vercel_functions import function_folder  # noqa: PLC0415 - needs `vercel`

        return function_folder(written.target, name)


def _event(question: Question) -> dict[str, Any]:
    """What the runtime's own handler is called with, where it does not listen itself."""
    request = {"method": question.method, "path": question.target, "headers": vercel_headers(question)}
    return {"body": json.dumps(request)}
