"""One page of a build: rendered, and written into the new site, in a worker."""

from __future__ import annotations

import asyncio
import errno
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

from pagesapi.exceptions import PageError, PrerenderError
from pagesapi.files import read_bytes
from pagesapi.http.etag import etag_of
from pagesapi.pages.address import Address, url_of
from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.files import file_of
from pagesapi.pages.building.refresh import refresh_page
from pagesapi.pages.building.report import Failure
from pagesapi.pages.building.self_call import no_calls_to
from pagesapi.pages.discover import KnownPage, iter_addresses
from pagesapi.pages.entry import names_of
from pagesapi.pages.manifest import Row, row_of
from pagesapi.pages.page import Page
from pagesapi.pages.produce import marks_of
from pagesapi.pages.render import Rendered, render, site_url
from pagesapi.pages.shelf import Shelf
from pagesapi.pages.store.interface import EPOCH

T = TypeVar("T")
Change = Literal["new", "changed", "unchanged", "none"]
# Whatever a page may raise: it is listed with all others, and ends no build.
PAGE_ERRORS = (Exception, SystemExit, asyncio.CancelledError)
# With these no further page can be written either.
FATAL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


class Order(NamedTuple):
    """A page to make: the number of its address, and its path."""

    address: int
    path: str


class Outcome(NamedTuple):
    """Small, and quickly sent to the process that keeps the list."""

    row: Row | None
    status: int  # 0 for a failure
    change: Change
    failure: Failure | None = None

    @classmethod
    def of(cls, page: BuiltPage, change: Change) -> Outcome:
        return cls(row_of(page), page.status, change)


@dataclass(frozen=True, slots=True)
class Places:
    staging: str  # the folder of the new site
    output: str  # the folder of the old one


class Made(NamedTuple):
    """A page that is rendered, and what is to be in its file."""

    page: BuiltPage
    content: bytes


class Maker:
    """Makes pages, in whatever process it is. `shelf` is None where the store cannot be reached."""

    def __init__(self, places: Places, shelf: Shelf | None) -> None:
        self.places = places
        self.shelf = shelf
        self.site = site_url()
        self.addresses: list[tuple[Address, Page]] = list(iter_addresses())

    def make(self, orders: Sequence[Order]) -> list[Outcome]:
        """Render all, then write all: in turn, each would find the processor's caches full of the other's data."""
        tokens = self._tokens(orders)
        made = [self._made(order, tokens) for order in orders]
        return [item if isinstance(item, Outcome) else self._written(item) for item in made]

    def _tokens(self, orders: Sequence[Order]) -> dict[str, str]:
        """The tokens of all that these pages depend on, as they are before the first of them is made."""
        if self.shelf is None:
            return {}
        names = {EPOCH: None}
        for order in orders:
            names.update(dict.fromkeys(names_of(order.path, self.addresses[order.address][1].policy.tags)))
        return dict(zip(names, self.shelf.marks(list(names)), strict=True))

    def _made(self, order: Order, tokens: dict[str, str]) -> Made | Outcome:
        try:
            address, page = self.addresses[order.address]
            started = time.time()
            with no_calls_to(self.site):
                rendered = render(KnownPage(order.path, address.params(order.path), page, address), "build")
            names = names_of(rendered.path, rendered.tags)
            marks = ("",) * len(names) if self.shelf is None else marks_of(self.shelf, rendered, tokens)
            built = built_page(rendered, started, marks, address.name)
        except PAGE_ERRORS as error:
            return _failed(order.path, error)
        is_redirect = built.body is not None and built.file != ""
        return Made(built, refresh_page(dict(built.headers)["Location"]) if is_redirect else rendered.body)

    def _written(self, made: Made) -> Outcome:
        page, content = made
        if not page.file:
            return Outcome.of(page, "none")
        try:
            return Outcome.of(page, put_file(self.places, page.file, content))
        except OSError as error:
            if error.errno in FATAL:
                raise PrerenderError(f"{self.places.staging} cannot be written: {error.strerror}.") from error
            return _failed(page.path, error)
        except PageError as error:
            return _failed(page.path, error)


def _failed(path: str, error: BaseException) -> Outcome:
    return Outcome(None, 0, "none", Failure.of(url_of(path), error))


def built_page(rendered: Rendered, started: float, marks: tuple[str, ...], source: str) -> BuiltPage:
    is_file = rendered.status == 200
    file = file_for(rendered.path, rendered.status, rendered.content_type)
    return BuiltPage(
        path=rendered.path,
        file=file,
        status=rendered.status,
        content_type=rendered.content_type,
        headers=rendered.headers,
        etag=etag_of(rendered.body),
        revalidate=rendered.revalidate,
        body=None if is_file else rendered.body,
        rendered_at=started,
        tags=rendered.tags,
        marks=marks,
        attributes=rendered.attributes,
        source=source,
    )


def file_for(path: str, status: int, content_type: str) -> str:
    """A redirect's file is HTML that refreshes; a 404 has none."""
    return "" if status == 404 else file_of(path, content_type if status == 200 else "text/html")


def put_file(places: Places, file: str, content: bytes) -> Change:
    """Write a file of the new site; what the old one has with the same bytes is linked, and keeps its time."""
    target, old = f"{places.staging}/{file}", f"{places.output}/{file}"
    before = read_bytes(old)
    if before == content and link(old, target, file):
        return "unchanged"
    write_new(target, content, file)
    if before != content:
        return "new" if before is None else "changed"
    keep_time(old, target)
    return "unchanged"


def link(source: str, target: str, file: str) -> bool:
    """False where the file system has no links, or no more of them for this file."""
    try:
        _making_folder(target, lambda: os.link(source, target))
    except FileExistsError:
        raise PageError(f"Two pages have one file, {file}. Change the URL of one of them.") from None
    except OSError:
        return False
    return True


def write_new(target: str, content: bytes, file: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        handle = _making_folder(target, lambda: os.open(target, flags, 0o644))
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise PageError(f"Two pages have one file, {file}. Change the URL of one of them.") from None
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)


def _making_folder(target: str, function: Callable[[], T]) -> T:
    try:
        return function()
    except FileNotFoundError:
        os.makedirs(target.rpartition("/")[0], exist_ok=True)  # noqa: PTH103 - texts, as in pagesapi.files
        return function()


def keep_file(places: Places, folder: str, page: BuiltPage) -> Change:
    """The file of a page that another folder has. Raises `PrerenderError` if it is not what its list says."""
    source, target = f"{folder}/{page.file}", f"{places.staging}/{page.file}"
    # A list that was made elsewhere names no file but the page's own, and no link leads out of its folder.
    is_own = page.file == file_for(page.path, page.status, page.content_type)
    within = os.path.realpath(source).startswith(os.path.realpath(folder) + os.sep)
    content = read_bytes(source) if is_own and within else None
    if content is None or (page.body is None and etag_of(content) != page.etag):
        raise PrerenderError(f"{source} is not the file that was built there: it was changed or removed. Build all.")
    if folder != places.output:
        return put_file(places, page.file, content)
    if not link(source, target, page.file):
        write_new(target, content, page.file)
        keep_time(source, target)
    return "unchanged"


def keep_time(source: str, target: str) -> None:
    with suppress(OSError):
        times = os.stat(source)  # noqa: PTH116
        os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
