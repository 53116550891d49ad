"""The endpoints of `benchmarks/peers` in process: what the frameworks take, without a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure
from benchmarks.peers.peer import IN_PROCESS, OURS

ROOT = Path(__file__).resolve().parent.parent


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """One process for each style of ours, with all peers: their Django has other settings than this one's."""
    for peer in IN_PROCESS:
        if not peer.is_installed:
            print(f"{peer.name} is left out: it is not installed.")
    for ours in OURS:
        command = [sys.executable, "-m", "benchmarks.peers.process", ours.files, *(["--quick"] if quick else [])]
        with subprocess.Popen(command, cwd=ROOT, env={**os.environ}, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                yield Figure(**json.loads(line))
        if process.returncode:
            raise RuntimeError(f"{' '.join(command[1:])} failed.")
