"""What is told of a folder that Vercel would not take."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pagesapi.deploy.verify.vercel_lint import PACKAGE, lint
from tests.deploy.vercel.conftest import Deployed

Change = Callable[[Path], object]
INSTALLED = os.environ.get("PAGESAPI_TEST_NODE_MODULES", "")  # where @vercel/routing-utils is installed
CONFIG = {"version": 3, "routes": [{"src": "^/.*$", "dest": "/_pagesapi/site"}], "overrides": {}}
FUNCTION = {"runtime": "python3.13", "handler": "start.vc_handler", "architecture": "x86_64", "environment": {}}
SITE = "functions/_pagesapi/site.func"
PAGE = "functions/_pagesapi/slash/a.html"
PRERENDER = {"expiration": 60, "fallback": "a.html.prerender-fallback.html", "initialHeaders": {}}


def put(folder: Path, name: str, content: Any = "") -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The smallest that there is nothing to be said of."""
    folder = tmp_path / "output"
    put(folder, "config.json", CONFIG)
    put(folder, f"{SITE}/.vc-config.json", FUNCTION)
    put(folder, f"{SITE}/start.py")
    put(folder, f"{PAGE}.prerender-config.json", PRERENDER)
    put(folder, f"{PAGE}.prerender-fallback.html")
    (folder / f"{PAGE}.func").symlink_to("../site.func")
    return folder


def link(folder: Path, name: str, target: str) -> None:
    (folder / name).symlink_to(target)


def test_nothing_is_wrong_with_what_is_written(grouped: Deployed, per_route: Deployed, tmp_path: Path) -> None:
    assert lint(grouped.folder, tmp_path).problems == []
    assert lint(per_route.folder, tmp_path).problems == []


def test_nothing_is_wrong_with_the_smallest_folder(folder: Path, tmp_path: Path) -> None:
    assert lint(folder, tmp_path).problems == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda folder: (folder / "config.json").unlink(), "config.json cannot be read"),
        (lambda folder: put(folder, "config.json", "[]"), "config.json cannot be read"),
        (lambda folder: put(folder, "config.json", {**CONFIG, "version": 2}), "version is 2, not 3"),
        (lambda folder: put(folder, "config.json", {**CONFIG, "route": []}), "'route' is unknown"),
        (lambda folder: put(folder, "config.json", {**CONFIG, "routes": CONFIG["routes"] * 2049}), "2,049 routes"),  # type: ignore[operator]
        (lambda folder: put(folder, "config.json", {**CONFIG, "routes": [{"src": "/", "dest": "/x"}]}), "leads to /x"),
        (
            lambda folder: put(folder, "config.json", {**CONFIG, "overrides": {"a.html": {}}}),
            "there is no static/a.html",
        ),
        (lambda folder: (folder / f"{SITE}/.vc-config.json").unlink(), ".vc-config.json cannot be read"),
        (lambda folder: (folder / f"{SITE}/start.py").unlink(), "there is no start.py"),
        (lambda folder: put(folder, f"{SITE}/.vc-config.json", {**FUNCTION, "runtime": "python3.9"}), "python3.9"),
        (lambda folder: put(folder, f"{SITE}/.vc-config.json", {**FUNCTION, "handler": "start"}), "not module.name"),
        (lambda folder: put(folder, f"{SITE}/.vc-config.json", {**FUNCTION, "architecture": "mips"}), "is 'mips'"),
        (lambda folder: put(folder, f"{SITE}/.vc-config.json", {**FUNCTION, "memory": 64}), "memory is 64"),
        (
            lambda folder: put(folder, f"{SITE}/.vc-config.json", {**FUNCTION, "maxDuration": "9"}),
            "maxDuration is '9'",
        ),
        (lambda folder: put(folder, f"{SITE}/.vc-config.json", {**FUNCTION, "environment": {"A": 1}}), "no text"),
        (
            lambda folder: put(folder, f"{SITE}/a/_x.cpython-312-x86_64-linux-gnu.so"),
            "was not compiled for cpython-313",
        ),
        (lambda folder: put(folder, f"{SITE}/_x.cpython-313-aarch64-linux-gnu.so"), "was not compiled for"),
        (lambda folder: put(folder, f"{SITE}/_x.cpython-313-darwin.so"), "was not compiled for"),
        (lambda folder: put(folder, f"{SITE}/_x.pyd"), "was not compiled for"),
        (lambda folder: link(folder, f"{SITE}/x.py", "start.py"), "x.py is a link"),
        (lambda folder: link(folder, "functions/x.html", f"../{PAGE}.prerender-fallback.html"), "cannot follow"),
        (lambda folder: link(folder, "functions/x.func", "/"), "cannot follow"),
        (lambda folder: put(folder, f"{PAGE}.prerender-config.json", "{"), "cannot be read"),
        (lambda folder: put(folder, f"{PAGE}.prerender-config.json", {**PRERENDER, "expires": 1}), "expires is 1"),
        (lambda folder: put(folder, f"{PAGE}.prerender-config.json", {**PRERENDER, "expiration": 0}), "nor false"),
        (lambda folder: put(folder, f"{PAGE}.prerender-config.json", {**PRERENDER, "fallback": "b"}), "there is no b"),
        (
            lambda folder: put(
                folder, f"{PAGE}.prerender-config.json", {**PRERENDER, "initialHeaders": {"Set-Cookie": "a=b"}}
            ),
            "the header Set-Cookie",
        ),
    ],
)
def test_what_is_wrong_is_named(folder: Path, tmp_path: Path, change: Change, problem: str) -> None:
    change(folder)
    problems = lint(folder, tmp_path).problems
    assert any(problem in each for each in problems), problems


@pytest.mark.parametrize(
    "name",
    [
        "_core.cpython-313-x86_64-linux-gnu.so",
        "_rust.abi3.so",
        "libffi-1.so",
        "module.so",
    ],
)
def test_what_was_compiled_for_it_is_taken(folder: Path, tmp_path: Path, name: str) -> None:
    put(folder, f"{SITE}/{name}")
    assert lint(folder, tmp_path).problems == []


# Vercel's own program


def test_without_node_the_note_says_so(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = lint(folder, tmp_path)
    assert found.problems == []
    assert "there is no node" in found.notes[0]


@pytest.fixture
def node(tmp_path: Path) -> Path:
    if shutil.which("node") is None:
        pytest.skip("node is not installed.")
    return tmp_path


def test_without_the_package_the_note_says_how_to_install_it(folder: Path, node: Path) -> None:
    (note,) = lint(folder, node).notes
    assert note.endswith("npm install --no-save @vercel/routing-utils")


def test_a_package_that_cannot_be_run_is_a_note(folder: Path, node: Path) -> None:
    (node / PACKAGE).mkdir(parents=True)
    (note,) = lint(folder, node).notes
    assert "was not checked" in note


@pytest.fixture
def installed(node: Path) -> Path:
    if not INSTALLED:
        pytest.skip("PAGESAPI_TEST_NODE_MODULES names no folder with @vercel/routing-utils.")
    return Path(INSTALLED)


def test_vercels_own_program_has_nothing_to_say(grouped: Deployed, per_route: Deployed, installed: Path) -> None:
    for deployed in (grouped, per_route):
        found = lint(deployed.folder, installed / "deeper")
        assert (found.problems, found.notes) == ([], [])


@pytest.mark.parametrize(
    ("route", "problem"),
    [
        ({"src": "^/(", "dest": "/_pagesapi/site"}, "invalid `src`"),
        ({"src": "^/.*$", "dest": "/_pagesapi/site", "method": "GET"}, "should NOT have additional properties"),
        ({"handle": "nothing"}, "unknown handle value"),
    ],
)
def test_vercels_own_program_names_what_is_wrong(
    folder: Path, installed: Path, route: dict[str, Any], problem: str
) -> None:
    put(folder, "config.json", {**CONFIG, "routes": [route]})
    problems = lint(folder, installed).problems
    assert any(problem in each for each in problems), problems
