"""The list of what a build holds."""

from __future__ import annotations

import os
import sqlite3
import threading
import warnings
from pathlib import Path

import pytest

from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.manifest import Manifest, page_of_row, row_of


def page(path: str, file: str | None = None, **values: object) -> BuiltPage:
    given = {
        "status": 200,
        "content_type": "text/html; charset=utf-8",
        "headers": (("X-A", "1"), ("X-A", "2")),
        "etag": '"e"',
        "revalidate": 60,
        "body": None,
        "rendered_at": 1234.5,
        "tags": ("ü", "b"),
        "marks": ("", "x"),
        "source": "blog:post",
        **values,
    }
    return BuiltPage(path=path, file=f"{path[1:]}index.html" if file is None else file, **given)  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder with # and ?" / "one.sqlite3"


def written(file: Path, *pages: BuiltPage) -> Manifest:
    manifest = Manifest.create(file)
    manifest.add(map(row_of, pages))
    manifest.commit()
    return Manifest(file)


def test_a_page_comes_back_as_it_was(file: Path) -> None:
    pages = [
        page("/"),
        page("/ü/日本/"),
        page("/old/", status=301, body=b"\x00\xff"),
        page("/gone/", "", status=404, body=b"", revalidate=None, headers=()),
        page("/gone-too/", "", status=404),
    ]
    manifest = written(file, *pages)
    assert [manifest.get(one.path) for one in pages] == pages
    assert [manifest.by_file(one.file) for one in pages[:3]] == pages[:3]
    assert [page_of_row(row_of(one)) for one in pages] == pages
    assert manifest.get("/other/") is None
    assert manifest.by_file("other.html") is None
    manifest.close()


def test_pages_come_in_the_order_of_their_paths(file: Path) -> None:
    manifest = written(file, *(page(f"/{name}/") for name in "cab"))
    assert [one.path for one in manifest.pages()] == ["/a/", "/b/", "/c/"]
    manifest.close()


def test_all_of_a_batch_are_added_or_none(file: Path) -> None:
    manifest = Manifest.create(file)
    manifest.add([row_of(page("/a/"))])
    for batch in ([page("/b/"), page("/a/", "other.html")], [page("/b/"), page("/c/", "a/index.html")]):
        with pytest.raises(sqlite3.IntegrityError):
            manifest.add(map(row_of, batch))
    assert [one.path for one in manifest.pages()] == ["/a/"]
    manifest.add([row_of(page("/b/"))])
    assert [one.path for one in manifest.pages()] == ["/a/", "/b/"]
    manifest.close()


def test_there_are_notes_about_it(file: Path) -> None:
    manifest = Manifest.create(file)
    assert manifest.about("build_id") is None
    manifest.note("build_id", "one")
    manifest.note("build_id", "two")
    manifest.checkpoint()
    reader = Manifest(file)
    assert reader.about("build_id") == "two"
    reader.close()
    manifest.close()


def test_what_was_not_committed_is_not_there(file: Path) -> None:
    manifest = Manifest.create(file)
    manifest.add([row_of(page("/a/"))])
    manifest.close()
    reader = Manifest(file)
    assert list(reader.pages()) == []
    reader.close()


@pytest.mark.parametrize("content", [None, b"", b"no database at all" * 100])
def test_a_file_that_is_none_is_told(file: Path, content: bytes | None) -> None:
    if content is not None:
        file.parent.mkdir()
        file.write_bytes(content)
    assert not Manifest(file).is_readable


def test_a_list_of_another_version_is_not_read(file: Path) -> None:
    written(file).close()
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    assert not Manifest(file).is_readable


def test_it_is_read_on_when_its_file_is_removed(file: Path) -> None:
    manifest = written(file, page("/a/"), page("/b/"))
    assert manifest.is_readable
    file.unlink()
    assert manifest.get("/b/") == page("/b/")
    manifest.close()


def test_all_threads_read_it_at_once(file: Path) -> None:
    manifest = written(file, *(page(f"/{number}/") for number in range(100)))
    found: list[bool] = []

    def read() -> None:
        found.extend(manifest.get(f"/{number}/") == page(f"/{number}/") for number in range(100))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 800
    manifest.close()


def test_what_is_asked_for_often_is_remembered_until_it_is_closed(file: Path) -> None:
    manifest = written(file, page("/a/"))
    assert manifest.remembered("/a/") is manifest.remembered("/a/")
    assert manifest.remembered("/b/") is None
    manifest.close()
    assert manifest.remembered("/a/") == page("/a/")
    manifest.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_process_that_was_forked_reads_by_itself(file: Path) -> None:
    manifest = written(file, page("/a/"))
    assert manifest.is_readable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child asks for nothing that a thread may hold
        child = os.fork()
    if child == 0:
        os._exit(0 if manifest.get("/a/") == page("/a/") else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert manifest.get("/a/") == page("/a/")
    manifest.close()


def test_a_relative_path_is_as_good(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(file, page("/a/")).close()
    monkeypatch.chdir(file.parent)
    manifest = Manifest(Path(file.name))
    assert manifest.get("/a/") == page("/a/")
    manifest.close()
