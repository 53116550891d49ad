"""A small project, written for Vercel once, and its functions in Vercel's own runtime, each process started once."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from pagesapi.deploy.verify.vercel_process import VercelProcess
from pagesapi.deploy.verify.vercel_site import VercelSite
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.plan import Interface, Plan, make_plan
from tests.deploy.vercel.vercel_project import write_project

ENVIRONMENT = {"SECRET_KEY": "known-to-the-platform-and-to-nobody-else"}
SETTINGS = "vercel_site_settings"
PYTHON = "{}.{}".format(*sys.version_info)


@dataclass(frozen=True)
class Deployed:
    folder: Path
    plan: Plan
    notes: tuple[str, ...]

    def function(self, name: str) -> Path:
        return self.folder / "functions" / "_pagesapi" / f"{name}.func"


@pytest.fixture(scope="session")
def needs_runtime() -> None:
    if sys.version_info < (3, 12):
        pytest.skip("Vercel's Python runtime needs Python 3.12 or newer.")


@contextmanager
def small_project(folder: Path) -> Iterator[None]:
    """This process is that project's, as far as its settings say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("DJANGO_SETTINGS_MODULE", SETTINGS)
        patch.setenv("SECRET_KEY", ENVIRONMENT["SECRET_KEY"])
        module = importlib.import_module(SETTINGS)
        named: dict[str, Any] = {name: value for name, value in vars(module).items() if name.isupper()}
        del named["DATABASES"]  # Django warns of other ones; none is asked
        named["BASE_DIR"] = folder
        named["STATICFILES_DIRS"] = [folder / "assets"]
        with override_settings(**named):
            yield


def deploy(project: Path, target: Path, interface: Interface, *, per_route: bool) -> Deployed:
    from pagesapi.deploy.writing.vercel import write_vercel  # noqa: PLC0415 - needs Python 3.12

    with small_project(project):
        plan = replace(make_plan(per_route=per_route, interface=interface, python=PYTHON), settings=SETTINGS)
        written = write_vercel(Order(target=target, base=project), plan)
    return Deployed(target, plan, written.notes)


@pytest.fixture(scope="session")
def project(needs_runtime: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def grouped(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """One function, over ASGI."""
    return deploy(project, tmp_path_factory.mktemp("grouped") / "output", "asgi", per_route=False)


@pytest.fixture(scope="session")
def per_route(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """A function a route, over WSGI."""
    return deploy(project, tmp_path_factory.mktemp("per-route") / "output", "wsgi", per_route=True)


@pytest.fixture(scope="session")
def grouped_site(grouped: Deployed) -> Iterator[VercelSite]:
    yield from running_site(grouped)


@pytest.fixture(scope="session")
def per_route_site(per_route: Deployed) -> Iterator[VercelSite]:
    yield from running_site(per_route)


def running_site(deployed: Deployed) -> Iterator[VercelSite]:
    site = VercelSite(deployed.folder, ENVIRONMENT)
    yield site
    assert all(process.is_alive for process in site.processes.values())
    site.close()


@pytest.fixture(params=["asgi", "wsgi"])
def site(request: pytest.FixtureRequest) -> VercelSite:
    """What was written, behind Vercel's routing: one function, and one a route."""
    name = {"asgi": "grouped_site", "wsgi": "per_route_site"}[request.param]
    found: VercelSite = request.getfixturevalue(name)
    found.kept.clear()  # as it was deployed
    return found


@pytest.fixture
def process(site: VercelSite) -> VercelProcess:
    """The function of the whole project, without the routing before it."""
    return site.process("_pagesapi/site")
