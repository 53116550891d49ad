"""`__init__.py` in the tree: Python's index of a folder, and no route."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from django.core.checks import CheckMessage, Warning

from pagesapi.endpoints.cors import METHODS
from pagesapi.routing.scan import is_route_folder

ENDPOINTS = {"handler", *METHODS}


def package_messages(root: Path) -> Iterator[CheckMessage]:
    """Of those that define an endpoint. Their text is read, and not run."""
    for path in sorted(_packages(root)):
        names = _endpoints_of(path)
        if names:
            file = path.relative_to(root).as_posix()
            yield Warning(f"{file} is no route, and defines {names[0]}.", hint="Call it index.py.", id="pagesapi.W039")


def _packages(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):  # which passes over folders that cannot be read: the scan names them
        folders[:] = filter(is_route_folder, folders)
        if "__init__.py" in files:
            yield Path(folder, "__init__.py")


def _endpoints_of(path: Path) -> list[str]:
    try:
        body = ast.parse(path.read_bytes()).body
    except (OSError, SyntaxError, ValueError):  # told by whoever imports it
        return []
    functions = (node for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return [node.name for node in functions if node.name in ENDPOINTS]
