"""The endpoints of `benchmarks/peers` over a socket: each server on one core, `wrk` on another."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from benchmarks import load, node
from benchmarks.load import SERVER_CORES, Load
from benchmarks.measure import Figure
from benchmarks.peers.cases import CASES, Case
from benchmarks.peers.peer import NOISE, OURS, OVER_A_SOCKET, VIEWS, Peer
from benchmarks.peers.started import Started, started
from benchmarks.peers.under_load import put_under_load

SECONDS = 1  # a turn
WARM_UP = 5  # seconds, of Next.js before a case's first turn: V8 compiles what is asked for often
ROUNDS, QUICK = 5, 3  # odd, so that the median is one of them
NEXTJS = Path(__file__).resolve().parent / "peers" / "nextjs"


def figures(*, quick: bool = False) -> Iterator[Figure]:
    if why := _missing():
        print(why)
        return
    peers = [*OURS, *_installed()]
    for middleware in (False, True):
        having = [peer for peer in peers if peer.knows_middleware or not middleware]
        said = "default middleware" if middleware else "no middleware"
        with ExitStack() as stack:
            servers = _servers(having, stack, middleware=middleware)
            for case in CASES:
                yield from _ratios(f"{case.name}, {said}", _loads(case, servers, QUICK if quick else ROUNDS))


def _missing() -> str:
    if not find_spec("granian"):
        return "Left out: granian is not installed."
    return load.missing()


def _installed() -> Iterator[Peer]:
    without_next = node.missing()
    if without_next:
        print(without_next)
    for peer in OVER_A_SOCKET:
        if not peer.is_installed:
            print(f"{peer.name} is left out: it is not installed.")
        elif peer.kind != "next" or not without_next:
            yield peer


def _servers(peers: Sequence[Peer], stack: ExitStack, *, middleware: bool) -> dict[Peer, Started]:
    """All of them at once: those that are not asked do nothing."""
    servers = {
        peer: stack.enter_context(started(peer, middleware=middleware, cores=SERVER_CORES))
        for peer in peers
        if peer.kind != "next"
    }
    if nexts := [peer for peer in peers if peer.kind == "next"]:
        project = stack.enter_context(node.project(NEXTJS))
        project.build()
        server = stack.enter_context(project.started(SERVER_CORES))
        servers |= {peer: Started(server.port, server.pid, f"/{peer.module}") for peer in nexts}
    return servers


def _loads(case: Case, servers: Mapping[Peer, Started], rounds: int) -> dict[Peer, list[Load]]:
    """A B C A B C …"""
    for peer, server in servers.items():
        server.answer(case).check(case, peer.name)
        if peer.kind == "next":
            put_under_load(server, case, WARM_UP)
    turns = {**servers, NOISE: servers[VIEWS]}
    taken = [{peer: put_under_load(server, case, SECONDS) for peer, server in turns.items()} for _ in range(rounds)]
    return {peer: [loads[peer] for loads in taken] for peer in turns}


def _ratios(name: str, loads: Mapping[Peer, Sequence[Load]]) -> Iterator[Figure]:
    yield _ratio(f"{name}: {NOISE.name}", loads[NOISE], loads[VIEWS])
    for ours in OURS:
        for peer, theirs in loads.items():
            if peer not in (*OURS, NOISE):
                yield _ratio(f"{name}: {ours.name} against {peer.title}", loads[ours], theirs)


def _ratio(name: str, ours: Sequence[Load], theirs: Sequence[Load]) -> Figure:
    """Of the CPU time of a request: on a core of its own that is a server's speed, and others disturb it less."""
    costs = [statistics.median(one.cpu for one in loads) * 1e6 for loads in (ours, theirs)]
    rates = [statistics.median(one.rate for one in loads) for loads in (ours, theirs)]
    note = f"{costs[0]:.0f} against {costs[1]:.0f} µs, {rates[0]:,.0f} against {rates[1]:,.0f} a second"
    return Figure.of(name, "x", [one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True)], note=note)
