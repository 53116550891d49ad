"""How far a build has come, on a terminal and elsewhere."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management.base import OutputWrapper

from pagesapi.management import progress
from pagesapi.management.progress import progress_to
from pagesapi.pages.building.options import Progress
from tests.pages.building.command import ROOT, TIMEOUT, environment, manage

ANY_COLOR = re.compile(r"\x1b\[[0-9;]*3[0-9;]*m")


def on_a_terminal(base: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Exit status, and all that a terminal was sent."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        manage("prerender", *arguments),
        env={**environment(base, pages="300"), "TERM": "xterm-256color", "COLUMNS": "100", **variables},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux, when the last process has closed the terminal
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    return process.wait(TIMEOUT), b"".join(parts).decode()


def test_a_terminal_has_a_bar_in_colour(tmp_path: Path) -> None:
    status, text = on_a_terminal(tmp_path)
    assert status == 0
    assert "Pages" in text
    assert "━" in text
    assert "305/305" in text
    assert ANY_COLOR.search(text)
    assert "305 pages in" in text


@pytest.mark.parametrize(("argument", "variable"), [("--no-color", ""), ("", "NO_COLOR")])
def test_a_bar_may_be_without_colours(tmp_path: Path, argument: str, variable: str) -> None:
    status, text = on_a_terminal(
        tmp_path,
        *([argument] if argument else []),
        **({variable: "1", "DJANGO_COLORS": "nocolor"} if variable else {}),
    )
    assert status == 0
    assert "305/305" in text
    assert not ANY_COLOR.search(text)


def test_a_quiet_build_has_no_bar(tmp_path: Path) -> None:
    assert on_a_terminal(tmp_path, "--verbosity", "0") == (0, "")
    assert "Pages" not in on_a_terminal(tmp_path, "--json")[1]


def test_failures_are_told_below_the_bar(tmp_path: Path) -> None:
    status, text = on_a_terminal(tmp_path, SAMPLE_BROKEN="7,8")
    assert status == 1
    assert "2 failed" in text
    assert "ValueError: Post 7 is broken." in text


# The functions, where a process of its own would take seconds


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_elsewhere_there_are_plain_lines_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0)
    stream = StringIO()
    with progress_to(OutputWrapper(stream)) as show:
        assert show is not None
        show(Progress(32, None, 0))
        show(Progress(6400, 12345, 1))
    assert stream.getvalue() == "32 pages\n6,400 of 12,345 pages, 1 failed\n"


def test_a_short_build_has_no_lines() -> None:
    stream = StringIO()
    with progress_to(OutputWrapper(stream)) as show:
        assert show is not None
        show(Progress(1, 1, 0))
    assert stream.getvalue() == ""


def test_a_quiet_one_is_told_nothing() -> None:
    with progress_to(OutputWrapper(Terminal()), quiet=True) as show:
        assert show is None


def test_a_bar_shows_pages_and_failures() -> None:
    stream = Terminal()
    with progress_to(OutputWrapper(stream)) as show:
        assert show is not None
        show(Progress(32, None, 0))
        show(Progress(64, 100, 3))
    assert "Pages, 3 failed" in stream.getvalue()
    assert "64/100" in stream.getvalue()


def test_without_rich_there_are_plain_lines_and_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0)
    monkeypatch.setitem(sys.modules, "rich.progress", None)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    stream = Terminal()
    with progress_to(OutputWrapper(stream)) as show:
        assert show is not None
        show(Progress(2, 3, 0))
    assert stream.getvalue() == 'For a progress bar: pip install "pagesapi[progress]"\n2 of 3 pages\n'


def test_an_error_ends_the_bar() -> None:
    with pytest.raises(KeyError), progress_to(OutputWrapper(Terminal())):
        raise KeyError
