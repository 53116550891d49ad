"""The routing of Vercel's `config.json`: who answers which URL, in the order in which it is asked.

https://vercel.com/docs/build-output-api/configuration#routes
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pagesapi.deploy.vercel_names import PLAIN, PREFIX, SITE, SLASHED, SUFFIX
from pagesapi.deploy.writing.plan import Endpoint, Plan
from pagesapi.exceptions import DeployError
from pagesapi.pages.preview import COOKIE
from pagesapi.routing.segments import Kind, Segment

Route = dict[str, Any]
MOST = 2048  # that Vercel takes
# A visitor in preview mode gets a page of their own; another origin's answer depends on the endpoint's Cors.
ASKED_BY_NOBODY = [{"type": "cookie", "key": COOKIE}, {"type": "header", "key": "origin"}]
IMMUTABLE = {"cache-control": "public, max-age=31536000, immutable"}
HASHED = r"\.[0-9a-f]{12}\.[^/]+"  # as ManifestStaticFilesStorage names a file
# A converter's expression that means the same to Python and to PCRE, about a segment that nobody has decoded yet.
PORTABLE = re.compile(r"(?:[A-Za-z0-9_-]|\[[A-Za-z0-9_-]+\]|\(\?:|[)|+*?]|\{\d+(?:,\d*)?\})+")
SPECIAL = re.compile(r"[.*+?^${}()|\[\]\\]")
NAMED = re.escape(SUFFIX)  # at the end of a page's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    plan: Plan
    start: str  # of all URLs: "/app" of FORCE_SCRIPT_NAME, or ""
    static: str | None  # "/static/"; None: static files are elsewhere
    is_hashed: bool  # whether their names say what is in them
    has_slashed: bool  # whether there are pages whose URLs end with a slash
    has_plain: bool
    headers: Mapping[str, str]  # what middleware says with every page

    def routes(self) -> list[Route]:
        """Raises `DeployError` where there are more than Vercel takes."""
        routes = [
            {"src": rf"^/{PREFIX}(?:/.*)?$", "dest": f"/{PREFIX}/{SITE}"},
            *self._immutable(),
            *self._pages(),
            {"handle": "filesystem"},
            *self._no_pages(),
            *self._endpoints(),
            {"src": "^/.*$", "dest": f"/{PREFIX}/{SITE}"},
            *self._hits(),
        ]
        if len(routes) > MOST:
            raise DeployError(
                f"{len(self.plan.routed):,} functions need {len(routes):,} rules of routing; Vercel takes {MOST:,}. "
                "Deploy without --per-route: the tree is then one function, with one rule."
            )
        return [route if "handle" in route else {**route, "caseSensitive": True} for route in routes]

    def _immutable(self) -> Iterator[Route]:
        if self.static is not None and self.is_hashed:
            source = f"^{escaped(self.start + self.static)}.*{HASHED}$"
            yield {"src": source, "headers": IMMUTABLE, "continue": True}

    def _pages(self) -> Iterator[Route]:
        """The URL becomes the name that a page of it has, if there is one, before Vercel looks among its files."""
        rule = {"methods": ["GET", "HEAD"], "missing": ASKED_BY_NOBODY, "continue": True}
        if self.has_slashed:
            yield {"src": "^/$", "dest": f"/{SLASHED}{SUFFIX}", **rule}
            yield {"src": "^(/.+)/$", "dest": f"/{SLASHED}$1{SUFFIX}", **rule}
        if self.has_plain:
            static = "" if self.static is None else f"|{escaped(self.start + self.static)}"
            yield {"src": f"^(?!/{PREFIX}/{static})(/.*[^/])$", "dest": f"/{PLAIN}$1{SUFFIX}", **rule}

    def _no_pages(self) -> Iterator[Route]:
        """And back again."""
        if self.has_slashed:
            yield {"src": f"^/{SLASHED}{NAMED}$", "dest": "/", "continue": True}
            yield {"src": f"^/{SLASHED}(/.+){NAMED}$", "dest": "$1/", "continue": True}
        if self.has_plain:
            yield {"src": f"^/{PLAIN}(/.+){NAMED}$", "dest": "$1", "continue": True}

    def _endpoints(self) -> Iterator[Route]:
        """One that goes to the wrong function would be answered all the same, for each has the whole tree."""
        if not self.plan.routed:
            return
        functions = {each.file: function.name for function in self.plan.routed for each in function.endpoints}
        for endpoint in self.plan.endpoints:
            name = functions.get(endpoint.file, SITE)
            yield {"src": self.source(endpoint), "dest": f"/{PREFIX}/{name}"}

    def source(self, endpoint: Endpoint) -> str:
        """The endpoint's URLs, with or without a slash too many."""
        prefix = f"{self.start}/{self.plan.prefix}" if self.plan.prefix else self.start
        return f"^{escaped(prefix)}{pattern_of(endpoint.segments)}/?$"

    def _hits(self) -> Iterator[Route]:
        if self.headers and (self.has_slashed or self.has_plain):
            yield {"handle": "hit"}
            names = f"^/(?:{SLASHED}|{PLAIN})(?:/.*)?{NAMED}$"
            yield {"src": names, "headers": dict(self.headers), "continue": True}


def pattern_of(segments: Sequence[Segment]) -> str:
    return "".join(map(_part, segments))


def _part(segment: Segment) -> str:
    if segment.kind is Kind.STATIC:
        return f"/{escaped(segment.name)}"
    if segment.kind is Kind.CATCH_ALL:
        return "/.+"
    if segment.kind is Kind.OPTIONAL_CATCH_ALL:
        return "(?:/.+)?"
    regex = segment.converter.regex if segment.converter is not None else ""
    return f"/(?:{regex})" if PORTABLE.fullmatch(regex) else "/[^/]+"


def escaped(path: str) -> str:
    """Text of a URL, as it is sent: "ü" is "%C3%BC", in digits of either case."""
    sent = SPECIAL.sub(r"\\\g<0>", quote(path, safe="/~!$&'()*+,;=:@"))
    return re.sub(r"%[0-9A-F]{2}", lambda digits: _either_case(digits[0]), sent)


def _either_case(digits: str) -> str:
    return "".join(f"[{each}{each.lower()}]" if each.isalpha() else each for each in digits)
