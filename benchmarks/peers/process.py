"""All peers in one process: `python -m benchmarks.peers.process FILES [--quick]` prints figures, each a line of JSON.

FILES: which of the trees in `routes` is ours.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import django
from django.conf import settings

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.settings"
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 - it imports what wants the settings

from benchmarks.measure import Figure, Pairs, Run  # noqa: E402
from benchmarks.peers import routes  # noqa: E402
from benchmarks.peers.asking import ASGI, WSGI  # noqa: E402
from benchmarks.peers.cases import CASES, Case  # noqa: E402
from benchmarks.peers.peer import IN_PROCESS, NOISE, OURS, VIEWS, Peer  # noqa: E402
from benchmarks.peers.settings import middleware_of  # noqa: E402
from benchmarks.sample_tree import served  # noqa: E402
from benchmarks.turns import in_turn  # noqa: E402

ROUNDS, QUICK = 31, 7  # odd, so that the median is one of them


Runs = Mapping[Peer, Run]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", choices=[peer.files for peer in OURS])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--check", action="store_true", help="measure nothing, and tell who answers")
    options = parser.parse_args()
    ours = next(peer for peer in OURS if peer.files == options.files)
    with served(getattr(routes, ours.files)):
        for name, runs in situations(ours):
            if options.check:
                print(json.dumps([name, [peer.name for peer in runs]]))
                continue
            for figure in figures(name, runs, QUICK if options.quick else ROUNDS):
                print(json.dumps(asdict(figure)), flush=True)


def situations(ours: Peer) -> Iterator[tuple[str, Runs]]:
    """Each case, without middleware and with: everybody's requests. `RuntimeError` unless all have one answer."""
    peers = [ours, *(peer for peer in IN_PROCESS if peer.is_installed)]
    loop = asyncio.new_event_loop()
    for middleware in (False, True):
        having = [peer for peer in peers if peer.knows_middleware or not middleware]
        applications = {peer: application_of(peer, middleware=middleware) for peer in having}
        for case in CASES:
            name = f"{case.name}, {'default' if middleware else 'no'} middleware"
            yield name, {peer: run_of(peer, applications[peer], case, loop) for peer in having}
    loop.close()


def figures(name: str, runs: Runs, rounds: int) -> Iterator[Figure]:
    ours, *theirs = runs
    taken = in_turn({**runs, NOISE: runs[VIEWS]}, rounds)
    yield Pairs(taken[NOISE], taken[VIEWS]).figure(f"{name}: {NOISE.name}")
    for peer in theirs:
        yield Pairs(taken[ours], taken[peer]).figure(f"{name}: {ours.name} against {peer.title}")


def application_of(peer: Peer, *, middleware: bool) -> Any:
    """What a server would call."""
    module = importlib.import_module(f"benchmarks.peers.{peer.module}")
    if peer.kind != "django":
        return module.application
    settings.MIDDLEWARE = middleware_of(module.__name__) if middleware else []
    return WSGIHandler()


def run_of(peer: Peer, application: Any, case: Case, loop: asyncio.AbstractEventLoop) -> Run:
    """So many requests. Raises `RuntimeError` if they would not be answered as everybody answers them."""
    asked = ASGI(application, case, loop) if peer.kind == "asgi" else WSGI(application, case)
    urlconf = f"benchmarks.peers.{peer.module}"

    def run(count: int) -> None:
        settings.ROOT_URLCONF = urlconf
        asked.run(count)

    settings.ROOT_URLCONF = urlconf
    asked.answer().check(case, peer.title)
    return run


if __name__ == "__main__":
    main()
