"""The project's own files, copied: what a running server needs."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage

from pagesapi.deploy.writing.left_out import LeftOut
from pagesapi.exceptions import DeployError

# The second day that a zip file can name, so that no time zone makes it a day before the first.
EARLIEST = 315_619_200 * 10**9  # nanoseconds since the epoch


def copy_project(base: Path, target: Path, *, exclude: Sequence[str] = ()) -> list[str]:
    """Copy what a server needs of the project at `base` to `target`; give the files, sorted, with "/" in them.

    Left out are hidden files, virtual environments, caches, databases, private keys, uploads, tests, what builds
    write, and what `exclude` names: globs over names ("*.csv") or, with a slash, over whole paths ("data/raw").
    Links within the project become what they lead to. Raises `DeployError` for one that leads out of it.
    """
    left_out = LeftOut.of_project(base, target, exclude)
    try:
        files = dict(_files(left_out, "", frozenset({left_out.base})))
        files.update(_manifest(left_out))
        for name in sorted(files):
            _copy(files[name], target / name)
    except OSError as error:
        raise DeployError(f"{error.filename or base} cannot be copied: {error.strerror or error}.") from error
    return sorted(files)


def _files(left_out: LeftOut, folder: str, above: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Names, relative to the project, and where they are read from; `above` ends a circle of links."""
    with os.scandir(os.path.join(left_out.base, folder)) as found:  # noqa: PTH118
        entries = list(found)
    if folder and left_out.folder(folder, (entry.name for entry in entries)):
        return
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_symlink() and not _is_followed(left_out, path, entry):
            continue
        if entry.is_dir():
            real = os.path.realpath(entry.path)
            if real not in above:
                yield from _files(left_out, path, above | {real})
        elif entry.is_file() and not left_out.file(path):
            _check_name(path)
            yield path, entry.path


def _is_followed(left_out: LeftOut, path: str, entry: os.DirEntry[str]) -> bool:
    """Not a broken link, which is nothing to a server, nor one to `.env`, whatever its own name is."""
    real = os.path.realpath(entry.path)
    if os.path.isdir(real):  # noqa: PTH112
        is_left_out = left_out.folder(path, os.listdir(real))  # noqa: PTH208
    else:
        is_left_out = not os.path.isfile(real) or left_out.file(path)  # noqa: PTH113
    if is_left_out or left_out.base.startswith(real + os.sep) or real == left_out.base:
        return False
    if not real.startswith(left_out.base + os.sep):
        raise DeployError(
            f"{path} is a link that leads out of the project, to {real}. "
            f"Copy it into the project, or leave it out: --exclude {path}"
        )
    return not left_out.leads_to(os.path.relpath(real, left_out.base).replace(os.sep, "/"))


def _check_name(path: str) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:
        shown = path.encode(errors="surrogateescape")
        raise DeployError(f"The file name {shown!r} is no UTF-8, so no archive can hold it. Rename it.") from None


def _manifest(left_out: LeftOut) -> Iterator[tuple[str, str]]:
    """What `{% static %}` reads the hashed names from; the rest of STATIC_ROOT is no function's."""
    storage: Any = staticfiles_storage if apps.is_installed("django.contrib.staticfiles") else None
    if not isinstance(storage, ManifestFilesMixin):
        return
    keeper: Any = storage.manifest_storage
    if not keeper.exists(storage.manifest_name):
        return
    try:
        file = os.path.realpath(keeper.path(storage.manifest_name))
    except NotImplementedError:  # it is kept elsewhere, where the function reads it too
        return
    if file.startswith(left_out.base + os.sep):
        yield os.path.relpath(file, left_out.base).replace(os.sep, "/"), file


def _copy(source: str, target: Path) -> None:
    """With its own time, which is a static file's Last-Modified, and a plain mode: anybody may read it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    found = os.stat(source)  # noqa: PTH116
    target.chmod(0o755 if found.st_mode & stat.S_IXUSR else 0o644)
    changed = max(found.st_mtime_ns, EARLIEST)
    os.utime(target, ns=(changed, changed))
