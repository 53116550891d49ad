"""A stored page and a view that answers with as many constant bytes, over a socket that is kept open."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from benchmarks.blog.posts import SLUGS
from benchmarks.client import Client, request_bytes
from benchmarks.measure import Figure
from benchmarks.server import COMMANDS, running

BLOCK = 100  # requests
BLOCKS = 41
SLOWEST = 1.2  # times a view that does nothing
PAGES = [request_bytes(f"/posts/{slug}/") for slug in SLUGS[:BLOCK]]
CONSTANTS = [request_bytes(f"/constant/{slug}/") for slug in SLUGS[:BLOCK]]
CPU = request_bytes("/cpu/")


@dataclass(frozen=True, slots=True)
class Took:
    """One request, in seconds."""

    wall: float  # as the client sees it
    cpu: float  # of the server's process


def figures() -> Iterator[Figure]:
    for name, command in COMMANDS.items():
        if find_spec(name) is None:
            print(f"{name} is not installed.")
            continue
        with running(command, built=False) as server, Client(server.port) as client:
            _check(client)
            yield from _compared(f"{name}: the constant view itself (the noise)", client, CONSTANTS)
            yield from _compared(f"{name}: a page that a visitor asked for first", client, PAGES, SLOWEST)
        with running(command, built=True) as server, Client(server.port) as client:
            _check(client)
            yield from _compared(f"{name}: a page as it was built", client, PAGES, SLOWEST)
            server.manage("revalidate", "--all")
            _check(client)
            yield from _compared(f"{name}: a page that was built, and renewed since", client, PAGES, SLOWEST)


def _check(client: Client) -> None:
    """All pages are there, and the first is what the view answers with."""
    for page in PAGES:
        client.ask(page)
    (head, page), (_, constant) = client.ask(PAGES[0]), client.ask(CONSTANTS[0])
    if b"x-pagesapi-cache: hit" not in head.lower() or page != constant or len(page) < 1500:
        raise RuntimeError(f"No stored page, or another one: {head.decode('latin-1')}")


def _compared(name: str, client: Client, pages: Sequence[bytes], limit: float | None = None) -> Iterator[Figure]:
    """Against the constant view: as the client's clock has it, and by the CPU time of the server."""
    blocks = [(_took(client, pages), _took(client, CONSTANTS)) for _ in range(BLOCKS)]
    yield _figure(name, [(ours.wall, theirs.wall) for ours, theirs in blocks], limit)
    yield _figure(f"{name}: CPU time", [(ours.cpu, theirs.cpu) for ours, theirs in blocks])


def _took(client: Client, requests: Sequence[bytes]) -> Took:
    before = _cpu(client)
    start = time.perf_counter()
    for request in requests:
        client.ask(request)
    wall = time.perf_counter() - start
    return Took(wall / len(requests), (_cpu(client) - before) / len(requests))


def _cpu(client: Client) -> float:
    _, body = client.ask(CPU)
    return float(body)


def _figure(name: str, pairs: Sequence[tuple[float, float]], limit: float | None = None) -> Figure:
    ours, theirs = (statistics.median(side) * 1e6 for side in zip(*pairs, strict=True))
    note = f"{ours:.0f} against {theirs:.0f} µs"
    return Figure.of(name, "x", [one / other for one, other in pairs], limit=limit, note=note)
