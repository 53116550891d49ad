"""Compressed copies beside the files of a site, for hosts that send them as they are (`gzip_static`)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from pagesapi.exceptions import DeployError

# Of text types. What is compressed already (images, woff2) would not become smaller.
EXTENSIONS = {
    "css",
    "htm",
    "html",
    "js",
    "json",
    "map",
    "md",
    "mjs",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xhtml",
    "xml",
}
EXTENSIONS |= {"atom", "csv", "geojson", "ics", "jsonld", "rss", "topojson", "vtt", "xsl"}
EXTENSIONS |= {"eot", "otf", "ttf"}  # fonts that are not compressed in themselves
NO_FILES = {"_headers", "_redirects", "nginx.conf.example"}  # of the host, at the top
SMALLEST = 1024  # bytes: a smaller file fits into one packet as it is
LARGE = 4 << 20  # bytes from which brotli's last step would take minutes
FEW = 1 << 20  # bytes that are compressed before the first process has begun
HEAD = b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff"  # of gzip (RFC 1952): no time, no name, no system

Show = Callable[[int, int], None]


class Job(NamedTuple):
    file: str
    size: int


def check_brotli() -> None:
    """Raises `DeployError` where it is not installed."""
    try:
        import_module("brotli")
    except ImportError as error:
        raise DeployError('--compress writes .br files by brotli: pip install "pagesapi[compress]"') from error


def compress(folder: Path, *, workers: int | None = None, progress: Show | None = None) -> int:
    """Write `.br` and `.gz` copies of every text file that they are smaller than; give how many copies there are.

    The same files give the same copies. `workers`: processes; None: one a processor. `progress` is called with how
    many files are done, and how many there are. Raises `DeployError`.
    """
    check_brotli()
    written = 0
    try:
        jobs = sorted(_jobs(folder), key=lambda job: -job.size)  # the largest first, so that none is waited for alone
        with _runner(jobs, workers) as run:
            for done, copies in enumerate(run(jobs), 1):
                written += copies
                if progress is not None:
                    progress(done, len(jobs))
    except (OSError, BrokenProcessPool) as error:
        raise DeployError(f"The files of {folder} cannot be compressed: {error}") from error
    return written


def _jobs(folder: Path) -> Iterator[Job]:
    for path, _, names in os.walk(folder):
        for name in names:
            if name.rpartition(".")[2].lower() in EXTENSIONS and not (path == str(folder) and name in NO_FILES):
                file = os.path.join(path, name)  # noqa: PTH118 - texts, for there may be many
                size = os.stat(file).st_size  # noqa: PTH116
                if size >= SMALLEST:
                    yield Job(file, size)


@contextmanager
def _runner(jobs: list[Job], workers: int | None) -> Iterator[Callable[[list[Job]], Iterator[int]]]:
    """In several processes, for brotli lets no two threads compress at once; few files in this one."""
    count = min(workers or _processors(), len(jobs))
    if count < 2 or sum(job.size for job in jobs) < FEW or multiprocessing.current_process().daemon:
        yield lambda jobs: map(add_copies, jobs)
        return
    context = multiprocessing.get_context("spawn")  # a fork beside threads can stand still
    executor = ProcessPoolExecutor(count, context, initializer=_leave_interrupts_to_parent)
    try:
        yield lambda jobs: executor.map(add_copies, jobs, chunksize=4)
    finally:
        executor.shutdown(cancel_futures=True)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _leave_interrupts_to_parent() -> None:  # pragma: no cover - runs in the workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def add_copies(job: Job) -> int:
    """Copies of one file, as old as it is; what stands there already is left as it is."""
    data = Path(job.file).read_bytes()
    made = os.stat(job.file).st_mtime_ns  # noqa: PTH116
    written = 0
    for suffix, compressed in ((".br", brotlied), (".gz", gzipped)):
        target = Path(job.file + suffix)
        if not target.exists() and len(copy := compressed(data)) < len(data):
            target.write_bytes(copy)
            os.utime(target, ns=(made, made))  # servers make their ETag of it
            written += 1
    return written


def gzipped(data: bytes) -> bytes:
    """As RFC 1952 has it, and the same on every machine and Python."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    body = deflate.compress(data) + deflate.flush()
    return HEAD + body + zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")


def brotlied(data: bytes) -> bytes:
    brotli: Any = import_module("brotli")  # an extra
    return brotli.compress(data, quality=9 if len(data) > LARGE else 11)  # type: ignore[no-any-return]
