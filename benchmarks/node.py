"""Next.js projects of ours, built and started, where node and npm are there.

    if why := node.missing():
        print(why)
    else:
        with node.project(folder) as next_js:  # a folder with pages/ or app/
            print(next_js.build().seconds)
            with next_js.started() as server:
                print(server.port, server.pid)

Next.js itself is installed once, into the folder that `PAGESAPI_BENCHMARKS_NODE` names, else into the user's cache. A
project is a copy of the folder in there, below the one `node_modules`: Turbopack follows no link that leads out of it.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VERSIONS = {"next": "16.4.6", "react": "19.3.1", "react-dom": "19.3.1"}
OLDEST_NODE = 20  # for Next.js 16
NAME = f"Next.js {VERSIONS['next']}"
INSTALLING, STARTING = 600, 60  # seconds; reached only where something hangs
LOCAL = re.compile(r"http://127\.0\.0\.1:(\d+)")
CONFIG = """\
import path from "node:path"

const root = path.join(import.meta.dirname, "..", "..")
export default { turbopack: { root }, outputFileTracingRoot: root }
"""


@dataclass(frozen=True, slots=True)
class NextBuild:
    """What one `next build` took, in seconds."""

    seconds: float
    cpu: float  # of all its processes


@dataclass(frozen=True, slots=True)
class NextServer:
    """`next start`, which listens on this port."""

    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class NextProject:
    folder: Path

    def build(self) -> NextBuild:
        shutil.rmtree(self.folder / ".next", ignore_errors=True)
        start, cpu = time.perf_counter(), _children()
        done = subprocess.run(
            _next("build"), cwd=self.folder, env=_environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"next build failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return NextBuild(time.perf_counter() - start, _children() - cpu)

    @contextmanager
    def started(self, cores: Sequence[int] = ()) -> Iterator[NextServer]:
        """On these cores, where any are named; `build()` it before."""
        command = [*pinned(cores), *_next("start", "--hostname=127.0.0.1", "--port=0")]
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(command, cwd=self.folder, env=_environment(), stdout=log, stderr=log)
            try:
                yield NextServer(_port(process, log.fileno()), process.pid)
            finally:
                process.terminate()
                process.wait(STARTING)


def missing() -> str:
    """Why Next.js is left out; nothing if it can be measured. Installs it, the first time."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "Next.js is left out: there is no node, or no npm."
    if (found := int(_said_by("node", "--version").lstrip("v").split(".")[0])) < OLDEST_NODE:
        return f"Next.js is left out: it needs node {OLDEST_NODE}, this is {found}."
    try:
        _install()
    except subprocess.SubprocessError as error:
        return f"Next.js is left out: npm could not install it ({error})."
    return ""


def versions() -> dict[str, str]:
    return {**VERSIONS, "node": _said_by("node", "--version").lstrip("v")}


@contextmanager
def project(source: Path) -> Iterator[NextProject]:
    """A copy of a folder, with a `next.config.mjs` unless it has its own. Only where nothing is `missing()`."""
    projects = _cache() / "projects"
    projects.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=projects) as name:
        folder = Path(name).resolve()
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".next"))
        for file, text in (("next.config.mjs", CONFIG), ("package.json", '{"private": true}')):
            if not (folder / file).exists():
                (folder / file).write_text(text, "utf-8")
        yield NextProject(folder)


def pinned(cores: Sequence[int]) -> list[str]:
    """What a command begins with, to be run on these cores alone."""
    return ["taskset", "--cpu-list", ",".join(map(str, cores))] if cores and shutil.which("taskset") else []


def _cache() -> Path:
    named = os.environ.get("PAGESAPI_BENCHMARKS_NODE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else base / "pagesapi-benchmarks" / f"next-{VERSIONS['next']}"


def _install() -> None:
    folder = _cache()
    if all(_installed(folder, name) == version for name, version in VERSIONS.items()):
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": VERSIONS}), "utf-8")
    print(f"Installing {NAME} into {folder} …", flush=True)
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        env=_environment(),
        check=True,
        timeout=INSTALLING,
        stdout=subprocess.DEVNULL,
    )


def _installed(folder: Path, name: str) -> str:
    file = folder / "node_modules" / name / "package.json"
    return str(json.loads(file.read_text("utf-8"))["version"]) if file.exists() else ""


def _next(*words: str) -> list[str]:
    # Not npx, and not the script beside it: one process less, whose signals are ours.
    return ["node", str(_cache() / "node_modules" / "next" / "dist" / "bin" / "next"), *words]


def _environment() -> dict[str, str]:
    return {**os.environ, "NEXT_TELEMETRY_DISABLED": "1", "NODE_ENV": "production", "CI": "1"}


def _port(process: subprocess.Popen[bytes], log: int) -> int:
    """Which one the kernel gave; Next.js says it, and then that it is ready."""
    said, until = "", time.monotonic() + STARTING
    while time.monotonic() < until and process.poll() is None:
        said = os.pread(log, 100_000, 0).decode("utf-8", "replace")
        if "Ready" in said and (found := LOCAL.search(said)):
            return int(found[1])
        time.sleep(0.05)
    raise RuntimeError(f"next start did not come up: {said[-2000:]}")


def _said_by(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
