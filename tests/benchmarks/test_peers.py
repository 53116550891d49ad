"""What the benchmarks compare is the same work: everybody who is installed answers the same JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.peers.cases import CASES
from benchmarks.peers.peer import BOLT, IN_PROCESS, METHODS, OURS, Peer
from benchmarks.peers.started import started

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = [peer for peer in IN_PROCESS if peer.is_installed]
# One for each way in which a server is started; what the others answer is seen in process.
SERVED = [
    pytest.param(peer, middleware, id=f"{peer.kind}-{'with' if middleware else 'no'}-middleware")
    for peer in (METHODS, BOLT, *IN_PROCESS)
    for middleware in (False, True)
    if peer.is_installed and (peer is METHODS or peer.kind != "django") and (peer.knows_middleware or not middleware)
]


@pytest.mark.parametrize("ours", OURS, ids=lambda peer: peer.files)
def test_everybody_answers_the_same_in_process(ours: Peer) -> None:
    command = [sys.executable, "-m", "benchmarks.peers.process", ours.files, "--check"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    answered = dict(map(json.loads, said.splitlines()))
    assert len(answered) == 2 * len(CASES)
    for name, peers in answered.items():
        with_middleware = "default middleware" in name
        assert peers == [peer.name for peer in (ours, *INSTALLED) if peer.knows_middleware or not with_middleware]


@pytest.mark.server
@pytest.mark.parametrize(("peer", "middleware"), SERVED)
def test_everybody_answers_the_same_over_a_socket(peer: Peer, middleware: bool) -> None:
    with started(peer, middleware=middleware, cores=()) as server:
        for case in CASES:
            server.answer(case).check(case, peer.name)
