"""`deploy --report`: what each function imports, and how long it takes to its first answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pagesapi.deploy.verify.questions import Asker, targets
from pagesapi.deploy.writing.plan import Function, Plan
from pagesapi.exceptions import DeployError
from pagesapi.pages.address import url_of

PROBE = Path(__file__).with_name("probe.py")
CALL = "import json\nsys.stdout.write('\\n' + json.dumps(measured(**json.loads(sys.argv[1]))))\n"
LONGEST = 120  # seconds
TAIL = 20  # lines of what a function printed
HEADS = ("FUNCTION", "ASKED", "STATUS", "MODULES", "ROUTES", "START", "FIRST ANSWER")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    function: str
    target: str  # of the URL that it was asked for
    status: int
    modules: int  # imported, all together
    routes: tuple[str, ...]  # files of the API tree among them, with what stands beside them
    start: float  # milliseconds until it could be asked
    answer: float  # milliseconds until it had answered


@dataclass(frozen=True, slots=True)
class Launch:
    """How a platform calls a function of ours."""

    folder: Path  # the working directory, whose modules come first
    path: tuple[Path, ...]  # further ones
    api: Path  # the API folder within
    module: str
    name: str
    event: Mapping[str, Any]
    environment: Mapping[str, str]


def target_for(function: Function, plan: Plan, pages: Iterable[str]) -> str:
    """A URL that the function answers."""
    known = list(pages)
    endpoints = () if function is plan.site else function.endpoints
    first = url_of(known[0]) if known else "/"
    return next((target for each in endpoints for target in targets(each, plan.prefix, known)), first)


def question_for(function: Function, plan: Plan, pages: Iterable[str]) -> Any:
    return Asker.of_project()("GET", target_for(function, plan, pages))


def start_of(function: str, target: str, launch: Launch) -> Start:
    """Raises `DeployError` with what the function printed, if it cannot be started."""
    with tempfile.TemporaryDirectory(prefix="pagesapi_report_") as temporary:
        own = {
            "PYTHONPATH": os.pathsep.join(map(str, launch.path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": temporary,
            "PATH": os.defpath,
        }
        given = {"module": launch.module, "name": launch.name, "event": launch.event, "api": str(launch.api)}
        done = subprocess.run(  # noqa: S603 - this Python, and what the command wrote
            [sys.executable, "-S", "-s", "-c", PROBE.read_text("utf-8") + CALL, json.dumps(given)],
            cwd=launch.folder,
            env={**launch.environment, **own, "PAGESAPI_FUNCTION": function},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    if done.returncode:
        tail = "\n".join(done.stderr.splitlines()[-TAIL:])
        raise DeployError(f"The function {function} cannot be started:\n{tail}")
    read = json.loads(done.stdout.splitlines()[-1])
    return Start(function=function, target=target, **{**read, "routes": tuple(read["routes"])})


def table(starts: Iterable[Start]) -> Iterator[str]:
    lines = [HEADS, *map(_line, starts)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _line(start: Start) -> tuple[str, ...]:
    milliseconds = (f"{number:,.0f} ms" for number in (start.start, start.answer))
    return (
        start.function,
        start.target,
        str(start.status),
        f"{start.modules:,}",
        f"{len(start.routes):,}",
        *milliseconds,
    )
