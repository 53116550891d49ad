"""`deploy --report`: what a function takes to start."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from pagesapi.deploy.verify.probe import measured
from pagesapi.deploy.verify.report import Launch, start_of, table
from pagesapi.exceptions import DeployError

SOURCE = """
import own_routes.one


def handler(event, context):
    return {"statusCode": 200 if event == {"asked": True} else 500}
"""


@pytest.fixture
def launch(tmp_path: Path) -> Launch:
    (tmp_path / "own_routes").mkdir()
    (tmp_path / "own_routes" / "one.py").write_text("")
    (tmp_path / "own_routes" / "two.py").write_text("")
    (tmp_path / "own_function.py").write_text(SOURCE)
    return Launch(
        folder=tmp_path,
        path=(),
        api=tmp_path / "own_routes",
        module="own_function",
        name="handler",
        event={"asked": True},
        environment={},
    )


def test_a_start_is_told_in_a_table(launch: Launch) -> None:
    start = start_of("api-one", "/api/one", launch)
    assert (start.function, start.target, start.status, start.routes) == ("api-one", "/api/one", 200, ("one.py",))
    assert 0 < start.start <= start.answer
    heads, line = table([start])
    assert heads.split() == ["FUNCTION", "ASKED", "STATUS", "MODULES", "ROUTES", "START", "FIRST", "ANSWER"]
    assert line.split()[:3] == ["api-one", "/api/one", "200"]


def test_a_function_that_cannot_be_started_says_why(launch: Launch) -> None:
    (launch.folder / "own_function.py").write_text("import nothing_of_that_name")
    with pytest.raises(DeployError, match=r"The function api-one cannot be started:(.|\n)*nothing_of_that_name"):
        start_of("api-one", "/", launch)


def test_the_probe_tells_imports_and_times(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(launch.folder)
    found: dict[str, Any] = measured("own_function", "handler", {"asked": True}, str(launch.api))
    for name in ("own_function", "own_routes", "own_routes.one"):
        del sys.modules[name]
    assert (found["status"], found["routes"]) == (200, ["one.py"])
    assert found["modules"] > 0
