"""Worker processes: the same site as by one; lazily fed; and what becomes of a build whose worker ends."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pagesapi.exceptions import PrerenderError
from pagesapi.pages import iter_pages, static_page
from pagesapi.pages.building import pool
from pagesapi.pages.building.interruption import uninterrupted
from pagesapi.pages.building.maker import Maker
from pagesapi.pages.building.options import Progress
from tests.pages.building.command import run
from tests.pages.building.project import Project, files_in, listed_pages, stamps, text_page

SPAWNING = "tests.pages.building.sample.spawning"


def test_all_processors_are_used_by_default(project: Project) -> None:
    def view(request: HttpRequest, key: int) -> HttpResponse:
        return HttpResponse(str(os.getpid()))

    project.urls(listed_pages("p/<int:key>/", range(300), view))
    project.built(workers=None)
    used = {file.read_text() for file in (project.out / "p").rglob("index.html")}
    assert 1 <= len(used) <= pool.processors()
    assert pool.processors() == 1 or str(os.getpid()) not in used


def test_one_worker_is_this_process(project: Project) -> None:
    project.urls(path("", static_page(lambda request: HttpResponse(str(os.getpid())))))
    project.built(workers=1)
    assert project.text("index.html") == str(os.getpid())


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, 65, 200])
def test_any_number_of_pages_by_any_number_of_workers(project: Project, count: int) -> None:
    project.urls(listed_pages("p/<int:key>/", range(count)))
    for workers in (2, 5):
        report = project.built(workers=workers)
        assert report.pages == count
        assert project.names == {f"p/{key}/index.html" for key in range(count)}


def test_progress_is_told(project: Project) -> None:
    for workers in (1, 2):
        told: list[Progress] = []
        project.urls(listed_pages("p/<int:key>/", range(100)))
        project.built(workers=workers, progress=told.append)
        assert [step.done for step in told] == sorted(step.done for step in told)
        assert told[-1] == Progress(100, 100, 0)
        assert told[0].total in (None, 100)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_list_is_read_no_further_than_there_is_work(project: Project, workers: int) -> None:
    """So a list of any length is never in memory."""
    listed, ahead = 0, []

    def keys() -> Iterator[int]:
        nonlocal listed
        for key in range(2000):
            listed += 1
            yield key

    def look(progress: Progress) -> None:
        ahead.append(listed - progress.done)

    project.urls(listed_pages("p/<int:key>/", keys))
    project.built(workers=workers, progress=look)
    assert max(ahead) <= pool.BATCH * (pool.IN_FLIGHT * workers + 1)


def test_a_million_paths_of_which_none_is_wanted_are_passed_over(project: Project) -> None:
    project.urls(text_page("", "Home"), listed_pages("p/<int:key>/", lambda: range(1_000_000)))
    assert project.built(only=["/"]).pages == 1
    pages = iter_pages()
    assert [next(pages).path for _ in range(3)] == ["/", "/p/0/", "/p/1/"]


# Workers that end


def ends(project: Project, worker_ends: str, workers: int = 2) -> None:
    project.built()
    before = stamps(project.base)

    def view(request: HttpRequest, key: int) -> HttpResponse:
        if key == 40:
            os.kill(os.getpid(), signal.SIGKILL)
        return HttpResponse("Page")

    def keys() -> Iterator[int]:
        yield from range(32)
        if worker_ends == "idle":
            for child in multiprocessing.active_children():
                os.kill(child.pid or 0, signal.SIGKILL)
                child.join()
        yield from range(32, 500)

    project.urls(listed_pages("p/<int:key>/", keys, view))
    with pytest.raises(PrerenderError, match=r"worker process was ended from outside; is there enough memory\?"):
        project.build(workers=workers)
    after = {name: stamp for name, stamp in stamps(project.base).items() if "/locks/" not in name}
    assert after == {name: stamp for name, stamp in before.items() if "/locks/" not in name}
    assert project.left_over == set()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("worker_ends", ["busy", "idle"])
def test_a_worker_that_is_killed_ends_the_build_and_the_old_site_stands(project: Project, worker_ends: str) -> None:
    ends(project, worker_ends)
    project.urls(text_page("", "Next"))
    project.built(workers=2)


def test_where_no_processes_may_be_started_there_is_one_worker(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a worker of a task queue, say."""
    monkeypatch.setitem(vars(multiprocessing.current_process())["_config"], "daemon", True)
    with pytest.raises(PrerenderError, match="use workers=1"):
        project.build(workers=2)
    assert project.left_over == set()
    project.built(workers=1)


@pytest.mark.django_db
def test_in_a_transaction_there_is_one_worker(project: Project) -> None:
    """Other processes would not see what it has written."""
    with pytest.raises(PrerenderError, match="workers=1"):
        project.build(workers=2)
    project.built(workers=1)


def test_workers_have_ended_when_the_build_has(project: Project) -> None:
    project.urls(listed_pages("p/<int:key>/", range(100)))
    project.built(workers=2)
    assert multiprocessing.active_children() == []


def test_objects_that_the_process_has_frozen_stay_so(project: Project) -> None:
    """A server does so before it forks; the garbage collector is its own."""
    project.built(workers=2)
    assert gc.get_freeze_count() == 0
    gc.freeze()
    try:
        project.built(workers=2)
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_a_worker_that_starts_slowly_is_not_waited_for(tmp_path: Path) -> None:
    """It is told to end before it has begun: at a moment when Python throws away what a signal's handler raises."""
    assert run(tmp_path, "prerender", "--workers", "2", slow_worker="1").returncode == 0


def test_long_paths_and_large_answers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """Neither what is sent to a worker nor what comes back fits into a pipe."""
    assert run(tmp_path, "prerender", "--workers", "2", long="200").returncode == 0


@pytest.mark.parametrize("what", ["marks", "maker"])
def test_what_a_worker_cannot_do_at_all_ends_the_build(
    project: Project, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Say the store fails in the middle."""

    def fail(*args: object) -> None:
        raise LookupError("The store is gone.")

    monkeypatch.setattr(Maker, "_tokens" if what == "marks" else "__init__", fail)
    with pytest.raises(PrerenderError, match=r"LookupError: The store is gone\."):
        project.build(workers=2)
    assert project.left_over == set()


@contextmanager
def unchanged() -> Iterator[None]:
    """A worker has handlers of signals and limits of its own."""
    handlers = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    threshold = gc.get_threshold()
    try:
        yield
    finally:
        for number, handler in handlers:
            signal.signal(number, handler)
        gc.set_threshold(*threshold)


def answers(start: Callable[[], Any], *batches: object) -> list[Any]:
    """Of a worker in this process: Python sees nothing of what is run in others."""
    found = []
    ours, theirs = multiprocessing.Pipe()
    spare, inherited = multiprocessing.Pipe()

    def ask() -> None:
        with ours:
            for batch in batches:
                ours.send(batch)
                found.append(ours.recv())

    asking = threading.Thread(target=ask)
    asking.start()
    with theirs, spare, unchanged():
        pool._serve(theirs, [inherited], start)
        asking.join()
    assert inherited.closed
    return found


def test_a_worker_answers_batches_until_its_pipe_ends() -> None:
    assert answers(lambda: lambda orders: orders * 2, "a", "b") == ["aa", "bb"]


@pytest.mark.parametrize("error", [LookupError("gone"), PrerenderError("LookupError: gone")])
def test_a_worker_says_what_ended_it(error: Exception) -> None:
    def start() -> pool.Work:
        raise error

    (answer,) = answers(start, "a")
    assert isinstance(answer, PrerenderError)
    assert str(answer) == "LookupError: gone"


def test_a_worker_that_ended_after_an_answer_has_ended() -> None:
    ours, theirs = multiprocessing.Pipe()
    theirs.send([])
    theirs.close()
    with ours, pytest.raises(PrerenderError, match="ended from outside"):
        pool._send(ours, b"orders")


def test_a_worker_that_is_another_process_sets_django_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "apps", SimpleNamespace(ready=False))
    assert answers(lambda: lambda orders: apps.ready, "a") == [True]


# Systems that cannot fork


def test_spawned_workers_build_the_same_site(tmp_path: Path) -> None:
    forked, spawned = tmp_path / "forked", tmp_path / "spawned"
    for folder in (forked, spawned):
        folder.mkdir()
    assert run(forked, "prerender", "--workers", "2", pages="70").returncode == 0
    result = run(spawned, "prerender", "--workers", "2", program=SPAWNING, pages="70")
    assert (result.returncode, result.stderr) == (0, "")
    assert files_in(spawned / "out") == files_in(forked / "out")


def test_a_page_that_fails_in_a_spawned_worker_is_listed(tmp_path: Path) -> None:
    result = run(tmp_path, "prerender", "--workers", "2", program=SPAWNING, broken="2")
    assert result.returncode == 1
    assert "/posts/2/" in result.stderr
    assert "ValueError: Post 2 is broken." in result.stderr


def test_without_affinity_the_processors_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "os", SimpleNamespace(cpu_count=lambda: 7))
    assert pool.processors() == 7
    monkeypatch.setattr(pool, "os", SimpleNamespace(cpu_count=lambda: None))
    assert pool.processors() == 1


def test_in_a_thread_there_is_nothing_to_hold() -> None:
    """Signals are the main thread's."""
    done = []

    def work() -> None:
        with uninterrupted():
            done.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [before]


def test_signals_that_come_too_late_are_let_go() -> None:
    with uninterrupted(to_the_end=True):
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_handlers_that_are_not_pythons_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say those of the server that runs Python; Python knows nothing of them."""
    given: dict[int, object] = {}

    def set_handler(number: int, handler: object) -> object:
        if handler is None:
            raise TypeError("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
        given[number], before = handler, given.get(number)
        return before

    monkeypatch.setattr(signal, "signal", set_handler)
    monkeypatch.setattr(signal, "getsignal", given.get)
    with uninterrupted(to_the_end=True):
        pass


def test_signals_that_are_held_come_in_the_end() -> None:
    held = []

    def interrupt() -> None:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            held.append(True)

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert held
