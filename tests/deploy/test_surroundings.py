"""What is different in a process that is frozen when it has answered."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from pytest_django import Settings

from pagesapi.conf import conf

OF_PLATFORMS = ("PAGESAPI_FUNCTION", "AWS_LAMBDA_FUNCTION_NAME", "VERCEL_REGION")


@pytest.fixture(autouse=True)
def _project(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BASE_DIR = tmp_path
    settings.PAGESAPI = {}
    for name in OF_PLATFORMS:
        monkeypatch.delenv(name, raising=False)


def test_on_a_server_pages_are_renewed_in_threads_and_kept_in_the_project(tmp_path: Path) -> None:
    assert (conf.function, conf.is_serverless, conf.regenerate) == (None, False, "thread")
    assert (conf.work_dir, conf.store_dir) == (tmp_path / ".pagesapi", tmp_path / ".pagesapi")
    assert conf.output_dir == tmp_path / "out"


@pytest.mark.parametrize("variable", OF_PLATFORMS)
def test_in_a_function_nothing_runs_after_the_answer_and_nothing_is_written_beside_the_code(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "some")
    assert conf.regenerate == "sync"
    assert conf.store_dir == Path(tempfile.gettempdir()) / "pagesapi"


def test_what_the_settings_say_holds_there_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "some")
    settings.PAGESAPI = {"REGENERATE": "thread"}
    assert conf.regenerate == "thread"


def test_a_function_of_ours_has_its_pages_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGESAPI_FUNCTION", "site")
    assert conf.work_dir == tmp_path / "_pagesapi"
    assert conf.output_dir == tmp_path / "_pagesapi" / "out"
