"""What is asked of both sites: each endpoint in each safe way, each built page, and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pagesapi.conf import conf
from pagesapi.deploy.verify.question import Pairs, Question
from pagesapi.deploy.writing.plan import Endpoint, Plan
from pagesapi.endpoints.tree import get_tree
from pagesapi.pages.address import url_of
from pagesapi.pages.building.assets import static_url
from pagesapi.routing.segments import REFUSED, Kind, Matcher, Segment

ORIGIN = "https://elsewhere.example"
READING = ("GET", "HEAD", "OPTIONS")
WRITING = ("DELETE", "PATCH", "POST", "PUT")
# Tried in this order where a project's own converter says what a segment is.
PLAUSIBLE = ("1", "a", "2024", "2024-01-31", "0190163d-8694-739b-aea5-966c26f8ad91", "A", "en", "0.1", "abcdef12")
NOWHERE = "pagesapi/verify/no/such/page"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question to both sites; or, without `is_asked`, one that might change something, and so is only named."""

    question: Question
    is_asked: bool = True
    is_conditional: bool = False  # with the ETag of the same question without
    file: Path | None = None  # what a server in front of the live application would answer with


@dataclass(frozen=True, slots=True)
class Asker:
    """Makes questions as one browser would."""

    host: str

    @classmethod
    def of_project(cls) -> Asker:
        site = conf.site_url
        return cls(site.host if site else conf.host)

    def __call__(self, method: str, target: str, *headers: tuple[str, str]) -> Question:
        given: Pairs = (("Host", self.host), ("User-Agent", "pagesapi-verify"), ("Accept", "*/*"))
        return Question(method, target, given + headers)


def inquiries(plan: Plan, pages: Sequence[str], folder: Path | None = None) -> Iterator[Inquiry]:
    """`pages`: decoded paths of the built pages; `folder`: where they and the static files lie."""
    ask = Asker.of_project()
    found = [
        *_of_endpoints(ask, plan, pages),
        *(inquiry for path in pages for inquiry in _of_page(ask, url_of(path))),
        *_of_nothing(ask, plan.prefix),
        *(() if folder is None else _of_static_file(ask, folder)),
    ]
    return iter(dict.fromkeys(found))  # a static endpoint is a page too


def _of_endpoints(ask: Asker, plan: Plan, pages: Sequence[str]) -> Iterator[Inquiry]:
    for endpoint in plan.endpoints:
        for target in targets(endpoint, plan.prefix, pages):
            yield from _of_endpoint(ask, target, endpoint.methods)


def page_inquiries(pages: Sequence[str]) -> Iterator[Inquiry]:
    """For a host that knows of nothing but pages."""
    ask = Asker.of_project()
    for path in pages:
        yield Inquiry(ask("GET", url_of(path)))
        yield Inquiry(ask("HEAD", url_of(path)))


def _of_endpoint(ask: Asker, target: str, methods: tuple[str, ...]) -> Iterator[Inquiry]:
    yield Inquiry(ask("GET", target))
    yield Inquiry(ask("HEAD", target))
    yield Inquiry(ask("OPTIONS", target))
    yield Inquiry(ask("GET", target, ("Origin", ORIGIN)))
    yield Inquiry(ask("OPTIONS", target, ("Origin", ORIGIN), ("Access-Control-Request-Method", "GET")))
    refused = [method for method in WRITING if methods and method not in methods]
    if refused:
        yield Inquiry(ask(refused[0], target))
    for method in WRITING:
        if method not in refused:
            yield Inquiry(ask(method, target), is_asked=False)


def _of_page(ask: Asker, target: str) -> Iterator[Inquiry]:
    yield Inquiry(ask("GET", target))
    yield Inquiry(ask("HEAD", target))
    yield Inquiry(ask("GET", target), is_conditional=True)
    other = target[:-1] if target.endswith("/") else f"{target}/"
    if other:
        yield Inquiry(ask("GET", other))


def _of_nothing(ask: Asker, prefix: str) -> Iterator[Inquiry]:
    yield Inquiry(ask("GET", f"/{NOWHERE}"))
    if prefix:
        yield Inquiry(ask("GET", f"/{prefix}/{NOWHERE}"))


def _of_static_file(ask: Asker, folder: Path) -> Iterator[Inquiry]:
    """One: all take the same way. None where STATIC_URL is on another host."""
    url = static_url()
    if url is None or url == "/":
        return
    root = folder / url.strip("/")
    file = next((file for file in sorted(root.rglob("*")) if file.is_file()), None)
    if file is not None:
        target = conf.script_name + url + quote(file.relative_to(root).as_posix())
        yield Inquiry(ask("GET", target), file=file)
        yield Inquiry(ask("HEAD", target), file=file)


# Paths of an endpoint


def targets(endpoint: Endpoint, prefix: str, pages: Sequence[str]) -> Iterator[str]:
    """One for each form of its URL; a stored answer's from those that are built. None if no value is known."""
    if endpoint.is_static and (known := _built(endpoint, prefix, pages)) is not None:
        yield url_of(known)
        return
    parts: list[str | None] = [*prefix.split("/")] if prefix else []
    for segment in endpoint.segments:
        if segment.kind is Kind.OPTIONAL_CATCH_ALL:
            yield from _joined(parts)
        parts.append(_value(segment))
    yield from _joined(parts)


def _built(endpoint: Endpoint, prefix: str, pages: Iterable[str]) -> str | None:
    tree = get_tree()
    start = f"/{prefix}/" if prefix else "/"
    for path in pages:
        match = tree.find(path.removeprefix(start)) if path.startswith(start) else None
        if match is not None and match[0].name == endpoint.name:
            return path
    return None


def _joined(parts: Sequence[str | None]) -> Iterator[str]:
    known = [part for part in parts if part is not None]
    if len(known) == len(parts):
        yield url_of("/" + "/".join(known))


def _value(segment: Segment) -> str | None:
    """None where a converter accepts nothing of what is tried."""
    if segment.kind is Kind.STATIC:
        return segment.name
    if segment.is_catch_all:
        return "a/b"
    if segment.converter is None:
        return PLAUSIBLE[0]
    matcher = Matcher(segment.converter)
    return next((text for text in PLAUSIBLE if matcher.value_of(text) is not REFUSED), None)
