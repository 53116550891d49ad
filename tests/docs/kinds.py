"""How a block of each language is tried: Python is executed, data are parsed, commands are read by their parsers."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FunctionType
from typing import Any

import pytest
import yaml
from django.template import engines
from django.test import override_settings

from pagesapi.testing import route_tree
from tests.docs.commands import check_command, commands_of
from tests.docs.page import Block, Page
from tests.docs.served import problems, served

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Kind = Callable[[Block], None]


def try_python(block: Block) -> None:
    if block.route:
        with route_tree({block.route: block.text}):
            assert problems() == [], block.where
        return
    with served(Page(block.page)) as folder:
        if block.file:
            import_module(block.file.removesuffix(".py").replace("/", "."))
        else:
            check_settings(run(block, BASE_DIR=folder))


def run(block: Block, **names: Any) -> dict[str, Any]:
    """Execute it, top-level `await` included; gives its names."""
    code = compile(block.text, block.where, "exec", PyCF_ALLOW_TOP_LEVEL_AWAIT)
    namespace: dict[str, Any] = {"__name__": "docs", **names}
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(FunctionType(code, namespace)())
    else:
        exec(code, namespace)  # noqa: S102 - our own documentation
    return namespace


def check_settings(names: dict[str, Any]) -> None:
    """Whether settings that a block shows are ones that the package knows."""
    shown = {name: value for name, value in names.items() if name in {"PAGESAPI", "CACHES"}}
    if shown:
        with override_settings(**shown):
            assert [problem for problem in problems() if re.search(r"pagesapi\.E00[12]\b", problem)] == []


def try_shell(block: Block) -> None:
    for words in commands_of(block.text):
        check_command(words)


def try_console(block: Block) -> None:
    """Lines after a prompt; what stands between them is output, which only a test of the page can produce."""
    lines = block.text.splitlines()
    for line in lines:
        if line.startswith("$ "):
            try_shell(Block(block.page, "sh", line.removeprefix("$ "), block.line))
    if not all(line.startswith("$ ") or not line for line in lines):
        try_elsewhere(block)


def try_windows(block: Block) -> None:
    for line in block.text.splitlines():
        for words in commands_of(line.replace("\\", "/")):
            check_command(words)


def try_json(block: Block) -> None:
    json.loads(block.text)


def try_toml(block: Block) -> None:
    tomllib.loads(block.text)


def try_yaml(block: Block) -> None:
    assert list(yaml.safe_load_all(block.text))


def try_template(block: Block) -> None:
    engines["django"].from_string(block.text)


def try_script(block: Block) -> None:
    node = shutil.which("node")
    if node is None:
        assert "PAGESAPI_CI" not in os.environ, "node is missing, which nothing may be under PAGESAPI_CI"
        pytest.skip("node is not on PATH")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "block.mjs"
        path.write_text(block.text, "utf-8")
        done = subprocess.run([node, "--check", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{block.where}\n{done.stderr}"


def try_elsewhere(block: Block) -> None:
    """It is produced or compared by a test of its page, which says so by holding it as a constant."""
    name = tests_of(block.page)
    assert block in held_by(block.page), (
        f"{block.where}: hold this block in {name} as a constant, NAME = PAGE.block(…), in a test that produces it."
    )


def tests_of(page: str) -> str:
    return f"tests.docs.test_{page.replace('-', '_')}"


def held_by(page: str) -> list[Block]:
    """The blocks that the page's own tests try."""
    try:
        module = import_module(tests_of(page))
    except ModuleNotFoundError as error:
        if error.name != tests_of(page):
            raise
        return []
    found: list[Block] = []
    for value in vars(module).values():
        found += [each for each in (value if isinstance(value, (tuple, list)) else [value]) if isinstance(each, Block)]
    return found


KINDS: dict[str, Kind] = {
    "python": try_python,
    "sh": try_shell,
    "console": try_console,
    "bat": try_windows,
    "json": try_json,
    "toml": try_toml,
    "yaml": try_yaml,
    "html": try_template,
    "js": try_script,
    **dict.fromkeys(("text", "http", "nginx", "ini", "dockerfile"), try_elsewhere),
}
