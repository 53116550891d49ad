"""What a build did."""

from __future__ import annotations

import sysconfig
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be made. `path` is its URL, or the pattern whose pages could not be listed."""

    path: str
    error: str  # "DoesNotExist: Post matching query does not exist."
    location: str  # "blog/views.py:42"; empty where nothing of the project's took part

    @classmethod
    def of(cls, path: str, error: BaseException) -> Failure:
        shown = "".join(traceback.format_exception_only(type(error), error)).strip()
        name = type(error).__name__
        return cls(path, shown[shown.find(name) :] if name in shown else shown, location_of(error))


def location_of(error: BaseException) -> str:
    """File and line of the project's own code that an exception came through last."""
    debug = getattr(error, "template_debug", None)
    if isinstance(debug, dict) and debug.get("name"):
        return f"{debug['name']}:{debug.get('line', 0)}"
    frames = list(_frames(error.__traceback__))
    own = [frame for frame in frames if not _is_foreign(frame.filename)]
    return f"{_shown(own[-1].filename)}:{own[-1].lineno}" if own else ""


def _frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    return list(traceback.extract_tb(trace))


def _is_foreign(file: str) -> bool:
    folders = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    path = Path(file)
    return file.startswith("<") or path.is_relative_to(PACKAGE) or any(path.is_relative_to(item) for item in folders)


def _shown(file: str) -> str:
    try:
        return Path(file).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file


@dataclass(slots=True)
class Report:
    """Counts of pages and files; `ok` says whether the new site stands."""

    output: str
    pages: int = 0  # rendered without an error, redirects and 404s among them
    written: int = 0  # files of pages that are new, or whose bytes changed
    unchanged: int = 0  # files of pages that are what they were
    kept: int = 0  # pages that `--only` left alone, or that a shard brought
    removed: int = 0  # files of pages that are gone
    redirects: int = 0
    missing: int = 0  # listed pages that are a 404
    static_files: int = 0
    other_changes: int = 0  # static files, 404.html and files for hosts that are new or changed
    seconds: float = 0
    build_id: str = ""
    changed: list[str] = field(default_factory=list)  # URLs of pages that are new, changed or gone; 50 at most
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what a user should know, though nothing failed

    @property
    def ok(self) -> bool:
        return not self.failures

    @property
    def is_unchanged(self) -> bool:
        return not (self.written or self.removed or self.other_changes)

    def as_dict(self) -> dict[str, Any]:
        return {"ok": self.ok, **asdict(self)}
