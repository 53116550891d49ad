"""The reloader's part that needs no server; a real `runserver` is in `tests/machinery/test_autoreload.py`."""

from __future__ import annotations

import os
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import autoreload
from django.utils.autoreload import BaseReloader, StatReloader

from pagesapi.autoreload import remember_tree, snapshot, take_up, watch_tree
from pagesapi.testing import assert_static, route_tree


class Reloader(StatReloader):
    """One that tells what it would restart for, and whose steps take no time."""

    def __init__(self) -> None:
        super().__init__()
        self.noticed: list[str] = []

    def tick(self) -> Generator[None, None, None]:
        yield from [None] * 10

    def notify_file_changed(self, path: str | os.PathLike[str]) -> None:
        self.noticed.append(Path(path).name)


def test_an_edited_a_renamed_and_a_deleted_file_are_noticed_once_each() -> None:
    reloader = Reloader()
    with route_tree({"a.py": "", "sub/b.py": "", "_lib/c.py": "", ".git/d.py": ""}) as folder:
        watch_tree(reloader)
        assert "**/*.py" in reloader.directory_globs[folder]
        steps: Any = reloader.tick()
        next(steps)
        (folder / "_lib" / "c.py").rename(folder / "_lib" / "e.py")
        next(steps)
        next(steps)
        assert reloader.noticed == ["c.py"]
        (folder / "a.py").unlink()
        (folder / ".git" / "e.py").touch()
        next(steps)
        next(steps)
        assert reloader.noticed == ["c.py", "a.py"]
        (folder / "sub" / "b.py").write_text("edited = True")
        assert len(list(steps)) == 10 - 5
        assert reloader.noticed == ["c.py", "a.py", "b.py"]


def test_a_new_file_answers_without_a_restart(caplog: pytest.LogCaptureFixture) -> None:
    reloader, client = Reloader(), Client()
    with route_tree({"a.py": ""}) as folder, caplog.at_level("INFO", "django.utils.autoreload"):
        watch_tree(reloader)
        steps: Any = reloader.tick()
        next(steps)
        assert client.get("/api/sub/3").status_code == 404
        assert reverse("pagesapi:a") == "/api/a"
        (folder / "sub").mkdir()
        (folder / "sub" / "[id].py").write_text("def GET(request, id): return id")
        next(steps)
        assert client.get("/api/sub/3").content == b"3"
        assert reverse("pagesapi:sub/[id]", kwargs={"id": 3}) == "/api/sub/3"
        assert "api/sub/[id].py is new, and taken up." in caplog.messages
        assert list(steps)
    assert reloader.noticed == []


def test_what_routes_import_and_what_guards_them_comes_with_a_restart() -> None:
    reloader = Reloader()
    with route_tree({"a.py": "", "_lib/b.py": ""}) as folder:
        watch_tree(reloader)
        steps: Any = reloader.tick()
        next(steps)
        for file in ("_lib/c.py", "_middleware.py"):
            (folder / file).touch()
            next(steps)
        assert list(steps)
    assert reloader.noticed == ["c.py", "_middleware.py"]


def test_a_new_static_endpoint_is_static_at_once(settings: Any) -> None:
    source = "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\ndef GET(request): return 1"
    with route_tree({"a.py": source}) as folder:
        assert_static("/api/a")
        (folder / "b.py").write_text(source)
        assert take_up(folder, [str(folder / "b.py")])
        assert_static("/api/b")


def test_a_server_that_has_failed_is_started_again_for_a_new_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autoreload, "_exception", None)
    monkeypatch.setattr(autoreload, "_error_files", [])
    with route_tree({"a.py": ""}) as folder:
        assert take_up(folder, [])
        with pytest.raises(ImportError):
            autoreload.check_errors(import_module)("a_module_that_is_not_there_yet")
        assert not take_up(folder, [])


def test_for_a_new_file_with_a_name_that_cannot_be_runserver_restarts_and_says_so() -> None:
    reloader = Reloader()
    with route_tree({"a.py": ""}) as folder:
        watch_tree(reloader)
        steps: Any = reloader.tick()
        next(steps)
        (folder / "[id.py").touch()
        assert list(steps)
    assert reloader.noticed == ["[id.py"]


@pytest.mark.parametrize("restarted", ["true", ""])
def test_what_changes_between_the_scan_and_the_first_look_is_noticed(
    restarted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUN_MAIN", restarted)
    reloader = Reloader()
    with route_tree({"a.py": ""}) as folder:
        remember_tree()
        (folder / "a.py").unlink()
        watch_tree(reloader)
        next(iter(reloader.tick()))
    assert reloader.noticed == (["a.py"] if restarted else [])


def test_a_reloader_that_sees_what_comes_and_goes_is_left_alone() -> None:
    reloader = BaseReloader()
    with route_tree({"a.py": ""}) as folder:
        watch_tree(reloader)
        assert folder in reloader.directory_globs
    assert "tick" not in vars(reloader)


def test_settings_that_cannot_be_read_are_left_to_the_checks(settings: Any) -> None:
    reloader = Reloader()
    settings.PAGESAPI = {"API_DIR": 3}
    remember_tree()
    watch_tree(reloader)
    assert not reloader.directory_globs


def test_compiled_files_are_no_change(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.py").touch()
    (tmp_path / "a.txt").touch()
    (tmp_path / "gone.py").symlink_to(tmp_path / "nothing")
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("command", ["runserver", "check"])
def test_runserver_starts_with_a_broken_file_and_check_does_not_pass(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pagesapi.checks.tree import check_routes  # noqa: PLC0415 - checks are imported when apps are ready

    monkeypatch.setattr("sys.argv", ["manage.py", command])
    with route_tree({"a.py": "def handler("}):
        (message,) = check_routes()
    assert message.id == "pagesapi.E020"
    assert message.is_serious() is (command == "check")
