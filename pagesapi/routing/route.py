"""A route: one file, and the URL that it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pagesapi.routing.segments import Kind, Segment


@dataclass(frozen=True, slots=True, eq=False)  # one object a file: compared, and hashed, by identity
class Route:
    root: Path  # the API folder
    file: str  # below the root, with forward slashes: "(internal)/posts/[id].py"
    name: str  # "posts/[id]"
    segments: tuple[Segment, ...]  # those that are in the URL
    names: tuple[str, ...] = field(init=False)  # of its parameters

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple([part.name for part in self.segments if part.is_parameter]))

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that hold the file, from the root down: ("(internal)", "posts")."""
        return tuple(self.file.split("/")[:-1])

    @property
    def url(self) -> str:
        """The URL below the prefix, as it is written in file names: "posts/[id]"."""
        return "/".join(part.text if part.is_parameter else part.name for part in self.segments)

    @property
    def parameters(self) -> tuple[Segment, ...]:
        return tuple(part for part in self.segments if part.is_parameter)

    @property
    def precedence(self) -> tuple[tuple[int, int, str], ...]:
        return tuple(part.precedence for part in self.segments)


Match = tuple[Route, dict[str, Any]]  # and the values of its parameters; made for every request, so no class


def name_of(folders: tuple[Segment, ...], stem: str) -> str:
    """A route's name: its file without `.py`, groups, and a final `index` or `route`; the root's is `index`."""
    visible = [part.text for part in folders if part.kind is not Kind.GROUP]
    if stem not in ("index", "route"):
        return "/".join([*visible, stem])
    if not visible:
        return "index"
    name = "/".join(visible)
    # The folder "index" must not take the root's name.
    return f"{name}/{stem}" if name == "index" else name
