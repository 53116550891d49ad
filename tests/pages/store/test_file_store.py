"""What a `FileStore` promises of files: whole versions, whoever writes, reads or is killed; old builds go."""

from __future__ import annotations

import shutil
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_django import Settings

from pagesapi.pages.store import FileStore
from pagesapi.pages.store.file import BUILDS_KEPT
from tests.pages.store.backends import Files
from tests.pages.store.elsewhere import Elsewhere, is_torn, whole_version
from tests.pages.store.entries import entry, missing, tick

BUILD = "build"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "pages")


def test_without_a_location_it_is_beside_the_project(settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    FileStore().put(BUILD, entry("/a/"))
    assert [item.name for item in tmp_path.iterdir()] == [".pagesapi"]
    assert FileStore(LOCATION=tmp_path / ".pagesapi").get(BUILD, "/a/") is not None


@pytest.mark.parametrize("listed", [True, False])
def test_threads_that_write_and_read_see_whole_versions(files: Files, listed: bool) -> None:
    store = files.store()
    store.put(BUILD, entry("/a/", whole_version(0), listed=listed))
    torn, written = [], threading.Event()

    def write(first: int) -> None:
        for version in range(first, first + 15):
            store.put(BUILD, entry("/a/", whole_version(version), listed=listed))

    def read() -> None:
        while not written.is_set():
            torn.append(is_torn(files.store().get(BUILD, "/a/")))

    readers = [threading.Thread(target=read) for _ in range(3)]
    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 50, 100)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    written.set()
    for thread in readers:
        thread.join()
    assert torn.count(True) == 0
    assert torn


@pytest.mark.parametrize("listed", [True, False])
def test_processes_that_write_and_read_see_whole_versions(files: Files, listed: bool) -> None:
    files.store().put(BUILD, entry("/a/", whole_version(0), listed=listed))
    with ExitStack() as stack:
        writers = [stack.enter_context(Elsewhere(files)) for _ in range(2)]
        reader = stack.enter_context(Elsewhere(files))
        for writer in writers:
            writer.ask("put_versions", BUILD, "/a/", 20, listed)
        assert reader.call("torn_reads", BUILD, "/a/", 200) == 0
        for writer in writers:
            writer.answer()
    assert not is_torn(files.store().get(BUILD, "/a/"))


def test_a_process_killed_between_its_writes_leaves_the_old_version(files: Files) -> None:
    store = files.store()
    store.put(BUILD, entry("/a/", b"old", listed=True))
    with Elsewhere(files) as other:
        assert other.call("put_and_stop_before_the_exchange", BUILD, "/a/") == "standing"
        other.kill()
    found = store.get(BUILD, "/a/")
    assert found is not None
    assert found.body == b"old"
    store.put(BUILD, entry("/a/", b"new", listed=True))
    found = store.get(BUILD, "/a/")
    assert found is not None
    assert found.body == b"new"


def test_a_process_killed_at_any_moment_leaves_a_whole_version(files: Files) -> None:
    store = files.store()
    store.put(BUILD, entry("/a/", whole_version(0)))
    for _ in range(5):
        with Elsewhere(files) as other:
            other.ask("put_versions", BUILD, "/a/", 10_000, False)
            seen = store.get(BUILD, "/a/")
            while store.get(BUILD, "/a/") == seen:
                pass
            other.kill()
        assert not is_torn(store.get(BUILD, "/a/"))
        store.put(BUILD, entry("/a/", whole_version(0)))  # nobody holds the lock of its shard


def test_builds_of_long_ago_are_removed_and_the_last_ones_kept(files: Files, tmp_path: Path) -> None:
    builds = [f"build {number}" for number in range(BUILDS_KEPT + 3)]
    for build in builds:
        tick(tmp_path)
        store = files.store()
        for made in (entry("/a/"), entry("/b/", listed=True), missing("/c/")):
            store.put(build, made)
    last = files.store()
    for path in ("/a/", "/b/", "/c/"):
        assert [build for build in builds if last.get(build, path) is not None] == builds[3:]


def test_a_rollback_finds_its_pages_and_is_not_the_oldest_then(files: Files, tmp_path: Path) -> None:
    def put(build: str, path: str) -> None:
        tick(tmp_path)
        files.store().put(build, entry(path))

    for number in range(BUILDS_KEPT):
        put(f"build {number}", "/a/")
    put("build 0", "/b/")
    put("another", "/a/")
    store = files.store()
    assert store.get("build 0", "/a/") is not None
    assert store.get("build 1", "/a/") is None


def test_a_folder_that_somebody_removes_is_made_again(files: Files) -> None:
    store = files.store()
    store.put(BUILD, entry("/a/"))
    shutil.rmtree(files.folder)
    assert store.get(BUILD, "/a/") is None
    for made in (entry("/a/"), entry("/b/", listed=True), missing("/c/")):
        store.put(BUILD, made)
        assert store.get(BUILD, made.path) == made
    with store.lock(BUILD, "/a/") as is_mine:
        assert is_mine
    store.mark(["path:/a/"])


def test_a_location_that_is_no_folder_cannot_be_written_and_is_empty(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    store = FileStore(LOCATION=tmp_path / "file")
    assert store.get(BUILD, "/a/") is None
    for made in (entry("/a/"), entry("/b/", listed=True), missing("/c/")):
        with pytest.raises(OSError, match="Not a directory"):
            store.put(BUILD, made)
    with pytest.raises(OSError, match="Not a directory"):
        store.mark(["path:/a/"])
    with pytest.raises(OSError, match="Not a directory"), store.lock(BUILD, "/a/"):
        pass


def test_a_token_that_the_disk_spoilt_is_no_exception(files: Files) -> None:
    store = files.store()
    store.mark(["path:/a/"])
    names = ["all", "path:/a/"]
    before = store.marks(names)
    for name in list(files.stored()):
        files.overwrite(name, b"\xff\xfe")
    assert files.store().marks(names) != before


def test_a_build_that_another_process_removes_meanwhile_is_no_exception(files: Files) -> None:
    store = files.store()
    store.put("old", entry("/a/", listed=True))
    for number in range(BUILDS_KEPT + 1):
        (files.folder / "store" / "listed" / f"gone {number}").symlink_to("nowhere")
    files.store().put(BUILD, entry("/a/", listed=True))
    assert store.get("old", "/a/") is not None
