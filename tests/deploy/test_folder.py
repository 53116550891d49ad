"""A folder is written beside the old one, which stands until it is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from pagesapi.deploy.writing.folder import SIGNATURE, link_or_copy, staged, write
from pagesapi.exceptions import DeployError

MARK = "template.yaml"


@pytest.fixture(autouse=True)
def _project(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> None:
    settings.BASE_DIR = tmp_path_factory.mktemp("project")


def fill(target: Path, text: str, keep: tuple[str, ...] = ()) -> None:
    with staged(target, MARK, keep) as staging:
        write(staging / MARK, f"{SIGNATURE}\n{text}")


def test_it_is_there_as_a_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    fill(tmp_path / "dist" / "aws", "one")
    assert (tmp_path / "dist" / "aws" / MARK).read_text().endswith("one")
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["aws"]


def test_an_earlier_one_is_replaced_but_for_what_other_programs_put_there(tmp_path: Path) -> None:
    fill(tmp_path / "aws", "one")
    (tmp_path / "aws" / "samconfig.toml").write_text("mine")
    (tmp_path / "aws" / "old").touch()
    fill(tmp_path / "aws", "two", keep=("samconfig.toml",))
    assert sorted(path.name for path in (tmp_path / "aws").iterdir()) == ["samconfig.toml", MARK]
    assert (tmp_path / "aws" / MARK).read_text().endswith("two")


def test_a_failure_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    fill(tmp_path / "aws", "one")
    with pytest.raises(FileNotFoundError), staged(tmp_path / "aws", MARK) as staging:
        write(staging / MARK, "half").rename(tmp_path / "nowhere" / "at all")
    assert (tmp_path / "aws" / MARK).read_text().endswith("one")
    assert [path.name for path in tmp_path.iterdir()] == ["aws"]


def test_what_killed_runs_left_is_cleared_and_their_old_folder_restored(tmp_path: Path) -> None:
    fill(tmp_path / "aws", "one")
    (tmp_path / "aws").rename(tmp_path / ".aws.old-00000001")  # killed between its two renames
    (tmp_path / ".aws.new-00000001").mkdir()
    with pytest.raises(FileNotFoundError), staged(tmp_path / "aws", MARK) as staging:
        write(staging / MARK, "half").rename(tmp_path / "nowhere" / "at all")
    assert (tmp_path / "aws" / MARK).read_text().endswith("one")
    (tmp_path / ".aws.old-00000002").mkdir()
    fill(tmp_path / "aws", "two")
    assert [path.name for path in tmp_path.iterdir()] == ["aws"]


def test_two_at_once_do_not_mix(tmp_path: Path) -> None:
    with (
        staged(tmp_path / "aws", MARK),
        pytest.raises(DeployError, match="Another deploy is writing"),
        staged(tmp_path / "aws", MARK),
    ):
        pass


def test_everybody_may_read_what_is_deployed_but_no_file_of_the_environment_is_changed(tmp_path: Path) -> None:
    installed = tmp_path / "installed.py"
    installed.touch(0o600)
    with staged(tmp_path / "aws", MARK) as staging:
        write(staging / MARK, SIGNATURE).chmod(0o600)
        write(staging / "bin" / "run.sh", "").chmod(0o700)
        link_or_copy(installed, staging / "installed.py")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "aws").rglob("*")}
    assert modes == {MARK: 0o644, "bin": 0o755, "run.sh": 0o755, "installed.py": 0o600}


def test_a_new_folder_that_vanished_leaves_the_old_one(tmp_path: Path) -> None:
    fill(tmp_path / "aws", "one")
    with pytest.raises(FileNotFoundError), staged(tmp_path / "aws", MARK) as staging:
        staging.rmdir()
    assert (tmp_path / "aws" / MARK).read_text().endswith("one")


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / MARK).write_text("my own template")
    with pytest.raises(DeployError, match=r"is not empty, and manage\.py deploy has not written it"):
        fill(tmp_path / "notes", "one")
    with pytest.raises(DeployError, match="is a file"):
        fill(tmp_path / "notes" / MARK, "one")
    assert (tmp_path / "notes" / MARK).read_text() == "my own template"


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "aws").mkdir()
    fill(tmp_path / "aws", "one")
    assert (tmp_path / "aws" / MARK).is_file()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeployError, match="cannot be written"):
        fill(tmp_path / "file" / "aws", "one")


def test_what_cannot_be_linked_is_copied(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("text")
    link_or_copy(tmp_path / "one", tmp_path / "linked" / "two")
    assert (tmp_path / "one").samefile(tmp_path / "linked" / "two")
    (tmp_path / "full").write_text("there already")
    link_or_copy(tmp_path / "one", tmp_path / "full")
    assert (tmp_path / "full").read_text() == "text"
