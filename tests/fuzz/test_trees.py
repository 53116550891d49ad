"""Arbitrary trees on disk: scanned, matched, and reversed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.urls.converters import get_converters
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pagesapi.endpoints.tree import get_tree
from pagesapi.routing.route import Route
from pagesapi.routing.scan import Scan, is_route_file, scan
from pagesapi.routing.trie import Trie
from tests.fuzz.names import LAST, NAMES, SKIPPED, WELL_FORMED, is_possible
from tests.fuzz.reference import found_by_reference

PATHS = st.lists((NAMES | SKIPPED).filter(is_possible), min_size=1, max_size=4)
TREES = st.lists(PATHS, max_size=12)
SOUND_PATHS = st.tuples(st.lists(WELL_FORMED, max_size=3), LAST | WELL_FORMED.filter(lambda name: name != "(g)"))
SOUND_TREES = st.lists(SOUND_PATHS.map(lambda pair: [*pair[0], pair[1]]), min_size=1, max_size=12)
PARTS = st.sampled_from(
    ["a", "b", "c", "1", "23", "-1", "A", "d", "", "é", "12345678-1234-5678-1234-567812345678", "index"]
)
REQUESTS = st.lists(PARTS, max_size=4).map("/".join)
UUID = "12345678-1234-5678-1234-567812345678"
VALUES = {"int": 7, "uuid": UUID, "slug": "a-b", "": "é %?#"}


def write(root: Path, tree: list[list[str]]) -> None:
    """What of a tree the file system takes: no file where a folder is, nor the other way round."""
    for *folders, name in tree:
        folder = root.joinpath(*folders)
        file = folder / f"{name}.py"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                file.write_text("def handler(req, res): res.json(sorted(req.params))", "utf-8")
        except OSError:
            continue


def files_below(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*.py") if path.is_file()}


def scanned(root: Path) -> Scan:
    return scan(root, get_converters())


@given(TREES)
@settings(max_examples=200)
@example([["a"], ["a", "index"], ["a", "route"]])
@example([["[id]"], ["[slug]", "x"], ["[id=int]"]])
@example([["é"], ["e\u0301"]])
@example([["index"], ["[[...all]]"]])
def test_a_scan_never_raises_and_every_file_is_a_route_or_refused_or_skipped(tree: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write(root, tree)
        found = scanned(root)
        files = files_below(root)
    routed = {route.file for route in found.routes}
    refused = {file for fault in found.errors for file in fault.files}
    bad_folders = tuple(file for file in refused if file.endswith("/"))
    assert routed <= files
    assert not routed & refused
    for file in files - routed - refused:
        *folders, last = file.split("/")
        hidden = any(folder.startswith(("_", ".")) for folder in folders) or not is_route_file(last)
        assert hidden or file.startswith(bad_folders), file
    for fault in found.errors:
        assert fault.problem.strip()
        assert fault.cure.strip()
        assert fault.files


@given(TREES)
@settings(max_examples=100)
def test_scanning_twice_finds_the_same(tree: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), tree)
        one, other = scanned(Path(name)), scanned(Path(name))
    assert [(route.file, route.name) for route in one.routes] == [(route.file, route.name) for route in other.routes]
    assert one.errors == other.errors


@given(SOUND_TREES, st.lists(REQUESTS, min_size=1, max_size=8))
@settings(max_examples=300)
@example([["[id]", "a"], ["b", "c"]], ["b/a"])  # "b" comes to nothing, so "[id]" has its turn
@example([["[id=int]", "a"], ["[...rest]"]], ["1/b"])
@example([["a", "[[...rest]]"], ["[id]", "index"]], ["a", "b", "a/b"])
def test_the_trie_finds_what_trying_every_route_finds(tree: list[list[str]], paths: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), tree)
        routes = scanned(Path(name)).routes
    trie = Trie.of(routes)
    for path in paths:
        match = trie.find(path)
        assert (match and (match[0].file, match[1])) == found_by_reference(routes, path)


def values_for(route: Route) -> dict[str, object]:
    return {
        part.name: ["a b", "é%2F"] if part.is_catch_all else VALUES.get(part.type, "x") for part in route.parameters
    }


@given(TREES | SOUND_TREES | SOUND_TREES)
@settings(max_examples=100)
@example([["a b%", "[id]"], ["%", "[...x]"], ["$^.*+?{}|", "x"], ["%(id)s", "[id]"], ["%%", "a"]])
@example([["(g)", "a"], ["%5Fa"], ["e\u0301", "[ﬁ]"]])
def test_every_route_is_reversed_to_a_url_that_it_answers(tree: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "tree"
        root.mkdir()
        write(root, tree)
        found = scanned(root)
        assume(not found.errors)  # nothing of a refused tree is served
        with override_settings(PAGESAPI={"API_DIR": root}):
            for route in found.routes:
                check_reverse(route)
            get_tree().loader.forget()


def check_reverse(route: Route) -> None:
    values = values_for(route)
    url = reverse(f"pagesapi:{route.name}", kwargs=values)
    assert url.isascii()
    response: Any = Client().get(url)
    assert response.status_code == 200, (url, response.content)
    answering: Route = response.wsgi_request.resolver_match.func.pagesapi_route
    if answering.file == route.file:
        assert response.json() == sorted(values)
    else:  # one that comes first, as "a" does before "[id]"
        assert answering.precedence < route.precedence


@pytest.mark.parametrize("kind", ["file", "missing", "empty"])
def test_a_root_that_holds_nothing_has_no_routes(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "root"
    if kind == "file":
        root.write_text("", "utf-8")
    elif kind == "empty":
        root.mkdir()
    assert scanned(root).routes == ()
