"""Who may call, compared with what was agreed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pagesapi.endpoints.report import rows

Rows = dict[tuple[str, str], dict[str, Any]]


def assert_policy(snapshot: str | Path) -> None:
    """Fail if who may call the project's routes is another than in a file that `manage.py routes` wrote.

    >>> assert_policy(BASE_DIR / "tests" / "policy.json")

    Raises `AssertionError` with the differences, and with the command that accepts them.
    """
    path = Path(snapshot)
    here = path.resolve()
    shown = here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here
    command = f"python manage.py routes --policy --json > {shown.as_posix()}"
    try:
        expected = json.loads(path.read_text("utf-8"))
        before = {_key(row): row for row in expected if _line(row)}
    except (FileNotFoundError, IsADirectoryError):
        raise AssertionError(f"There is no {path} to compare with. Write it: {command}") from None
    except (ValueError, TypeError, KeyError) as error:
        raise AssertionError(f"{path} is not what `{command}` writes: {error}") from None
    found = [row.as_dict(policy=True) for row in rows()]
    broken = [f"{row['file']}: {row['error']}" for row in found if row["error"]]
    if broken:
        raise AssertionError(f"Who may call cannot be told of every route: {'; '.join(broken)}")
    if found != expected:
        changes = _changes(before, {_key(row): row for row in found}) or ["  The order in which routes are tried."]
        raise AssertionError("\n".join([f"Who may call has changed. If it is meant so: {command}", *changes]))


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["url"], row["file"]


def _changes(before: Rows, now: Rows) -> list[str]:
    """A line for each route that is gone (-) or new (+), and two for one that is another."""
    changed = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    signs = (("-", before), ("+", now))
    return [f"{sign} {_line(rows[key])}" for key in changed for sign, rows in signs if key in rows]


def _line(row: dict[str, Any]) -> str:
    policy = ", ".join(f"{name}: {_text(value)}" for name, value in (row.get("policy") or {}).items())
    return f"{row['url']} ({row['file']}) {' '.join(row['methods'])}; {policy}"


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
