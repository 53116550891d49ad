"""A folder that is written beside the old one and takes its place, or leaves it as it was."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings

from pagesapi.conf import conf
from pagesapi.exceptions import DeployError
from pagesapi.files import locked
from pagesapi.pages.store.interface import digest

TOKEN = "[0-9a-f]" * 8  # as a glob: of a run, in the names of its folders
# The first line of what `deploy` writes: a folder without such a file is the user's own.
SIGNATURE = "# Written by manage.py deploy (pagesapi); changes are lost."


@contextmanager
def staged(target: Path, mark: str, keep: Sequence[str] = ()) -> Iterator[Path]:
    """A new folder to be filled; at the end it becomes `target`, unless something was raised.

    `mark`: the file by whose first line a folder is known to be ours. `keep`: files of the old folder that other
    programs put there, and that go along. Raises `DeployError`.
    """
    _check(target, mark)
    with locked(str(_lock_of(target))) as is_alone:
        if not is_alone:
            raise DeployError(f"Another deploy is writing {target}. Wait until it has ended.")
        _clear(target)
        yield from _staged(target, keep)


def _lock_of(target: Path) -> Path:
    return conf.work_dir / "locks" / f"deploy-{digest(str(target), 8)}.lock"


def _clear(target: Path) -> None:
    """What runs left that were killed; one of them may have been between its two renames."""
    for kind in ("old", "new"):
        for folder in target.parent.glob(f".{target.name}.{kind}-{TOKEN}"):
            if kind == "old" and not target.exists():
                folder.rename(target)
            else:
                shutil.rmtree(folder, ignore_errors=True)


def _staged(target: Path, keep: Sequence[str]) -> Iterator[Path]:
    token = secrets.token_hex(4)
    staging, aside = (target.with_name(f".{target.name}.{kind}-{token}") for kind in ("new", "old"))
    try:
        staging.mkdir(parents=True)
    except OSError as error:
        raise DeployError(f"{target.parent} cannot be written: {error.strerror}.") from error
    try:
        yield staging
        _make_readable(staging)
        for name in keep:
            if (target / name).exists():
                shutil.copy2(target / name, staging / name)
        if target.exists():
            target.rename(aside)
        staging.rename(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if aside.exists() and not target.exists():  # ended between the two renames
            aside.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def _make_readable(folder: Path) -> None:
    """By whoever runs it there, whatever umask it was written with. Files with a second name are the environment's."""
    for base, _, names in os.walk(folder):
        Path(base).chmod(0o755)
        for name in names:
            file = Path(base, name)
            found = file.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
                file.chmod(0o755 if found.st_mode & stat.S_IXUSR else 0o644)


def _check(target: Path, mark: str) -> None:
    served = next((folder for folder in _served() if target.is_relative_to(folder)), None)
    if served is not None:
        raise DeployError(f"{target} lies in {served}, whose files are served. Choose another folder: --output DIR.")
    if target.exists() and not target.is_dir():
        raise DeployError(f"{target} is a file. Choose another folder: --output DIR.")
    if target.is_dir() and any(target.iterdir()) and not is_ours(target / mark):
        raise DeployError(
            f"{target} is not empty, and manage.py deploy has not written it. Nothing was changed. "
            "Empty it, or choose another folder: --output DIR."
        )


def _served() -> Iterator[Path]:
    """Folders whose files are URLs of the live site."""
    dirs = [each[1] if isinstance(each, (list, tuple)) else each for each in settings.STATICFILES_DIRS]
    named = [conf.api_dir, settings.STATIC_ROOT, settings.MEDIA_ROOT, *dirs]
    yield from (Path(each).resolve() for each in named if each)
    yield from (Path(config.path).resolve() / "static" for config in apps.get_app_configs())


def is_ours(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return SIGNATURE.encode() in opened.readline()
    except OSError:
        return False


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="\n")
    return file


def link_or_copy(source: Path, target: Path) -> None:
    """The same bytes, on the disk once where that can be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
