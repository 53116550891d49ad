"""The built pages in Vercel's folder: files that its network serves, and pages that it has made anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from pagesapi.deploy.vercel_names import PAGES, PREFIX, SUFFIX, is_possible, name_of
from pagesapi.deploy.writing.folder import link_or_copy
from pagesapi.pages.building.built import BuiltPage

HTML = "text/html; charset=utf-8"  # Vercel's own type of what is named .html
FALLBACK = ".prerender-fallback"
CONFIG = ".prerender-config.json"


@dataclass(slots=True)
class PageFiles:
    """`built` is the folder with the files of the pages, `output` is `.vercel/output`."""

    output: Path
    built: Path
    start: str  # of all URLs: "/app", or ""
    overrides: dict[str, dict[str, str]] = field(default_factory=dict)
    has_slashed: bool = False
    has_plain: bool = False
    is_renewed: bool = False  # whether there is a page that the function makes

    def write(self, page: BuiltPage) -> None:
        """What is not written is the site function's to answer: a 404, what has no name here, and a page of which
        middleware says something else than of others (`xframe_options_exempt`)."""
        url = self.start + page.path
        name = name_of(url)
        if page.status == 404 or page.attributes or not is_possible(name):
            return
        if page.status == 200 and page.revalidate is None and not page.headers:
            self._put_static(page, name)
        else:
            self._put_renewed(page, name)
        if url.endswith("/"):
            self.has_slashed = True
        else:
            self.has_plain = True

    def _put_static(self, page: BuiltPage, name: str) -> None:
        link_or_copy(self.built / page.file, self.output / "static" / name)
        if page.content_type != HTML:
            self.overrides[name] = {"contentType": page.content_type}

    def _put_renewed(self, page: BuiltPage, name: str) -> None:
        """A prerender function: the page as it was built, until it is as old as it may be.

        Redirects, and pages with headers of their own, too: a rule of the routing for each would soon be too many, and
        Vercel would add the visitor's query to a redirect's target.
        """
        target = self.output / "functions" / name
        fallback = target.with_name(f"{target.name}{FALLBACK}{_extension(page)}")
        if page.body is None:
            link_or_copy(self.built / page.file, fallback)
        else:
            fallback.parent.mkdir(parents=True, exist_ok=True)
            fallback.write_bytes(page.body)
        target.with_name(target.name + CONFIG).write_bytes(msgspec.json.encode(prerender_config(page, fallback.name)))
        function = self.output / "functions" / PREFIX / f"{PAGES}.func"
        function.mkdir(parents=True, exist_ok=True)  # filled later; a link to nothing is no link to a folder
        target.with_name(f"{target.name}.func").symlink_to(os.path.relpath(function, target.parent), True)
        self.is_renewed = True


def _extension(page: BuiltPage) -> str:
    """By which Vercel may tell the type too. A redirect's file is a page of its own making, for other hosts."""
    extension = os.path.splitext(page.file)[1]  # noqa: PTH122
    return extension if page.body is None and len(extension) < 16 else SUFFIX


def prerender_config(page: BuiltPage, fallback: str) -> dict[str, Any]:
    """https://vercel.com/docs/build-output-api/primitives#prerender-functions"""
    return {
        "expiration": False if page.revalidate is None else page.revalidate,
        "allowQuery": [],  # a page is a function of its path
        "fallback": fallback,
        "initialStatus": page.status,
        "initialHeaders": _joined(page),
    }


def _joined(page: BuiltPage) -> dict[str, str]:
    headers: dict[str, str] = {"content-type": page.content_type} if page.content_type else {}
    for name, value in page.headers:
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


def put_static_files(built: Path, static_url: str | None, output: Path, start: str) -> int:
    """The collected files, where their URLs are; give how many."""
    if static_url in (None, "/"):
        return 0
    folder = str(static_url).strip("/")
    number = 0
    for file in _files(built / folder):
        link_or_copy(
            file, output / "static" / f"{start.strip('/')}/{folder}".strip("/") / file.relative_to(built / folder)
        )
        number += 1
    return number


def _files(folder: Path) -> Iterator[Path]:
    for path, _, names in os.walk(folder):
        yield from (Path(path, name) for name in names)
