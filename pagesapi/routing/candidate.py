"""A route that is not there yet: the file that its name asks for, and what the tree would say to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pagesapi.routing.fault import Fault
from pagesapi.routing.route import Route
from pagesapi.routing.scan import Reader, is_route_file, is_route_folder
from pagesapi.routing.segments import Converter


def file_of(name: str, prefix: str) -> str:
    """The file of a name as somebody types it: "/posts/[id]", "posts/[id].py"; "posts/" is "posts/index.py".

    Raises `ValueError` for what is no route's: no name, the URL (which begins with the `prefix`), a private name, a
    path that leaves the tree.
    """
    text = name.replace("\\", "/").removesuffix(".py").lstrip("/")
    if not text:
        raise ValueError("The name is empty. The root is called index.")
    if prefix and f"{text}/".startswith(f"{prefix}/"):
        rest = text[len(prefix) + 1 :] or "index"
        raise ValueError(f"Names begin below {prefix}/, which stands in every URL: leave it out, and write {rest}.")
    *folders, last = (f"{text}index" if text.endswith("/") else text).split("/")
    if not all(folders) or {".", ".."} & {*folders, last}:
        raise ValueError(f"{name!r} is no path below the tree. Write posts/[id].")
    for part in (*folders, last):
        if not is_route_folder(part):
            raise ValueError(f"{part!r} is private: names that begin with an underscore or a dot are in no URL.")
    if not is_route_file(f"{last}.py"):
        raise ValueError(f"{last}.py is a test's name, and no route. Choose another.")
    return "/".join((*folders, f"{last}.py"))


def placed(root: Path, file: str, converters: Mapping[str, Converter]) -> tuple[Route | None, list[Fault]]:
    """The route that the file would be among those that there are, and what would be wrong then."""
    reader = Reader(root, converters)
    reader.read_all()
    *parents, last = file.split("/")
    reader.read(tuple(parents), last)
    found = reader.scanned()
    faults = [fault for fault in found.errors if any(_concerns(named, file) for named in fault.files)]
    return next((route for route in found.routes if route.file == file), None), faults


def _concerns(named: str, file: str) -> bool:
    return named == file or (named.endswith("/") and file.startswith(named))
