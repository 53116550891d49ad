"""Compressed copies: the same bytes when they are read, the same bytes in every run."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pagesapi.deploy.writing.compress import FEW, compress, gzipped
from pagesapi.exceptions import DeployError

brotli: Any = import_module("brotli")  # it has no types
TEXT = b"<p>It is said again and again.</p>\n" * 100


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "blog").mkdir(parents=True)
    (folder / "index.html").write_bytes(TEXT)
    (folder / "blog" / "feed.XML").write_bytes(TEXT * 2)
    return folder


def names(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_every_text_file_has_two_copies_beside_it(site: Path) -> None:
    assert compress(site) == 4
    assert names(site) == {
        f"{name}{suffix}" for name in ("index.html", "blog/feed.XML") for suffix in ("", ".br", ".gz")
    }
    assert gzip.decompress((site / "index.html.gz").read_bytes()) == TEXT
    assert brotli.decompress((site / "index.html.br").read_bytes()) == TEXT
    assert (site / "index.html").read_bytes() == TEXT


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("small.html", TEXT[:500]),
        ("image.png", TEXT),
        ("random.html", os.urandom(3000)),
        ("_headers", TEXT),
        ("_redirects", TEXT),
        ("nginx.conf.example", TEXT),
        ("README", TEXT),
    ],
)
def test_what_gains_nothing_has_no_copies(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert compress(tmp_path) == 0
    assert names(tmp_path) == {name}


def test_two_runs_write_the_same_bytes(site: Path) -> None:
    compress(site)
    first = {name: (site / name).read_bytes() for name in names(site)}
    for name in first:
        if name.endswith((".br", ".gz")):
            (site / name).unlink()
    os.utime(site / "index.html", (1, 1))
    compress(site)
    assert {name: (site / name).read_bytes() for name in names(site)} == first
    assert first["index.html.gz"][:10] == b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"  # RFC 1952: no flags, no time, no system


def test_copies_are_as_old_as_their_files(site: Path) -> None:
    os.utime(site / "index.html", (1_000_000_000, 1_000_000_000))
    compress(site)
    assert {(site / f"index.html{suffix}").stat().st_mtime for suffix in ("", ".br", ".gz")} == {1_000_000_000}


def test_copies_that_a_storage_made_are_left_as_they_are(site: Path) -> None:
    (site / "index.html.gz").write_bytes(b"of the storage")
    assert compress(site) == 3
    assert (site / "index.html.gz").read_bytes() == b"of the storage"
    assert not (site / "index.html.gz.gz").exists()


def test_many_files_are_compressed_by_several_processes_into_the_same_bytes(site: Path) -> None:
    for number in range(6):
        (site / f"{number}.css").write_bytes(b"%d" % number + TEXT * (FEW // len(TEXT) // 4))
    shown: list[tuple[int, int]] = []
    assert compress(site, workers=2, progress=lambda done, total: shown.append((done, total))) == 16
    assert shown == [(number, 8) for number in range(1, 9)]
    first = {name: (site / name).read_bytes() for name in names(site)}
    for name in first:
        if name.endswith((".br", ".gz")):
            (site / name).unlink()
    compress(site, workers=1)
    assert {name: (site / name).read_bytes() for name in names(site)} == first


def test_a_large_file_is_compressed_too(tmp_path: Path) -> None:
    content = b"".join(b'{"number": %d},\n' % number for number in range(300_000))
    (tmp_path / "all.json").write_bytes(content)
    assert compress(tmp_path) == 2
    assert brotli.decompress((tmp_path / "all.json.br").read_bytes()) == content


def test_gzip_itself_reads_it(tmp_path: Path) -> None:
    done = subprocess.run(["gzip", "--test", "--verbose"], input=gzipped(TEXT), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_folder_that_cannot_be_read_is_an_error_that_names_it(site: Path) -> None:
    (site / "broken.html").symlink_to("nowhere")
    with pytest.raises(DeployError, match=r"site cannot be compressed: .*No such file"):
        compress(site)


def test_without_brotli_the_extra_is_named(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    with pytest.raises(DeployError, match=r'--compress .*pip install "pagesapi\[compress\]"'):
        compress(site)
    assert names(site) == {"index.html", "blog/feed.XML"}
