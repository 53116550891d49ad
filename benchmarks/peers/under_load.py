"""A case asked as often as a server answers it, by `wrk` over connections that are kept open."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from benchmarks.load import CLIENT_CORES, Load
from benchmarks.machine import seconds_of
from benchmarks.node import pinned
from benchmarks.peers.cases import Case
from benchmarks.peers.started import Started

CONNECTIONS = 32
PATIENCE = 10  # seconds within which the slowest answers one, even beside other programs
COUNT = re.compile(r"^\s*(\d+) requests in ", re.MULTILINE)
RATE = re.compile(r"^Requests/sec:\s+([\d.]+)$", re.MULTILINE)
FAILURES = re.compile(r"^\s*(?:Non-2xx|Socket errors)", re.MULTILINE)
POST = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [==[%s]==]
"""


def put_under_load(server: Started, case: Case, seconds: int) -> Load:
    """Longer if nothing was answered in that time. Raises `RuntimeError` if a single request failed."""
    with tempfile.TemporaryDirectory(prefix="benchmarks_") as folder:
        script = Path(folder, "post.lua")
        script.write_text(POST % case.body.decode() if case.body else "", "utf-8")
        words = ["--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s", f"--script={script}"]
        command = [*pinned(CLIENT_CORES), "wrk", *words, server.url(case)]
        before = seconds_of(server.pid)
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        cpu = seconds_of(server.pid) - before
    count, rate = COUNT.search(said), RATE.search(said)
    if count is None or rate is None or FAILURES.search(said):
        raise RuntimeError(f"{server.url(case)}: {said}")
    if count[1] == "0" and seconds < PATIENCE:
        return put_under_load(server, case, PATIENCE)
    return Load(float(rate[1]), cpu / int(count[1]))
