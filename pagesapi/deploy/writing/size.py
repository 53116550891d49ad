"""How large a function is, unzipped: platforms refuse one that is too large, and only after the upload."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from pagesapi.exceptions import DeployError

LIMIT = 250 * 1024 * 1024  # AWS Lambda's, layers included, and Vercel's
SHOWN = 10


def check_size(folder: Path, limit: int = LIMIT) -> int:
    """The bytes of all files. Raises `DeployError` with the largest entries where they are more than `limit`."""
    sizes = _sizes(folder)
    total = sum(sizes.values())
    if total > limit:
        largest = "\n".join(f"{size / 1024**2:8.1f} MB  {name}" for name, size in sizes.most_common(SHOWN))
        raise DeployError(
            f"{folder} has {total / 1024**2:.1f} MB, and the platform takes {limit / 1024**2:.0f} MB. "
            f"Leave out what the function does not need (--exclude, --requirements). The largest:\n{largest}"
        )
    return total


def _sizes(folder: Path) -> Counter[str]:
    """By what stands in the folder, or, of the dependencies, in theirs."""
    sizes: Counter[str] = Counter()
    for path, _, names in os.walk(folder):
        parts = Path(path).relative_to(folder).parts
        depth = 2 if parts and parts[0].startswith("_") else 1
        for name in names:
            sizes["/".join((*parts, name)[:depth])] += os.lstat(os.path.join(path, name)).st_size  # noqa: PTH118
    return sizes
