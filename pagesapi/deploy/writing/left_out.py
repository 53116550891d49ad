"""Which of a project's files a running server does without, or must not be given."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

from pagesapi.conf import conf

TAKEN_THOUGH_HIDDEN = {".well-known", ".vite"}  # a folder of URLs (RFC 8615); what django-vite reads
FOLDERS = {"__pycache__", "node_modules", "bower_components", "site-packages", "htmlcov"}
OUTPUTS = {"dist", "build"}  # at the top alone: frontend/dist may be what templates read
FILES = re.compile(
    # compiled, written at run time, and what is no project's but a person's
    r".*\.py[co]|.*\.log|.*~|.*\.(?:swp|swo|orig|rej)|Thumbs\.db|desktop\.ini|celerybeat-schedule.*"
    # databases, and what SQLite writes beside them
    r"|.*\.(?:sqlite3?|db|sqlite3?-\w+|db-\w+)"
    # keys and passwords
    r"|.*\.(?:key|p12|pfx|jks|keystore|env|kdbx)|id_(?:rsa|dsa|ecdsa|ed25519)(?!.*\.pub).*|secrets?\.(?:json|ya?ml|toml)",
    re.IGNORECASE | re.DOTALL,
)
TEST_NAMES = re.compile(r"tests\.py|test_.*\.py|.*_test\.py", re.DOTALL)
TESTS = re.compile(  # a model may be called test_result.py
    rb"^\s*(?:async\s+)?def test|^\s*class \w*Tests?(?:Case)?\b|^(?:from|import)\s+(?:pytest|unittest|django\.test)\b",
    re.MULTILINE,
)
MARKS = ("_headers", "template.yaml", "config.json", "requirements.txt")
WRITTEN = b"(pagesapi); changes are lost."
ENVIRONMENT = ("pyvenv.cfg", "conda-meta")  # one of these stands in each
ENVIRONMENT_FOLDERS = {"bin", "include", "lib", "lib64", "scripts"}  # where BASE_DIR itself is one


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Asked with paths that are relative to `base`, with "/" between the names."""

    base: str
    api: str | None  # relative; the tree's names are URLs: "api/docs/tests.py" is a route
    apart: frozenset[str]  # relative: what is written at run time, or by a build
    needed: frozenset[str]  # relative: folders that the settings name, and those that lead to them
    exclude: tuple[str, ...]
    is_environment: bool  # somebody called `python -m venv .`

    @classmethod
    def of_project(cls, base: Path, target: Path, exclude: Sequence[str]) -> LeftOut:
        root = os.path.realpath(base)
        needed = {above for path in _relative(base, _needed()) for above in _with_parents(path)}
        return cls(
            base=root,
            api=next(iter(_relative(base, [conf.api_dir])), None),
            apart=frozenset(_relative(base, [*_written(), target])) - {"", *needed},
            needed=frozenset(needed),
            exclude=tuple(pattern.strip("/") for pattern in exclude),
            is_environment=Path(root, ENVIRONMENT[0]).is_file(),
        )

    def leads_to(self, path: str) -> bool:
        """Whether a link leads to what is left out for what it holds, rather than for where it stands."""
        above = _with_parents(path)
        kept_away = any(item in self.apart or self._is_excluded(item) or _is_hidden(_name(item)) for item in above)
        return kept_away or FILES.fullmatch(_name(path)) is not None or self._is_private_key(path)

    def folder(self, path: str, names: Iterable[str]) -> bool:
        """`names`: what the folder holds."""
        name = _name(path)
        if path in self.apart or self._is_excluded(path) or _is_hidden(name):
            return True
        found = set(names)
        if name in FOLDERS or not found.isdisjoint(ENVIRONMENT) or self._is_output(path, found):
            return True
        if path in self.needed or self._is_api(path):
            return False
        if "/" not in path and (name in OUTPUTS or (self.is_environment and name.lower() in ENVIRONMENT_FOLDERS)):
            return True
        return name.endswith(".egg-info") or (name == "tests" and any(item.endswith(".py") for item in found))

    def file(self, path: str) -> bool:
        name = _name(path)
        if path in self.apart or self._is_excluded(path) or _is_hidden(name) or FILES.fullmatch(name):
            return True
        if name in ENVIRONMENT or name == "conftest.py":
            return True
        if name == "tests.py" and self._is_api(path):
            return False
        return self._is_private_key(path) or (
            TEST_NAMES.fullmatch(name) is not None and TESTS.search(self._read(path)) is not None
        )

    def _is_private_key(self, path: str) -> bool:
        """A certificate goes along: databases are reached with one."""
        return path.endswith(".pem") and b"PRIVATE KEY" in self._read(path)

    def _is_output(self, path: str, names: set[str]) -> bool:
        """Whether a command of ours wrote the folder, wherever `--output` put it."""
        return any(WRITTEN in self._start(f"{path}/{mark}") for mark in MARKS if mark in names)

    def _start(self, path: str) -> bytes:
        file = Path(self.base, path)
        if not file.is_file():
            return b""
        with file.open("rb") as opened:
            return opened.read(100)

    def _is_api(self, path: str) -> bool:
        return self.api is not None and (self.api in ("", path) or path.startswith(f"{self.api}/"))

    def _is_excluded(self, path: str) -> bool:
        name = _name(path)
        return any(
            glob in (path, name) or fnmatch.fnmatchcase(path if "/" in glob else name, glob) for glob in self.exclude
        )

    def _read(self, path: str) -> bytes:
        return Path(self.base, path).read_bytes()


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and name not in TAKEN_THOUGH_HIDDEN


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _with_parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _relative(base: Path, paths: Iterable[Any]) -> Iterator[str]:
    """Those that lie in the project, by their own name and by that of what they link to; "" is the project itself."""
    for path in paths:
        named = os.path.abspath(os.path.join(base, path))  # noqa: PTH100, PTH118 - follows no links
        for root, full in ((os.path.abspath(base), named), (os.path.realpath(base), os.path.realpath(named))):  # noqa: PTH100
            if full == root:
                yield ""
            elif full.startswith(root + os.sep):
                yield os.path.relpath(full, root).replace(os.sep, "/")


def _needed() -> Iterator[Any]:
    """Folders that a server reads, whatever their names."""
    yield conf.api_dir
    yield from (config.path for config in apps.get_app_configs())
    engines: list[dict[str, Any]] = settings.TEMPLATES
    for engine in engines:
        yield from engine.get("DIRS", ())
    for item in getattr(settings, "STATICFILES_DIRS", ()):
        yield item[1] if isinstance(item, (list, tuple)) else item
    yield from settings.LOCALE_PATHS
    yield from settings.FIXTURE_DIRS


def _written() -> Iterator[Any]:
    yield conf.work_dir
    yield conf.output_dir
    names = ("STATIC_ROOT", "MEDIA_ROOT", "EMAIL_FILE_PATH", "SESSION_FILE_PATH")
    yield from filter(None, (getattr(settings, name, None) for name in names))
    for cache in settings.CACHES.values():
        if "filebased" in cache["BACKEND"].lower() and cache.get("LOCATION"):
            yield cache["LOCATION"]
    for database in settings.DATABASES.values():
        name = database.get("NAME")
        if "sqlite" in database.get("ENGINE", "") and name and not str(name).startswith(("file:", ":memory:")):
            yield from (f"{name}{suffix}" for suffix in ("", "-journal", "-wal", "-shm"))
