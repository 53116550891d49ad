"""A page of a build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class BuiltPage:
    path: str  # decoded URL path below the script prefix, begins with "/": "/blog/ü/"
    file: str  # relative to the output folder, "/" as separator; "" if the page has no file (status 404)
    status: int  # 200, 301, 302, 303, 307, 308, 404
    content_type: str  # "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...]  # all others that the view set, Location among them
    etag: str
    revalidate: int | None  # seconds
    body: bytes | None = None  # where the file holds something else (a redirect's) or there is none (a 404's)
    rendered_at: float = 0  # seconds since the epoch
    tags: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()  # as `Entry.marks`
    attributes: Mapping[str, Any] = field(default_factory=dict)  # as `Entry.attributes`
    source: str = ""  # the name of its pattern
