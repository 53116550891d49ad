"""What static hosts read, and no more: the rest is left out without a word."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

# https://developers.cloudflare.com/pages/platform/limits/
RULES = 100  # of `_headers`
LINE = 2000  # characters of one line there
REDIRECTS, REDIRECT_LINE = 2100, 1000
WILDCARDS = 100  # of the redirects, those with a "*"
FILES, FILE = 20_000, 25 << 20


def limits_exceeded(folder: Path) -> Iterator[str]:
    """A sentence for each of Cloudflare's limits; Netlify has none of them."""
    rules, longest = _measured(folder / "_headers", lambda line: not line.startswith((" ", "#")))
    if rules > RULES:
        yield f"_headers has {rules:,} rules; Cloudflare reads the first {RULES}."
    if longest > LINE:
        yield f"_headers has a line of {longest:,} characters; Cloudflare reads {LINE:,}."
    redirects, longest = _measured(folder / "_redirects", lambda line: not line.startswith("#"))
    wildcards, _ = _measured(folder / "_redirects", lambda line: "*" in line.partition(" ")[0])
    if redirects > REDIRECTS or wildcards > WILDCARDS:
        yield f"_redirects has {redirects:,} lines; Cloudflare reads {REDIRECTS:,}, {WILDCARDS} of them with a *."
    if longest > REDIRECT_LINE:
        yield f"_redirects has a line of {longest:,} characters; Cloudflare reads {REDIRECT_LINE:,}."
    yield from _files(folder)


def _measured(file: Path, is_counted: Callable[[str], bool]) -> tuple[int, int]:
    """How many lines count, and the length of the longest of all."""
    count = longest = 0
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            text = line.rstrip("\n")
            count += bool(text) and is_counted(text)
            longest = max(longest, len(text))
    return count, longest


def _files(folder: Path) -> Iterator[str]:
    sizes = {
        os.path.join(path, name): os.stat(os.path.join(path, name)).st_size  # noqa: PTH116, PTH118 - there may be many
        for path, _, names in os.walk(folder)
        for name in names
    }
    if len(sizes) > FILES:
        yield f"There are {len(sizes):,} files; Cloudflare Pages takes {FILES:,}."
    large = sorted(Path(name).relative_to(folder).as_posix() for name, size in sizes.items() if size > FILE)
    if large:
        yield f"Cloudflare Pages takes files of {FILE >> 20} MB at most: {', '.join(large[:5])}."
