"""Files that several processes read and write."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pagesapi import files
from pagesapi.files import locked, read_bytes, replace_file
from tests.servers.gate import TIMEOUT
from tests.servers.running import ROOT

HOLDING = """
import sys
from pagesapi.files import locked
with locked(sys.argv[1]) as is_mine:
    print(is_mine, flush=True)
    sys.stdin.readline()
"""

FILLING = """
import resource, signal, sys
from pagesapi.files import replace_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # as a quota: what is longer is not written
replace_file(sys.argv[1], b"new" * 100_000)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def is_free(file: Path) -> bool:
    with locked(str(file)) as is_mine:
        return is_mine


# Reading


@pytest.mark.parametrize("length", [0, 1, 65535, 65536, 65537, 1 << 20, (1 << 20) + 65536, 3_000_000])
def test_a_file_of_any_length_is_read_whole(file: Path, length: int) -> None:
    data = bytes(range(256)) * (length // 256) + b"\r\n\x1a"[: length % 256]
    file.write_bytes(data)
    assert read_bytes(str(file)) == data


def test_no_file_is_none(file: Path) -> None:
    assert read_bytes(str(file)) is None
    assert read_bytes(str(file.parent)) is None
    file.touch()
    assert read_bytes(f"{file}/below") is None


def test_what_may_not_be_read_raises(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: Path) -> None:
    """Windows refuses to open a folder, too; and root, as whom tests may run, may read everything."""

    def refuse(path: str, *args: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    file.touch()
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(PermissionError):
            read_bytes(str(file))
        assert read_bytes(str(tmp_path)) is None


# Writing


@pytest.mark.parametrize("data", [b"", b"new", b"\r\n\x1a\0" * 1_000_000])
def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"something old that is longer")
    replace_file(str(file), data)
    assert file.read_bytes() == data
    assert list(tmp_path.iterdir()) == [file]


def test_folders_are_made(tmp_path: Path) -> None:
    replace_file(str(tmp_path / "a" / "b" / "file"), b"new")
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"new"


def test_who_has_it_open_keeps_the_old_bytes(file: Path) -> None:
    file.write_bytes(b"old")
    with file.open("rb") as reader:
        replace_file(str(file), b"new")
        assert reader.read() == b"old"
    assert file.read_bytes() == b"new"


def test_what_cannot_be_replaced_stays_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "full").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        replace_file(str(folder), b"new")
    assert list(tmp_path.iterdir()) == [folder]
    assert (folder / "full").is_dir()


def test_a_disk_without_room_raises_and_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", FILLING, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert "OSError: [Errno 27] File too large" in done.stderr
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("platform", "refusals"), [("win32", 3), ("win32", 1000), ("linux", 1)])
def test_on_windows_a_file_that_somebody_reads_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, file: Path, platform: str, refusals: int
) -> None:
    """There it cannot be replaced as long as it is open; elsewhere a refusal is one."""
    replace, left = os.replace, [None] * refusals

    def refuse_at_first(*args: Any) -> None:
        if left:
            left.pop()
            raise PermissionError(errno.EACCES, "Permission denied")
        replace(*args)

    file.write_bytes(b"old")
    is_replaced = platform == "win32" and refusals < files.ATTEMPTS
    with monkeypatch.context() as patch:
        patch.setattr(files, "sys", SimpleNamespace(platform=platform))
        patch.setattr(os, "replace", refuse_at_first)
        with nullcontext() if is_replaced else pytest.raises(PermissionError):
            replace_file(str(file), b"new")
    assert file.read_bytes() == (b"new" if is_replaced else b"old")
    assert list(file.parent.iterdir()) == [file]


def test_threads_that_replace_one_file_leave_one_of_theirs(tmp_path: Path) -> None:
    file = tmp_path / "file"

    def write(letter: bytes) -> None:
        for _ in range(20):
            replace_file(str(file), letter * 200_000)

    threads = [threading.Thread(target=write, args=(bytes([letter]),)) for letter in b"abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    data = file.read_bytes()
    assert data == data[:1] * 200_000
    assert list(tmp_path.iterdir()) == [file]


# Locking


def test_a_lock_is_held_by_one_and_free_afterwards(file: Path) -> None:
    with locked(str(file)) as is_mine:
        assert is_mine
        assert not is_free(file)
    assert is_free(file)


def test_its_folder_is_made(tmp_path: Path) -> None:
    assert is_free(tmp_path / "a" / "b" / "lock")


def test_an_exception_frees_it(file: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(str(file)):
        _ = 1 / 0
    assert is_free(file)


def test_who_waits_gets_it_next(file: Path) -> None:
    entered, order = threading.Event(), []

    def wait_for_it() -> None:
        entered.set()
        with locked(str(file), wait=True) as is_mine:
            order.append(("waited", is_mine))

    thread = threading.Thread(target=wait_for_it)
    with locked(str(file)):
        thread.start()
        assert entered.wait(TIMEOUT)
        order.append(("first", True))
    thread.join()
    assert order == [("first", True), ("waited", True)]


@pytest.mark.parametrize("how", ["ends", "is killed"])
def test_the_system_frees_what_a_process_held(file: Path, how: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(file)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        assert not is_free(file)
        if how == "is killed":
            process.kill()
        process.communicate("\n" if how == "ends" else None)
    assert is_free(file)


def test_a_program_that_is_started_meanwhile_does_not_hold_it(file: Path) -> None:
    with locked(str(file)):
        started = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_free(file)
    started.communicate(b"\n")
