"""The new site in the place of the old one: in one step, or by two renames that can be finished later."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pagesapi.exceptions import PrerenderError
from pagesapi.pages.build import forget_build
from pagesapi.pages.building import exchange as exchanging
from pagesapi.pages.building import flush as flushing
from pagesapi.pages.building.exchange import exchange, exchange_folders, read_journal, recover, write_journal
from tests.pages.building.project import Project, text_page

TOKEN = "01234567"


class Site:
    """The folders of an exchange."""

    token = TOKEN
    inode = 0

    def __init__(self, base: Path, work: Path) -> None:
        self.output, self.staging, self.aside = base / "out", base / f".out.new-{TOKEN}", base / f".out.old-{TOKEN}"
        self.journal, self.record, self.coming = work / "build.journal", work / "build.json", work / f"build.{TOKEN}"

    def make(self) -> None:
        for folder, text in ((self.output, "old"), (self.staging, "new")):
            folder.mkdir()
            (folder / "index.html").write_text(text)
        self.record.write_text("old")
        self.coming.write_text("new")

    def begin(self) -> None:
        self.inode = self.staging.stat().st_ino
        write_journal(self)

    def exchange(self) -> None:
        self.inode = self.staging.stat().st_ino
        exchange(self)

    def recover(self) -> None:
        assert read_journal(self.journal) == (TOKEN, self.inode)
        recover(self)

    @property
    def stands(self) -> str:
        """And nothing else does, and the record says the same."""
        text = (self.output / "index.html").read_text()
        assert self.record.read_text() == text
        assert not any(path.exists() for path in (self.staging, self.aside, self.journal, self.coming))
        return text


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path, tmp_path)
    site.make()
    return site


def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system that cannot exchange folders."""
    monkeypatch.setattr(exchanging, "sys", SimpleNamespace(platform="darwin"))


def old_c_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name, use_errno: SimpleNamespace())


def other_file_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def renameat2(*args: object) -> int:
        ctypes.set_errno(errno.EINVAL)
        return -1

    monkeypatch.setattr(ctypes, "CDLL", lambda name, use_errno: SimpleNamespace(renameat2=renameat2))


def here(monkeypatch: pytest.MonkeyPatch) -> None:
    pass


@pytest.mark.parametrize("system", [here, elsewhere, old_c_library, other_file_system])
def test_the_new_site_takes_the_place_of_the_old_one(
    site: Site, system: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    system(monkeypatch)
    site.exchange()
    assert site.stands == "new"


@pytest.mark.parametrize("system", [here, elsewhere])
def test_a_first_site_is_put_where_there_is_none(
    site: Site, system: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    system(monkeypatch)
    (site.output / "index.html").unlink()
    site.output.rmdir()
    site.exchange()
    assert site.stands == "new"


def test_folders_are_exchanged_in_one_step_where_the_system_can(site: Site) -> None:
    if not exchange_folders(str(site.staging), str(site.output)):
        pytest.skip("this system cannot")
    assert (site.output / "index.html").read_text() == "new"
    assert (site.staging / "index.html").read_text() == "old"


def test_what_the_system_says_is_raised(site: Site) -> None:
    with pytest.raises(FileNotFoundError):
        exchange_folders(str(site.staging / "nowhere"), str(site.output))


@pytest.mark.parametrize("failing", [1, 2])
def test_a_rename_that_fails_leaves_the_old_site(site: Site, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    """Windows refuses to rename a folder of which somebody has a file open."""
    elsewhere(monkeypatch)
    rename, calls = Path.rename, []

    def refuse(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing:
            raise PermissionError(errno.EACCES, "Access is denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(
        PrerenderError, match=r"out cannot be replaced: Access is denied\. Close what has its files open"
    ):
        site.exchange()
    assert (site.output / "index.html").read_text() == "old"
    assert not site.journal.exists()
    assert not site.aside.exists()


def test_a_build_whose_site_cannot_be_put_in_place_leaves_the_old_one(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(first: str, second: str) -> bool:
        raise OSError(errno.EXDEV, "Invalid cross-device link", second)

    project.built()
    project.urls(text_page("", "New"))
    monkeypatch.setattr(exchanging, "exchange_folders", refuse)
    with pytest.raises(PrerenderError, match=r"out cannot be replaced: Invalid cross-device link.*container"):
        project.build()
    assert project.text("index.html") == "Home"
    assert project.left_over == set()
    monkeypatch.undo()


# What a build was killed in the middle of


def test_before_the_first_step_the_old_site_stands(site: Site) -> None:
    site.begin()
    site.recover()
    assert site.stands == "old"


def test_after_the_first_of_two_renames_the_new_site_is_put_in_place(site: Site) -> None:
    site.begin()
    site.output.rename(site.aside)
    site.recover()
    assert site.stands == "new"


def test_after_both_renames_the_record_is_written(site: Site) -> None:
    site.begin()
    site.output.rename(site.aside)
    site.staging.rename(site.output)
    site.recover()
    assert site.stands == "new"


def test_after_the_exchange_the_record_is_written(site: Site) -> None:
    site.begin()
    site.output.rename(site.aside)
    site.staging.rename(site.output)
    site.aside.rename(site.staging)
    site.recover()
    assert site.stands == "new"


def test_where_the_new_site_is_gone_the_old_one_is_put_back(site: Site) -> None:
    site.begin()
    site.output.rename(site.aside)
    (site.staging / "index.html").unlink()
    site.staging.rmdir()
    site.recover()
    assert site.stands == "old"


def test_in_the_middle_of_the_clearing_up_it_goes_on(site: Site) -> None:
    site.exchange()
    write_journal(site)
    site.aside.mkdir()
    (site.aside / "rest").touch()
    site.recover()
    assert site.stands == "new"


def test_where_all_folders_are_gone_there_is_nothing_to_finish(site: Site) -> None:
    site.begin()
    for folder in (site.output, site.staging):
        (folder / "index.html").unlink()
        folder.rmdir()
    site.recover()
    assert not site.journal.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        "5",
        "cut o",
        "\xff",
        '{"token": "01234567"}',
        '{"token": "../../..", "inode": 1}',
        '{"token": "01234567", "inode": "1"}',
    ],
)
def test_a_journal_that_was_not_written_whole_counts_for_nothing(project: Project, content: str) -> None:
    project.built()
    (project.work / "build.journal").write_text(content, "latin-1")
    assert project.built().is_unchanged
    assert not (project.work / "build.journal").exists()


def test_a_shard_writes_no_record(site: Site) -> None:
    site.coming.unlink()
    site.exchange()
    assert site.record.read_text() == "old"
    assert (site.output / "index.html").read_text() == "new"


def test_the_next_build_finishes_the_last_one(project: Project) -> None:
    """Its own pages fail, so that one sees what stood before."""
    project.built()
    site = Site(project.base, project.work)
    site.staging.mkdir()
    for file in site.output.iterdir():
        os.link(file, site.staging / file.name)
    (site.staging / "index.html").unlink()
    (site.staging / "index.html").write_text("new")
    site.begin()
    site.output.rename(site.aside)
    assert not project.build(check=True).is_unchanged
    assert project.text("index.html") == "new"
    assert project.left_over == set()
    project.built()
    assert project.text("index.html") == "Home"


# Onto the disk, before the old one goes


@pytest.mark.parametrize("system", [SimpleNamespace(sync=os.sync), SimpleNamespace()])
def test_other_systems_write_everything_or_what_they_like(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: SimpleNamespace
) -> None:
    monkeypatch.setattr(flushing, "sys", SimpleNamespace(platform="darwin"))
    monkeypatch.setattr(flushing, "os", system)
    flushing.flush(tmp_path)


def test_a_disk_that_cannot_write_what_it_took_keeps_the_old_site(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def syncfs(handle: int) -> int:
        ctypes.set_errno(errno.EIO)
        return -1

    project.built()
    project.urls(text_page("", "New"))
    monkeypatch.setattr(ctypes, "CDLL", lambda *args, **kwargs: SimpleNamespace(syncfs=syncfs))
    with pytest.raises(PrerenderError, match="Input/output error"):
        project.build()
    monkeypatch.undo()
    assert project.text("index.html") == "Home"
    assert project.left_over == set()


def test_a_record_that_cannot_be_written_at_once_is_written_in_the_end(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to replace a file while somebody reads it; the new site stands already."""
    replace = Path.replace
    refused: list[str] = []

    def refuse_once(self: Path, target: str) -> Path:
        if not refused and str(target).endswith("build.json"):
            refused.append(target)
            raise PermissionError(errno.EACCES, "Access is denied", target)
        return replace(self, target)

    project.built()
    project.urls(text_page("", "New"))
    monkeypatch.setattr(Path, "replace", refuse_once)
    with pytest.raises(PrerenderError, match="Access is denied"):
        project.build()
    monkeypatch.undo()
    assert refused
    assert project.text("index.html") == "New"
    assert project.left_over == set()
    assert project.built(check=True).is_unchanged
    forget_build()
    assert project.visit("/").headers["X-Pagesapi-Cache"] == "HIT"
