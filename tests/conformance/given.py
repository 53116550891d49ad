"""What had happened before a case was observed: visits, time that went by, content that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.conformance.scene import Scene
from tests.conformance.static_site import content

Step = Callable[[Scene], None]
Key = tuple[str, str]

R1, PLAIN, NF, ONE = "/ssg/r1", "/ssg/plain", "/ssg/nf", "/bb/one"
HOUR = 3600.0


def visited(path: str) -> Step:
    def step(scene: Scene) -> None:
        scene.visit(path)

    return step


def aged(path: str, seconds: float = HOUR) -> Step:
    """Nobody came for so long."""
    return lambda scene: scene.age(path, seconds)


def renewed(path: str) -> tuple[Step, Step]:
    """A visitor came after its time, got the old page, and had it renewed."""
    return aged(path), visited(path)


def rendered(path: str, times: int) -> Step:
    def step(scene: Scene) -> None:
        content.renderings[path] = times

    return step


def now(path: str, mood: str) -> Step:
    def step(scene: Scene) -> None:
        content.changed_moods[path] = mood

    return step


def restarted(scene: Scene) -> None:
    scene.restart()


def each(step: Callable[[str], Step], paths: Mapping[str, str]) -> dict[Key, tuple[Step, ...]]:
    """The same for several cases: `paths` by their names."""
    return {("isr", name): (step(path),) for name, path in paths.items()}


FAILING = (rendered(R1, 4), *renewed(R1), now(R1, "throws"), *renewed(R1))

BEFORE: Mapping[Key, tuple[Step, ...]] = {
    **each(
        aged,
        {
            "r1 first after start (stale)": "/ssg/r1",
            "blog prebuilt one": "/blog/one",
            "blog prebuilt unicode": "/blog/ünï",
            "bt prebuilt space": "/bt/sp ace",
            "bt prebuilt unicode": "/bt/ünï",
            "bb prebuilt one": "/bb/one",
            "bb prebuilt unicode": "/bb/ünï",
        },
    ),
    **each(
        visited,
        {
            "blog unknown 2nd": "/blog/new1",
            "blog missing-forever 2nd": "/blog/missing-forever",
            "blog redir303 2nd": "/blog/redir303",
            "bt unknown 2nd": "/bt/new1",
            "bt page after data generated": "/bt/new2",
            "bt missing-forever 2nd": "/bt/missing-forever",
            "bt redir303 2nd": "/bt/redir303",
            "bb unknown 2nd": "/bb/new1",
            "bb page after data generated": "/bb/new2",
            "bb missing 2nd": "/bb/missing",
            "bb missing-forever 2nd": "/bb/missing-forever",
            "bb redir 2nd": "/bb/redir",
        },
    ),
    # pages that are renewed
    ("isr", "r1 immediately after bg regen"): (rendered(R1, 3), *renewed(R1)),
    ("isr", "r1 hit"): (rendered(R1, 3), *renewed(R1), visited(R1)),
    ("isr", "r1 fresh new"): (rendered(R1, 3), *renewed(R1), *renewed(R1)),
    ("isr", "r1 after failed regen"): FAILING,
    ("isr", "r1 1.2s after failed regen (TTL reset to 3s)"): (*FAILING, aged(R1, 1.2)),
    ("isr", "r1 3.4s+ after failed regen"): (*FAILING, aged(R1, 10)),
    ("isr", "r1 recovers (stale serve)"): (*FAILING, now(R1, "found"), aged(R1, 10)),
    ("isr", "r1 turn notFound (stale serve)"): (rendered(R1, 7), *renewed(R1), now(R1, "missing"), aged(R1)),
    ("isr", "r1 now 404"): (now(R1, "missing"), *renewed(R1)),
    ("isr", "r1 now redirect"): (now(R1, "redirects"), *renewed(R1)),
    ("isr", "reval turning notFound"): (now(R1, "missing"),),
    ("isr", "nf now found (stale)"): (now(NF, "found"), aged(NF)),
    ("isr", "nf now found (fresh)"): (now(NF, "found"), *renewed(NF)),
    # first renderings that fail
    ("isr", "blog after throw recovers"): (
        now("/blog/boom", "throws"),
        visited("/blog/boom"),
        now("/blog/boom", "found"),
    ),
    ("isr", "bt after throw recovers"): (now("/bt/boom", "throws"), visited("/bt/boom"), now("/bt/boom", "found")),
    ("isr", "bt after throw recovers 2"): (
        now("/bt/boom", "throws"),
        visited("/bt/boom"),
        now("/bt/boom", "found"),
        visited("/bt/boom"),
    ),
    ("isr", "bb throw on first gen"): (now("/bb/boom", "throws"),),
    ("isr", "bb after throw recovers"): (now("/bb/boom", "throws"), visited("/bb/boom"), now("/bb/boom", "found")),
    ("isr", "bb after throw recovers 2"): (
        now("/bb/boom", "throws"),
        visited("/bb/boom"),
        now("/bb/boom", "found"),
        visited("/bb/boom"),
    ),
    # pages made anew on demand
    ("isr", "bb ondemand1 after"): (visited("/api/reval/do?path=/bb/ondemand1"),),
    ("isr", "bb og1 after (miss)"): (visited("/api/reval/do?path=/bb/og1&og=1"),),
    ("isr", "bb og1 after2"): (visited("/bb/og1"), visited("/api/reval/do?path=/bb/og1&og=1")),
    ("isr", "reval onlyGenerated generated"): (visited("/bb/og1"),),
    ("isr", "reval throws"): (now(ONE, "throws"),),
    ("isr", "bb one after failed reval"): (
        *renewed(ONE),
        now(ONE, "throws"),
        visited(f"/api/reval/do?path={ONE}"),
    ),
    # another process
    ("isr", "after server restart: runtime-generated page persisted on disk"): (visited("/bb/never"), restarted),
    ("isr", "after restart r60 within window"): (*renewed("/ssg/r60"), restarted),
    # previews, which render for each request
    ("preview", "page preview"): (rendered(PLAIN, 7),),
    ("preview", "page preview again (n increments)"): (rendered(PLAIN, 8),),
    ("preview", "page draft"): (rendered(PLAIN, 9),),
    ("preview", "preview inm"): (rendered(PLAIN, 11),),
    ("preview", "isr page preview"): (rendered(R1, 2),),
    ("preview", "fallback false unknown in preview"): (rendered("/blog/unknown-in-preview", 1),),
    ("preview", "fallback true unknown in preview"): (rendered("/bt/unknown-in-preview", 1),),
    ("app-draft", "static route draft 2"): (rendered("/draft/static", 2),),
}
