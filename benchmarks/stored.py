"""A stored page over a socket, under load, against a view that answers with a constant, nginx, and Next.js."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from benchmarks import load, nginx, node
from benchmarks.blog.posts import SLUGS, posts_json
from benchmarks.load import SERVER_CORES, Load, Target
from benchmarks.measure import Figure
from benchmarks.server import GRANIAN, Server, running

SECONDS, ROUNDS = 3, 7
PAGES = 100
OURS = "pagesapi's stored page"
VIEW = "a constant view of a project without pagesapi"
BESIDE = "a constant view beside it, behind ApiMiddleware"
NOISE = "the first constant view again (the noise)"
BLOG = Path(__file__).resolve().with_name("nextjs_blog")


def figures(*, quick: bool = False) -> Iterator[Figure]:
    if why := load.missing() or _without_granian():
        print(why)
        return
    with ExitStack() as stack:
        targets = _targets(stack)
        rounds = [
            {name: target.load(1 if quick else SECONDS) for name, target in targets.items()}
            for _ in range(3 if quick else ROUNDS)
        ]
    for name in targets:
        rates = [loads[name].rate for loads in rounds]
        cpu = statistics.median(loads[name].cpu for loads in rounds) * 1e6
        yield Figure.of(f"{name}: requests a second", "", rates, note=f"{cpu:.0f} µs of CPU each")
    for name in targets:
        if name != OURS:
            one, other = (NOISE, VIEW) if name == NOISE else (OURS, name)
            yield from _compared(one, other, rounds)


def _without_granian() -> str:
    return "" if find_spec("granian") else "Left out: granian is not installed."


def _targets(stack: ExitStack) -> Mapping[str, Target]:
    """All of them run at once, and wait while another one is asked."""
    server = stack.enter_context(running(GRANIAN, built=True, cores=SERVER_CORES))
    plain = stack.enter_context(running(GRANIAN, built=False, urlconf="constant", cores=SERVER_CORES))
    constants = [f"/constant/{slug}/" for slug in SLUGS[:PAGES]]
    view, beside = (Target(one.port, one.pid, constants) for one in (plain, server))
    ours = Target(server.port, server.pid, [f"/posts/{slug}/" for slug in SLUGS[:PAGES]])
    targets = {VIEW: view, OURS: ours, BESIDE: beside, NOISE: view, **_of_nginx(stack, server)}
    if len({target.body() for target in targets.values()}) != 1:
        raise RuntimeError("Not everybody answers with the same page.")
    return {**targets, **_of_next(stack)}


def _of_nginx(stack: ExitStack, server: Server) -> Mapping[str, Target]:
    if nginx.PROGRAM is None:
        print("nginx is left out: it is not installed.")
        return {}
    paths = [f"/posts/{slug}/" for slug in SLUGS[:PAGES]]
    written = (server.out / "nginx.conf.example").read_text("utf-8")
    confs = {"nginx, the prerendered file": nginx.PLAIN, "nginx, as nginx.conf.example says": written}
    found = {
        name: stack.enter_context(nginx.serving(server.out, conf, cores=SERVER_CORES)) for name, conf in confs.items()
    }
    return {name: Target(port, pid, paths) for name, (port, pid) in found.items()}


def _of_next(stack: ExitStack) -> Mapping[str, Target]:
    if why := node.missing():
        print(why)
        return {}
    project = stack.enter_context(node.project(BLOG))
    (project.folder / "posts.json").write_text(posts_json(), "utf-8")
    project.build()
    next_js = stack.enter_context(project.started(SERVER_CORES))
    target = Target(next_js.port, next_js.pid, [f"/posts/{slug}" for slug in SLUGS[:PAGES]])
    target.body()
    return {f"{node.NAME}, an ISR page": target}


def _compared(one: str, other: str, rounds: list[dict[str, Load]]) -> Iterator[Figure]:
    if one == OURS:
        yield Figure.of(
            f"{one}: speed, against {other}", "x", [loads[one].rate / loads[other].rate for loads in rounds]
        )
        yield Figure.of(
            f"{one}: CPU time, against {other}", "x", [loads[one].cpu / loads[other].cpu for loads in rounds]
        )
    else:
        yield Figure.of(f"{one}: speed", "x", [loads[one].rate / loads[other].rate for loads in rounds])
