from __future__ import annotations

from pathlib import Path

import pytest
from django.urls.converters import get_converters

from pagesapi.routing.near import near_misses
from pagesapi.routing.scan import scan

FILES = (
    "index.py",
    "hello.py",
    "posts/[id=int].py",
    "posts/[id=int]/comments.py",
    "docs/[...slug].py",
    "Users.py",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("path", "file", "reason"),
    [
        ("posts/abc", "posts/[id=int].py", "'abc' is not accepted by the converter 'int'"),
        ("posts", "posts/[id=int].py", "the path lacks '[id=int]'"),
        ("posts/3/comments/4", "posts/[id=int]/comments.py", "the path goes on with '4'"),
        ("posts/3/comment", "posts/[id=int]/comments.py", "'comment' is not 'comments'"),
        ("docs", "docs/[...slug].py", "the path lacks '[...slug]'"),
        ("hallo", "hello.py", "'hallo' is not 'hello'"),
        ("hello.py", "hello.py", "a URL does not end in '.py': 'hello'"),
        ("users", "Users.py", "'users' differs from 'Users' in upper and lower case"),
    ],
)
def test_the_nearest_route_says_why_it_did_not_match(folder: Path, path: str, file: str, reason: str) -> None:
    nearest = near_misses(path, scan(folder, get_converters()).routes)[0]
    assert (nearest.route.file, nearest.reason) == (file, reason)


@pytest.mark.parametrize("path", ["nothing/like/it", "", "/"])
def test_what_is_like_nothing_has_no_near_miss(folder: Path, path: str) -> None:
    routes = [route for route in scan(folder, get_converters()).routes if route.file != "index.py"]
    assert [miss for miss in near_misses(path, routes) if miss.score > 0] == []
