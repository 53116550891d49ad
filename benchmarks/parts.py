"""The parts of `python -m benchmarks`, in the order in which they run."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks import (
    cold_start,
    endpoint,
    footprint,
    function,
    memory,
    next_build,
    policy,
    prerender,
    routes,
    scale,
    serve,
    sockets,
    speed,
    stored,
)
from benchmarks.measure import Figure

Figures = Callable[[Namespace], Iterator[Figure]]


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    says: str
    figures: Figures


ALL = (
    Part("speed", "one request of an endpoint, in process, against a hand-written view", lambda _: speed.figures()),
    Part("endpoint", "four endpoints in process, against other frameworks", lambda o: endpoint.figures(quick=o.quick)),
    Part("socket", "the same over a socket, under load", lambda o: sockets.figures(quick=o.quick)),
    Part("scale", "a path matched, a folder scanned, with more routes", lambda _: scale.figures()),
    Part("routes", "a request with 1 to 10,000 routes, and as many views", lambda o: routes.figures(quick=o.quick)),
    Part("start", "a start and first answer with 1 to 10,000 routes", lambda o: cold_start.figures(quick=o.quick)),
    Part("footprint", "the memory of a route, against a hand-written view's", lambda _: footprint.figures()),
    Part("policy", "the checks of who may call, against django-cors-headers alone", lambda _: policy.figures()),
    Part("function", "a serverless function's start, beside many routes", lambda _: function.figures()),
    Part(
        "prerender", "2,000 pages, against other packages and a bare loop", lambda o: prerender.figures(quick=o.quick)
    ),
    Part("many", "100,000 pages, or --pages, by each of them", lambda o: prerender.figures_of_many(o.pages)),
    Part("next-build", "next build of 2,000 pages, where node is there", lambda o: next_build.figures(quick=o.quick)),
    Part("memory", "a build's memory: 10,000 pages and 100,000, or --pages", lambda o: memory.figures(o.pages)),
    Part("serve", "a stored page as one client sees it, against a constant view", lambda _: serve.figures()),
    Part("stored", "a stored page under load: Django, nginx, Next.js", lambda o: stored.figures(quick=o.quick)),
)
PARTS = {part.name: part for part in ALL}
