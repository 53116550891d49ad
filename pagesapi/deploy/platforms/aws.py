"""AWS Lambda, behind an HTTP API, by SAM."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pagesapi.deploy.platforms.environment import environment_named
from pagesapi.deploy.platforms.platform import FunctionPlatform
from pagesapi.deploy.verify.events import http_api_event
from pagesapi.deploy.verify.findings import Findings
from pagesapi.deploy.verify.report import Launch, Start, question_for, start_of
from pagesapi.deploy.verify.site import Site
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.written import Written


class AWS(FunctionPlatform):
    name = "aws"
    folder = "dist/aws"
    proved_by = ("awslambdaric", "cfnlint", "samtranslator")
    takes = frozenset(
        {"per_route", "report", "interface", "python", "requirements", "dependencies", "exclude", "public", "env"}
    )

    def write(self, order: Order, options: dict[str, Any]) -> Written:
        from pagesapi.deploy.writing.aws import write_aws  # noqa: PLC0415 - needs the extra `aws`

        return write_aws(order, self.plan(options))

    def next_steps(self, written: Written) -> str:
        build = "" if written.order.dependencies else "sam build && "
        return f"cd {written.target} && {build}sam deploy --guided"

    def code(self, written: Written) -> Path:
        return written.target / "function"

    def pages(self, written: Written) -> Path:
        return self.code(written) / "_pagesapi" / "out"

    def starts(self, written: Written, work: Path) -> Iterator[Start]:
        from pagesapi.deploy.writing.code import api_folder  # noqa: PLC0415 - needs the extra `aws`

        _install(written, work)
        folder = self.code(written)
        for function in written.plan.functions:
            question = question_for(function, written.plan, written.paths)
            launch = Launch(
                folder=folder,
                path=(work,),
                api=folder / api_folder(written.order),
                module="pagesapi_function",
                name="handler",
                event=http_api_event(question, "$default", {}),
                environment=environment_named(written.order.variables),
            )
            yield start_of(function.name, question.target, launch)

    def findings(self, written: Written) -> Findings:
        from pagesapi.deploy.verify.template_lint import problems  # noqa: PLC0415 - needs the extra `verify`

        return Findings(problems(written.target / "template.yaml"))

    @contextmanager
    def site(self, written: Written, work: Path) -> Iterator[Site]:
        from pagesapi.deploy.verify.lambda_site import LambdaSite  # noqa: PLC0415 - needs the extra `verify`

        _install(written, work)
        # All functions import the same, so each module is compiled once for all of them.
        compiled = {"PYTHONPYCACHEPREFIX": str(work / "compiled")}
        site = LambdaSite(written.target, work, environment_named(written.order.variables) | compiled)
        try:
            yield site
        finally:
            site.close()


def _install(written: Written, folder: Path) -> None:
    """What `sam build` would, unless it is in the code's folder already."""
    from pagesapi.deploy.writing.code import requirements_of  # noqa: PLC0415 - needs the extra `aws`

    if written.order.dependencies is None:
        requirements_of(written.order, written.plan, "aws-function").vendor(folder)
