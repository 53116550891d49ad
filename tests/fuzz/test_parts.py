"""A function that serves a few routes finds what the whole tree finds, whatever it is asked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.urls.converters import get_converters
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pagesapi.endpoints.tree import PartialTree, Tree
from pagesapi.routing.part import Part, scan_part
from pagesapi.routing.scan import Scan, scan
from tests.fuzz.test_trees import REQUESTS, SOUND_TREES, write


def partial(found: Scan, *files: str) -> PartialTree:
    part = Part.of(found, files)
    return PartialTree(part, scan_part(found.root, get_converters(), part), lambda: found, "api")


def answer(tree: Tree, path: str) -> tuple[str, dict[str, Any]] | None:
    match = tree.find(path)
    return None if match is None else (match[0].file, match[1])


@given(SOUND_TREES, st.lists(REQUESTS, min_size=1, max_size=6))
@settings(max_examples=150)
@example([["[id]"], ["[[...rest]]"], ["a", "b"]], ["a/b", "a", "", "c/d"])
@example([["[id=int]"], ["[slug]"], ["1"]], ["1", "2", "x"])
@example([["[id]"], ["a", "[[...rest]]"]], ["a", "b", "a/b"])
def test_every_route_alone_finds_what_the_whole_tree_finds(names: list[list[str]], paths: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), names)
        found = scan(Path(folder), get_converters())
        whole = Tree(found, "api")
        for route in found.routes:
            part = partial(found, route.file)
            assert [answer(part, path) for path in paths] == [answer(whole, path) for path in paths]
