"""SIGKILL at any moment of a build: a complete old or new site stands, and the next build clears up."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pagesapi.pages.build import read_build
from tests.pages.building.command import ROOT, environment, manage
from tests.pages.building.project import Project, files_in, names_in

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks")
MOMENTS = 50


class Driver:
    """`sample/driver.py`, running."""

    def __init__(self, base: Path, pages: int) -> None:
        self.base = base
        self.process = subprocess.Popen(
            manage(program="tests.pages.building.sample.driver"),
            env=environment(base, pages=str(pages)),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def build(self, text: str, **order: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"text": text, **order}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def built(self, text: str, **order: Any) -> dict[str, Any]:
        answer = self.build(text, **order)
        assert answer["status"] == 0
        return answer

    @property
    def site(self) -> dict[str, bytes]:
        return files_in(self.base / "out")

    @property
    def left_over(self) -> set[str]:
        return names_in(self.base) - {"out", ".pagesapi"}

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@pytest.fixture
def driver(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Driver]:
    driver = Driver(tmp_path, request.param)
    yield driver
    driver.end()


@pytest.mark.parametrize("driver", [60], indirect=True)
@pytest.mark.parametrize("renames", [False, True])
def test_a_kill_at_any_moment_leaves_a_complete_site(driver: Driver, renames: bool) -> None:
    order = {"workers": 2, "renames": renames}
    driver.built("two", **order)
    sites = {"two": driver.site}
    seconds = driver.built("one", **order)["seconds"]
    sites["one"] = driver.site
    assert sites["one"].keys() == sites["two"].keys()
    killed, stands = 0, "one"
    for _ in range(MOMENTS // 2):
        wanted = "two" if stands == "one" else "one"
        delay = random.uniform(0, seconds)
        answer = driver.build(wanted, delay=delay, **order)
        killed += answer["status"] == signal.SIGKILL
        if renames and not (driver.base / "out").exists():  # the moment between the two
            driver.built(wanted, **order)
        found = driver.site
        assert found in (sites["one"], sites["two"]), f"after {delay} s: {sorted(found)}"
        stands = next(text for text, site in sites.items() if site == found)
    driver.built("one", **order)
    assert driver.site == sites["one"]
    assert driver.left_over == set()
    assert names_in(driver.base / ".pagesapi") <= {"build.json", "builds", "locks", "store"}
    assert len(names_in(driver.base / ".pagesapi" / "builds")) <= 3
    assert killed > 0


@pytest.mark.parametrize("driver", [2], indirect=True)
@pytest.mark.parametrize("renames", [False, True])
def test_a_kill_at_each_step_of_the_exchange_is_finished_or_undone(
    driver: Driver, project: Project, renames: bool
) -> None:
    """By the next build, whatever becomes of that."""
    sites = {}
    for text in ("two", "one"):
        steps = driver.built(text, renames=renames)["steps"]
        sites[text] = driver.site
    first = next(number for number, step in enumerate(steps, 1) if step.startswith("open build.journal"))
    assert ("os.rename out" in steps) == renames
    found = []
    clearing = next(number for number, step in enumerate(steps, 1) if number > first and "rmtree" in step)
    for step in (*range(first, clearing + 3), len(steps) - 1, len(steps)):
        assert driver.build("two", renames=renames, step=step)["status"] == signal.SIGKILL
        assert renames or driver.site in sites.values()
        project.build(check=True)
        found.append(next(text for text, site in sites.items() if driver.site == site))
        assert driver.left_over == set()
        assert not (project.work / "build.journal").exists()
        is_of_one_build(project)
        driver.built("one", renames=renames)
    assert found == sorted(found)  # the old one, and from some step on the new one
    assert set(found) == {"one", "two"}


def is_of_one_build(project: Project) -> None:
    """The live site knows which build stands, and has its pages."""
    build = read_build()
    assert build.manifest is not None
    for page in build.manifest.pages():
        assert build.get(page.path) is not None
    build.manifest.close()
