"""Sites at random, whose URLs are as like file names as can be, and the URLs around those of a site."""

import dataclasses
import random
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.forms import Form, form_of, forms_of
from pagesapi.pages.building.site import Site
from tests.pages.building.model import (
    HTML,
    NOT_FOUND,
    SITE,
    TEXT,
    Application,
    can_be_a_page,
    page,
    redirect,
    without_collisions,
)

JSON = "application/json"
LIKE_FILES = ["index", "index.html", "index.json", "404", "404.html", "a", "b", "a.html"]
SEGMENTS = [*LIKE_FILES, "index.xml", "a.htm", "x.xml", "x.json", "v1.2", "ü", "a b", "a%2Fb", "$x", 'q"{};', "a-b"]
SEGMENTS += ["a.b", "api", "A", "nginx.conf.example", "_headers", "a?b", "#", "%", "+", "_x", ".x", "'", "~"]
TYPES = [*[HTML] * 6, *[JSON] * 4, "text/plain", "application/xml", "text/html", "application/rss+xml"]
HOSTILE = 'v "$uri" {};\\'
ENDINGS = ["", "/", "//", ".html", ".htm", "index.html", "/index.html", "index.json", "/index.json", "/index.xml"]
ENDINGS += ["index", "/index", "\n", "/\n", " ", "x", "."]
FURTHER = ("/", "/api", "/api/", "/apix", "/_headers", "/_redirects", "/404", "/404.html", "/nginx.conf.example", "//")
SAFE = "/~:@!$&'()*+,;="


def site_at_random(source: random.Random) -> Site:
    return dataclasses.replace(
        SITE,
        append_slash=source.random() < 0.7,
        api_prefix=source.choice(["/api", "/api", "/api", ""]),
        api_slash=source.choice(["redirect", "accept"]),
        script_prefix=source.choice(["/", "/", "/app/"]),
    )


def pages_at_random(source: random.Random, site: Site) -> list[BuiltPage]:
    pages = []
    for _ in range(source.choice([3, 10, 40, 100])):
        path, content_type = _path(source, site), source.choice(TYPES)
        if site.is_api(path) and not path.endswith("/") and source.random() < 0.7:
            content_type = JSON
        if can_be_a_page(path, content_type) and can_be_a_page(path, HTML):
            pages.append(_page(source, path, content_type))
    return _without_rarities(without_collisions(pages), site)


def _path(source: random.Random, site: Site) -> str:
    count = source.choice([0, 1, 1, 1, 2, 2, 3])
    names = [source.choice(LIKE_FILES if source.random() < 0.6 else SEGMENTS) for _ in range(count)]
    path = "/" + "/".join(names)
    if site.api_prefix and source.random() < 0.4:
        path = "/api" + (path if names else "")
    return path + "/" if names and source.random() < 0.4 else path


def _page(source: random.Random, path: str, content_type: str) -> BuiltPage:
    kind = source.random()
    if kind < 0.7:
        return page(path, content_type)
    if kind < 0.8:
        status = source.choice([301, 302, 303, 307, 308])
        with_body = page(path, TEXT, status, ("Location", "/to/"), ("X-A", HOSTILE), body=b"/to/")
        return source.choice([redirect(path, "/to/$x{};", status), with_body])
    if kind < 0.9:
        return page(path, content_type, 200, ("X-A", HOSTILE), ("Cache-Control", "max-age=3"))
    if content_type == JSON:
        return page(path, JSON, 404, body=HOSTILE.encode())
    return page(path, HTML, 404, body=NOT_FOUND)


def _without_rarities(pages: list[BuiltPage], site: Site) -> list[BuiltPage]:
    """nginx is told what to make of `/x` when `/x.html` comes by, before it is known what there is below `/x/`."""

    def is_rare(built: BuiltPage) -> bool:
        shorter = built.path.removesuffix(".html")
        has_more_below = any(other.path.startswith(f"{shorter}/") for other in pages)
        return form_of(built) is Form.SAME and shorter != built.path and (has_more_below or site.is_api(shorter))

    return [built for built in pages if not is_rare(built)]


def targets_around(pages: Iterable[BuiltPage], site: Site) -> Iterator[str]:
    """The URLs of the pages and of their files, and other spellings of both."""
    known = list(pages)
    application = Application(site, known)
    forms = forms_of(known)
    for path in sorted(_paths_around(known)):
        plain = "/" + re.sub("/+", "/", path).strip("/")
        other = application.endpoint(plain) if plain != path else None
        if other is not None and (not other.file or forms.hides(plain)):
            continue  # an endpoint that is named like a file has one spelling only
        if "//" in path and (other is None or site.api_prefix == "" or re.search("//.*//", path)):
            continue  # nginx takes one doubled slash away at a time, from any page of the API
        target = quote(site.start + path, safe=SAFE)
        if re.search(r'["\\\n]| .*(//.*%|%.*/\.$)', f"{path} {target}") and application.answer(target).is_problem:
            continue  # named as it was sent: what JSON has to escape, and what nginx resolves
        yield target
        yield f"{target}?a=1&b=/%2F//x/"


def _paths_around(pages: list[BuiltPage]) -> set[str]:
    paths = {f"/{built.file}" for built in pages if built.file} | set(FURTHER)
    for built in pages:
        path = built.path
        paths |= {path + ending for ending in ENDINGS}
        paths |= {path.rstrip("/"), path[:-1], path.upper(), path.replace("/", "//", 1), path.replace("/a", "//a")}
        paths |= {path.removesuffix(name) for name in (".html", "/index", "index.html", "index.json", "/index.json")}
    return {path for path in paths if path.startswith("/")}
