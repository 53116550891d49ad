"""How far a build has come: a live bar on a terminal (by rich), plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pagesapi.pages.building.options import Progress

Show = Callable[[Progress], None]
INTERVAL = 5.0  # seconds between two plain lines


@contextmanager
def progress_to(stream: Any, *, quiet: bool = False, no_color: bool = False) -> Iterator[Show | None]:
    """What to call with every `Progress`; None if nothing is to be shown."""
    if quiet:
        yield None
    elif stream.isatty():
        yield from _live(stream, no_color=no_color)
    else:
        yield _plain(stream)


def _plain(stream: Any) -> Show:
    last = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= INTERVAL:
            last = time.monotonic()
            stream.write(_line(progress))

    return show


def _line(progress: Progress) -> str:
    of = f" of {progress.total:,}" if progress.total is not None else ""
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    return f"{progress.done:,}{of} pages{failed}"


def _live(stream: Any, *, no_color: bool) -> Iterator[Show]:
    try:
        from rich.console import Console  # noqa: PLC0415 - an extra
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
        from rich.progress import Progress as Bar  # noqa: PLC0415
    except ImportError:
        stream.write('For a progress bar: pip install "pagesapi[progress]"')
        yield _plain(stream)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(file=stream._out, no_color=no_color or None)  # None: as NO_COLOR says
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Pages", total=None)

        def show(progress: Progress) -> None:
            said = f"Pages, {progress.failed:,} failed" if progress.failed else "Pages"
            bar.update(task, completed=progress.done, total=progress.total, description=said)

        yield show
