"""wrk, pinned to one core, that asks a server on another one for some pages in turn."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import seconds_of
from benchmarks.node import pinned

CONNECTIONS = 8
SERVER_CORES, CLIENT_CORES = (0,), (1,)
# The requests are put together once, so that wrk does no more than without a script.
SCRIPT = """\
local paths = {%s}
local requests, at = {}, 0
function init()
  for number, path in ipairs(paths) do requests[number] = wrk.format("GET", path) end
end
function request()
  at = at %% #requests + 1
  return requests[at]
end
function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\\n{"requests": %%d, "microseconds": %%d, "failed": %%d}\\n',
    summary.requests, summary.duration, failed))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under it."""

    rate: float  # requests a second
    cpu: float  # seconds of the server for one request, with the kernel's on its behalf


@dataclass(frozen=True, slots=True)
class Target:
    """Some pages of a server."""

    port: int
    pid: int
    paths: Sequence[str]

    def body(self) -> bytes:
        """Of the first. Raises an error unless every page is a 200; whatever is to be stored then is."""
        bodies = [self._asked(path) for path in self.paths]
        return bodies[0]

    def _asked(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as response:
            body: bytes = response.read()
            return body

    def load(self, seconds: int) -> Load:
        with tempfile.TemporaryDirectory(prefix="benchmarks_") as folder:
            script = Path(folder, "pages.lua")
            script.write_text(SCRIPT % ", ".join(map(json.dumps, self.paths)), "ascii")
            words = ["--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s", f"--script={script}"]
            command = [*pinned(CLIENT_CORES), "wrk", *words, f"http://127.0.0.1:{self.port}/"]
            before = seconds_of(self.pid)
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            cpu = seconds_of(self.pid) - before
        said = json.loads(done.stdout.strip().splitlines()[-1])
        if said["failed"]:
            raise RuntimeError(f"{said['failed']} of {said['requests']} requests failed.")
        return Load(said["requests"] / said["microseconds"] * 1e6, cpu / said["requests"])


def missing() -> str:
    """Why nothing can be measured; nothing if it can."""
    if shutil.which("wrk") is None or shutil.which("taskset") is None:
        return "Left out: there is no wrk, or no taskset."
    return ""
