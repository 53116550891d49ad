"""What the application answers, as plain rules over a list of pages: what a host of its files is held against."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

from pagesapi.exceptions import PageError
from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.files import file_of
from pagesapi.pages.building.forms import Form, form_of
from pagesapi.pages.building.site import Site

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
NOT_FOUND = b"<!doctype html><title>Not found</title>"
# What `pagesapi.location` leaves as it is.
SAFE = "/#%[]=:;$&()+,!?*@'~"

SITE = Site(
    static_url="/static/",
    append_slash=True,
    api_prefix="/api",
    api_slash="redirect",
    script_prefix="/",
    server_name="example.com",
)


def page(
    path: str,
    content_type: str = HTML,
    status: int = 200,
    *headers: tuple[str, str],
    body: bytes | None = None,
) -> BuiltPage:
    is_redirect = 300 <= status < 400
    file = "" if status == 404 else file_of(path, HTML if is_redirect else content_type)
    return BuiltPage(path, file, status, content_type, headers, '"e"', None, body)


def redirect(path: str, location: str, status: int = 301) -> BuiltPage:
    return page(path, HTML, status, ("Location", location), body=b"")


def content_of(page: BuiltPage) -> bytes:
    """Not the same for any two pages."""
    return page.body if page.body is not None else f"The page {page.path}".encode()


def write(out: Path, pages: Iterable[BuiltPage]) -> None:
    out.mkdir()
    (out / "404.html").write_bytes(NOT_FOUND)
    for name in ("_headers", "_redirects", "nginx.conf.example"):
        (out / name).write_text("for hosts only")
    for built in pages:
        if built.file:
            file = out / built.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content_of(built) if built.status == 200 else b"a page that refreshes")


def without_collisions(pages: Iterable[BuiltPage]) -> list[BuiltPage]:
    """In the order of their paths; of two pages for one file, or a file and its folder, the first."""
    taken: dict[str, BuiltPage] = {}
    files: set[str] = set()
    folders: set[str] = set()
    for built in pages:
        above = {str(parent) for parent in Path(built.file).parents}
        if built.path in taken or built.file in files | folders or above & files:
            continue
        taken[built.path] = built
        if built.file:
            files.add(built.file)
            folders |= above
    return [taken[path] for path in sorted(taken)]


@dataclass(frozen=True)
class Expected:
    status: int
    content_type: str
    body: bytes
    location: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def is_problem(self) -> bool:
        return self.content_type == "application/problem+json"


class Application:
    """For targets that are percent-encoded as Python's `quote` does it."""

    def __init__(self, site: Site, pages: Iterable[BuiltPage]) -> None:
        self.site = site
        self.pages = {built.path: built for built in pages}

    def answer(self, target: str) -> Expected:
        raw, _, query = target.partition("?")
        whole = unquote(raw)
        if not whole.startswith(f"{self.site.start}/"):
            return Expected(404, HTML, NOT_FOUND)
        path = whole.removeprefix(self.site.start)
        asked = f"?{quote(query, safe=SAFE)}" if query else ""
        if built := self._page(path):
            return _as_it_is(built)
        if (other := self._other_spelling(path)) is not None:
            location = quote(self.site.start + other, safe="/~:@!$&'()*+,;=") + asked
            return Expected(308, TEXT, location.encode(), location)
        if self.site.append_slash and not path.endswith("/") and f"{path}/" in self.pages:
            location = quote(self.site.start + path, safe="/~:@!$&'()*+,;=") + "/" + asked
            return Expected(301, HTML, b"", location)
        if self.site.is_api(path):
            return Expected(404, "application/problem+json", no_endpoint(whole))
        return Expected(404, HTML, NOT_FOUND)

    def _page(self, path: str) -> BuiltPage | None:
        if path not in self.pages and self.site.api_slash == "accept" and path.endswith("/"):
            return self.endpoint(path[:-1])
        return self.pages.get(path)

    def endpoint(self, path: str) -> BuiltPage | None:
        """An API at the site's root is told from other pages by the form of its files."""
        built = self.pages.get(path)
        if built is None or path.endswith("/"):
            return None
        is_one = self.site.is_api(path) or (self.site.api_prefix == "" and form_of(built) is Form.INDEX)
        return built if is_one else None

    def _other_spelling(self, path: str) -> str | None:
        if "//" in path:
            target = re.sub(r"/{2,}", "/", path)
            return target if self.endpoint(target) or self.endpoint(target.rstrip("/")) else None
        if path.endswith("/") and self.site.api_slash == "redirect" and self.endpoint(path[:-1]):
            return path[:-1]
        return None


def _as_it_is(built: BuiltPage) -> Expected:
    headers = tuple((name.lower(), value) for name, value in built.headers)
    location = dict(headers).get("location")
    if built.status == 404 and not built.body:
        return Expected(404, HTML, NOT_FOUND)
    return Expected(built.status, built.content_type, content_of(built), location, headers)


def no_endpoint(path: str) -> bytes:
    members = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "No endpoint has this URL."}
    return msgspec.json.encode({**members, "instance": path})


def can_be_a_page(path: str, content_type: str) -> bool:
    try:
        file_of(path, content_type)
    except PageError:
        return False
    return True
