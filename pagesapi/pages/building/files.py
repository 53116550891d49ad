"""A page's path and content type → the name of its file."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from mimetypes import MimeTypes

from pagesapi.exceptions import PageError

# What nearly all paths are: nothing below has to be asked of them.
PLAIN = re.compile(r"(?=/)(?!/404\Z|/.{1000})(?:/[A-Za-z0-9][A-Za-z0-9_-]{0,99})*/?")
UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
HAS_HTML_EXTENSION = re.compile(r".*[^/]\.html?", re.DOTALL)
HAS_EXTENSION = re.compile(r".*[^/]\.(?P<extension>[A-Za-z][A-Za-z0-9]{0,15})", re.DOTALL)
NO_WINDOWS_NAME = re.compile(
    r'.*[<>:"|?*].*|.*[. ]|(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³]|conin\$|conout\$) *(?:\..*)?',
    re.IGNORECASE | re.DOTALL,
)
RESERVED = {"_headers", "_redirects", "nginx.conf.example", "404.html"}  # prerender writes these itself
LONGEST_NAME = 255  # bytes; of every file system in use
LONGEST_PATH = 1024  # bytes; what macOS takes, and a quarter of Linux's, which leaves room for the folder
JSON_EXTENSIONS = {"json", "geojson", "jsonld", "har", "map", "topojson", "webmanifest"}
HTML = "text/html"
# Python's own list, the same on every machine; what it says otherwise, or not at all, first.
EXTENSIONS = {
    "text/plain": "txt",
    "text/xml": "xml",
    "text/javascript": "js",
    "application/javascript": "js",
    "application/octet-stream": "bin",
}
TYPES = MimeTypes()


def file_of(path: str, content_type: str, *, windows: bool = os.name == "nt") -> str:
    """Below the output folder, with "/" between the names.

    >>> file_of("/about/", "text/html"), file_of("/v1.2", "text/html"), file_of("/api/posts", "application/json")
    ('about/index.html', 'v1.2.html', 'api/posts/index.json')

    A redirect is a page of HTML. Raises `PageError` for a path that cannot be a file, or not there.
    """
    extension = extension_of(content_type)
    if PLAIN.fullmatch(path) and not windows:
        return _named(path, extension)
    if reason := _fault(path):
        raise _refusal(path, reason)
    file = _dotted(path, extension) or _named(path, extension)
    if reason := _fault_of_file(file, windows=windows):
        raise _refusal(path, reason)
    return file


def _named(path: str, extension: str) -> str:
    if path.endswith("/"):
        return f"{path[1:]}index.{extension}"
    return f"{path[1:]}.html" if extension == "html" else f"{path[1:]}/index.{extension}"


def _dotted(path: str, extension: str) -> str | None:
    """The path itself, where its last segment says the type: `/feed.xml`, `/about.html`, `/api/items.json`."""
    has_html = HAS_HTML_EXTENSION.fullmatch(path) is not None
    match = HAS_EXTENSION.fullmatch(path)
    if match is None or has_html != (extension == "html"):
        return None
    if extension == "json" and match["extension"].lower() not in JSON_EXTENSIONS:
        return None  # "/api/hosts/example.com"
    return path[1:]


@lru_cache
def extension_of(content_type: str) -> str:
    """Without the dot: "html", "json", "xml"."""
    essence = content_type.partition(";")[0].strip().lower()
    if essence == HTML:
        return "html"
    for suffix in ("json", "xml"):
        if essence.endswith(("/" + suffix, "+" + suffix)):
            return suffix
    guess = EXTENSIONS.get(essence) or (TYPES.guess_extension(essence) or ".bin")[1:]
    return "bin" if guess in {"html", "htm"} else guess


def _fault(path: str) -> str | None:
    if not path.startswith("/"):
        return "it does not begin with a slash"
    if match := UNWANTED.search(path):
        return f"it holds the character {match[0]!r}"
    names = path[1:].removesuffix("/").split("/")
    if path != "/" and "" in names:
        return "it has an empty segment (//)"
    if "." in names or ".." in names:
        return 'it has a segment "." or "..", which leads elsewhere'
    return None


def _fault_of_file(file: str, *, windows: bool) -> str | None:
    names = file.split("/")
    if long := next((name for name in names if len(name.encode()) > LONGEST_NAME), None):
        return f"the file name {long[:20]}… would have {len(long.encode())} bytes, {LONGEST_NAME} are possible"
    if (length := len(file.encode())) > LONGEST_PATH:
        return f"the name of its file would have {length} bytes, {LONGEST_PATH} are possible"
    if names[0].casefold() in RESERVED:
        return f"prerender writes {names[0]} itself"
    if windows and (bad := next(filter(NO_WINDOWS_NAME.fullmatch, names), None)):
        return f"Windows has no file of the name {bad!r}"
    return None


def _refusal(path: str, reason: str) -> PageError:
    shown = path if len(path) <= 100 else f"{path[:100]}…"
    return PageError(
        f"The page {shown!r} cannot be written as a file: {reason}. "
        "Give it another URL, or leave it out of get_static_paths()."
    )
