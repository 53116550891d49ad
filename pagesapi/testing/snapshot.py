"""Who may call, compared with what was agreed."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

from pagesapi.endpoints.report import rows


def assert_policy(snapshot: str | Path) -> None:
    """Fail if who may call the project's routes is another than in a file that `manage.py routes` wrote.

    >>> assert_policy(BASE_DIR / "tests" / "policy.json")

    Raises `AssertionError` with the differences, and with the command that accepts them.
    """
    path = Path(snapshot)
    command = f"manage.py routes --policy --json > {path.name}"
    try:
        expected = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise AssertionError(f"There is no {path} to compare with. Write it: {command}") from None
    except ValueError as error:
        raise AssertionError(f"{path} is not what `{command}` writes: {error}") from None
    found = [row.as_dict(policy=True) for row in rows()]
    broken = [f"{row['file']}: {row['error']}" for row in found if row["error"]]
    if broken:
        raise AssertionError(f"Who may call cannot be told of every route: {'; '.join(broken)}")
    if found != expected:
        before, now = (json.dumps(each, indent=2).splitlines() for each in (expected, found))
        changes = "\n".join(difflib.unified_diff(before, now, str(path), "this tree", lineterm=""))
        raise AssertionError(f"Who may call has changed. If it is meant so: {command}\n{changes}")
