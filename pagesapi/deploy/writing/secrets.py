"""What must not be in a folder that is uploaded: passwords, keys, databases."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pagesapi.deploy.writing.confidential import confidential_values
from pagesapi.deploy.writing.needles import forms_of, quoted_forms
from pagesapi.deploy.writing.telltales import TELLTALES
from pagesapi.exceptions import DeployError

SHOWN = 20
CHUNK = 1 << 20
OVERLAP = 1024  # of two chunks: what stands across their border is found in the second
VENDORED = "_vendor/"  # dependencies, of which those from an index can be read by anybody: they bring test keys
OWN_DATABASES = re.compile(r"(?:.*/)?_pagesapi/builds/[^/]+\.sqlite3")  # the list of the built pages
EXAMPLES = re.compile(r"\.env\.(?:example|sample|template|dist)")
SQLITE = b"SQLite format 3\0"

FROM_ENVIRONMENT = "Read it from the environment, and set it on the platform."
REMOVE = "Take it out, or leave the file out: --exclude {file}"
REMOVE_FROM_LIBRARY = "Take it out of the library, which was installed from a folder here."


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """`file` is relative to the folder; `line` is 0 where there are no lines. The value stands in none of these."""

    file: str
    line: int
    name: str  # of the setting or variable: 'DATABASES["default"]["PASSWORD"]'; empty where the file is the leak
    why: str  # with what to do

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.name}: {self.why}" if self.name else f"{where}: {self.why}"


def find_secrets(
    folder: Path, *, allowed: Collection[str] = (), code: str = "", published: Collection[str] = ()
) -> list[Leak]:
    """Every file of a folder that holds a secret of the settings or of the environment, a key or a database.

    Each is named once a file. `allowed`: names of settings, variables or kinds (`SECRET_KEY`, `PRIVATE_KEY`) that may
    be read by everybody, such as the public key of a map. `code`: where the project's files are in it ("function/");
    they are named as in the project. `published`: packages in its `_vendor` that anybody can download.
    """
    search = _Search.of_project(allowed, published)
    return sorted(leak for name, file in _files(folder) for leak in search.file(name.removeprefix(code), file))


def refuse_secrets(
    folder: Path, allowed: Collection[str] = (), code: str = "", published: Collection[str] = ()
) -> None:
    """Raise `DeployError` that lists what must not be uploaded, each with its cure."""
    leaks = find_secrets(folder, allowed=allowed, code=code, published=published)
    if leaks:
        lines = [str(leak) for leak in leaks[:SHOWN]]
        lines += [f"… and {len(leaks) - SHOWN:,} more."] if len(leaks) > SHOWN else []
        raise DeployError("Secrets would be uploaded; nothing was written.\n" + "\n".join(lines))


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for path, _, names in os.walk(folder):
        for name in names:
            file = os.path.join(path, name)  # noqa: PTH118 - texts, for there are thousands
            yield os.path.relpath(file, folder).replace(os.sep, "/"), file


@dataclass(frozen=True, slots=True)
class _Search:
    needles: tuple[tuple[bytes, str], ...]
    allowed: frozenset[str]
    overlap: int
    published: frozenset[str]

    @classmethod
    def of_project(cls, allowed: Collection[str], published: Collection[str]) -> _Search:
        needles: dict[bytes, str] = {}
        for secret in confidential_values():
            if not any(_is_allowed(name, allowed) for name in secret.names):
                forms = quoted_forms(secret.value) if secret.is_word else forms_of(secret.value)
                needles.update(dict.fromkeys(forms, secret.names[0]))
        return cls(
            tuple(needles.items()), frozenset(allowed), max([OVERLAP, *map(len, needles)]), frozenset(published)
        )

    def file(self, name: str, file: str) -> Iterator[Leak]:
        is_public = name.startswith(VENDORED) and name.split("/")[1] in self.published
        if not is_public and _is_environment(name):
            yield Leak(name, 0, "", f"a file of environment variables. {_cure(name)}")
        found: set[str] = set()
        with open(file, "rb") as opened:  # noqa: PTH123
            for number, (chunk, lines) in enumerate(_chunks(opened, self.overlap)):
                if number == 0 and not is_public and chunk.startswith(SQLITE) and not OWN_DATABASES.fullmatch(name):
                    yield Leak(name, 0, "", f"a database. {_cure(name)}")
                for start, secret, why in self._in(chunk, is_public=is_public):
                    if secret not in found:
                        found.add(secret)
                        line = 0 if b"\0" in chunk else lines + chunk.count(b"\n", 0, start)
                        yield Leak(name, line, secret, why)

    def _in(self, chunk: bytes, *, is_public: bool) -> Iterator[tuple[int, str, str]]:
        for needle, name in self.needles:
            if (start := chunk.find(needle)) >= 0:
                yield start, name, f"its value stands here. {FROM_ENVIRONMENT}"
        for each in () if is_public else TELLTALES:
            is_likely = each.name not in self.allowed and any(hint in chunk for hint in each.hints)
            if is_likely and (match := each.pattern.search(chunk)):
                yield match.start(), each.name, each.why


def _chunks(file: BinaryIO, overlap: int) -> Iterator[tuple[bytes, int]]:
    """Pieces that overlap, and the number of the line that each begins in."""
    kept, line = b"", 1
    while data := file.read(CHUNK):
        chunk = kept + data
        yield chunk, line
        kept = chunk[-overlap:]
        line += chunk.count(b"\n", 0, len(chunk) - len(kept))


def _cure(name: str) -> str:
    return REMOVE_FROM_LIBRARY if name.startswith(VENDORED) else REMOVE.format(file=name)


def _is_allowed(name: str, allowed: Collection[str]) -> bool:
    """By its whole name, or by that of the setting, or by the last: 'DATABASES["default"]["PASSWORD"]'."""
    parts = re.findall(r"[^\[\]\"]+", name)
    return name in allowed or parts[0] in allowed or parts[-1] in allowed


def _is_environment(path: str) -> bool:
    name = path.rpartition("/")[2]
    return not EXAMPLES.fullmatch(name) and (name == ".env" or name.startswith(".env.") or name.endswith(".env"))
