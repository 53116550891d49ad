"""Ctrl-C, SIGTERM and a full disk: the build ends, says so, clears up, and the old site stands."""

from __future__ import annotations

import errno
import os
import re
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pagesapi.exceptions import PrerenderError
from pagesapi.pages import static_page
from pagesapi.pages.building import maker
from tests.pages.building.command import ROOT, TIMEOUT, environment, manage, run
from tests.pages.building.mounts import mounted, need_mounts
from tests.pages.building.project import Project, names_in, stamps, text_page

STANDS = "The site that was there before still stands."


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """What a page writes to when it has been reached, and then waits."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    return pipe


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """With a site that was built before."""
    base = tmp_path / "project"
    base.mkdir()
    assert run(base, "prerender", pages="40").returncode == 0
    return base


def state(base: Path) -> dict[str, tuple[int, int]]:
    return {name: stamp for name, stamp in stamps(base).items() if "/locks/" not in name}


def stopped(base: Path, pipe: Path, number: signal.Signals, workers: int, *, group: bool) -> tuple[int, str]:
    process = subprocess.Popen(
        manage("prerender", "--workers", str(workers)),
        env=environment(base, pages="40", text="two", stop="30", pipe=str(pipe)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with pipe.open() as reached:
        worker = int(reached.read())
    assert (worker == process.pid) == (workers == 1)
    if group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    output, _ = process.communicate(timeout=TIMEOUT)
    with pytest.raises(ProcessLookupError):  # no process is left
        os.killpg(process.pid, 0)
    return process.returncode, output


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_a_build(base: Path, pipe: Path, workers: int) -> None:
    """A terminal sends it to all processes of the group."""
    before = state(base)
    assert stopped(base, pipe, signal.SIGINT, workers, group=True) == (130, f"Stopped. {STANDS}\n")
    assert state(base) == before
    assert names_in(base) == {"out", ".pagesapi"}


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_ends_a_build(base: Path, pipe: Path, workers: int) -> None:
    """As a supervisor or a container's end sends it, to one process."""
    before = state(base)
    status, output = stopped(base, pipe, signal.SIGTERM, workers, group=False)
    assert status in (130, 143)
    assert output == f"Stopped. {STANDS}\n"
    assert state(base) == before
    assert names_in(base) == {"out", ".pagesapi"}


def test_the_next_build_succeeds(base: Path, pipe: Path) -> None:
    stopped(base, pipe, signal.SIGINT, 2, group=True)
    assert run(base, "prerender", pages="40", text="three").returncode == 0
    assert b"three" in (base / "out" / "index.html").read_bytes()


def test_ctrl_c_after_the_exchange_leaves_the_new_site_with_its_list(base: Path) -> None:
    result = run(base, "prerender", program="tests.pages.building.sample.interrupted", pages="40", text="two")
    assert b"two" in (base / "out" / "index.html").read_bytes()
    assert STANDS not in result.stderr
    assert names_in(base) == {"out", ".pagesapi"}
    kept = run(base, "prerender", "--only", "/", pages="40", text="two")
    assert kept.returncode == 0, kept.stderr
    assert (base / "out" / "posts" / "40" / "index.html").exists()


def test_an_interruption_is_told_in_a_line(project: Project) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise KeyboardInterrupt

    project.urls(path("", static_page(view)))
    told = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("prerender", workers=1, stderr=told, no_color=True)
    assert end.value.code == 130
    assert told.getvalue() == f"Stopped. {STANDS}\n"
    assert project.left_over == set()


# A disk that is full


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own, on which a site stands."""
    need_mounts()
    folder = tmp_path / "disk"
    folder.mkdir()
    with mounted(folder, "1m"):
        base = folder / "project"
        base.mkdir()
        assert run(base, "prerender", pages="10").returncode == 0
        yield base


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_full_disk_fails_the_build_and_the_old_site_stands(disk: Path, workers: str) -> None:
    before = state(disk)
    result = run(disk, "prerender", "--workers", workers, pages="500", text="two")
    assert result.returncode == 1
    assert "No space left on device" in result.stderr
    assert "Traceback" not in result.stderr
    assert state(disk) == before
    assert names_in(disk) == {"out", ".pagesapi"}
    assert run(disk, "prerender", pages="10", text="two").returncode == 0


def test_a_disk_that_is_full_at_any_moment_leaves_a_whole_site(project: Project, tmp_path: Path) -> None:
    """From one page of memory on that is free to as many as a build takes."""
    need_mounts()
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "1m"):
        project.move(disk / "project")
        project.urls(*(text_page(f"{name}/", "one") for name in "abc"))
        project.built()
        old = state(project.base)
        project.urls(*(text_page(f"{name}/", "two") for name in "abc"))
        for free in range(1, 100):
            with filled(disk, free):
                error = failed(project)
            if error is None:
                break
            assert re.search("No space left on device|disk is full", error)
            assert state(project.base) == old
            assert project.left_over == set()
        assert free > 5
        assert project.text("a/index.html") == "two"


def failed(project: Project) -> str | None:
    try:
        project.built()
    except PrerenderError as error:
        return str(error)
    return None


@contextmanager
def filled(disk: Path, free: int) -> Iterator[None]:
    file = disk / "filler"
    rest = os.statvfs(disk).f_bavail - free
    file.write_bytes(b"x" * resource.getpagesize() * rest)
    try:
        yield
    finally:
        file.unlink()


@pytest.mark.parametrize(("number", "is_last"), [(errno.ENOSPC, True), (errno.EACCES, False)])
def test_an_error_that_all_pages_would_have_ends_the_build(
    project: Project, monkeypatch: pytest.MonkeyPatch, number: int, is_last: bool
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    project.urls(text_page("a/", "A"), text_page("b/", "B"))
    monkeypatch.setattr(maker, "write_new", refuse)
    if is_last:
        with pytest.raises(PrerenderError, match="cannot be written: No space left on device"):
            project.build()
    else:
        assert [failure.path for failure in project.build().failures] == ["/a/", "/b/"]
    assert project.left_over == set()


def test_a_file_that_may_not_be_so_large_is_a_failure(base: Path) -> None:
    """A limit of the process, which every user can set."""
    before = state(base)
    result = subprocess.run(
        manage("prerender", "--workers", "1"),
        env=environment(base, pages="40", text="x" * 100_000),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000)),
    )
    assert result.returncode == 1
    assert "File too large" in result.stderr
    assert state(base) == before
