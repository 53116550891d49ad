"""Functions that run in Lambda's own runtime client, each process started once for all tests that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pagesapi.deploy.verify.lambda_runtime import LambdaRuntime
from pagesapi.deploy.writing.requirements import Requirements
from tests.deploy.aws.lambda_doors import DOORS, Door
from tests.deploy.aws.lambda_project import write_project

HANDLER = "pagesapi_function.handler"
Start = Callable[..., LambdaRuntime]


@pytest.fixture(scope="session")
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a function's `requirements.txt` would install, and this package."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "requirements.txt").write_text("pagesapi\n")
    target = tmp_path_factory.mktemp("dependencies")
    Requirements.of_project(folder, ("aws-function",)).vendor(target)
    return target


@pytest.fixture(scope="session", params=["wsgi", "asgi"])
def runtime(
    request: pytest.FixtureRequest, dependencies: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LambdaRuntime]:
    """A function of the small project, behind WSGI and behind ASGI."""
    folder = write_project(tmp_path_factory.mktemp(f"function-{request.param}"), request.param)
    with LambdaRuntime(folder, HANDLER, {}, dependencies) as running:
        yield running
        assert running.is_alive, running.log


@pytest.fixture(params=DOORS, ids=lambda door: door.name)
def door(request: pytest.FixtureRequest) -> Door:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """start("def handler(event, context): return event") → the function's process, which has nothing to import."""
    started: list[LambdaRuntime] = []

    def start_function(source: str, handler: str = HANDLER, **environment: str) -> LambdaRuntime:
        for name in ("function", "dependencies"):
            (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / "function" / "pagesapi_function.py").write_text(source, "utf-8")
        started.append(LambdaRuntime(tmp_path / "function", handler, environment, tmp_path / "dependencies"))
        return started[-1]

    yield start_function
    for running in started:
        running.close()
