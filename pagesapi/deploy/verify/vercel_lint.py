"""What is wrong with `.vercel/output`: by what Vercel documents, and by its own program, where there is node."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pagesapi.deploy.verify.findings import Findings
from pagesapi.deploy.verify.vercel_folder import CONFIG, FunctionFolder
from pagesapi.deploy.verify.vercel_output import FUNCTION, PRERENDER, Output, read_json
from pagesapi.exceptions import DeployError

SCRIPT = Path(__file__).with_suffix(".js")
PACKAGE = "node_modules/@vercel/routing-utils"
KNOWN = {"version", "routes", "images", "wildcard", "overrides", "cache", "crons", "framework"}
KNOWN_OF_PRERENDER = {
    "expiration": (int, bool),
    "group": (int,),
    "bypassToken": (str,),
    "fallback": (str, dict),
    "allowQuery": (list,),
    "passQuery": (bool,),
    "initialHeaders": (dict,),
    "initialStatus": (int,),
    "exposeErrBody": (bool,),
}
RUNTIME = re.compile(r"python3\.(?:12|13|14)")
# "_core.cpython-313-x86_64-linux-gnu.so"; a library beside it has neither tag nor machine in its name.
COMPILED = re.compile(
    r"[^.]+(?:\.(?P<tag>cpython-\d+|abi3))?(?:-(?P<machine>x86_64|aarch64)-linux-\w+)?\.so|lib.*\.so"
)
MOST_ROUTES = 2048
LONGEST, LARGEST = 900, 10_240  # seconds, MB
INSTALL = (
    "Routing was not checked by Vercel's own program: {why}. Install it where you deploy from, or above: "
    "npm install --no-save @vercel/routing-utils"
)


def lint(folder: Path, start: Path) -> Findings:
    """`start`: where a `node_modules` is looked for, and in all folders above."""
    try:
        output = Output(folder)
        functions = output.functions
    except (DeployError, OSError) as error:
        return Findings([str(error)])
    problems = [*_of_config(output), *_of_links(folder)]
    for path in functions.values():
        problems += _of_function(folder, path)
    refused, note = _by_node(folder, start)
    return Findings([*problems, *refused], [note] if note else [])


# config.json


def _of_config(output: Output) -> Iterator[str]:
    config = output.config
    if config.get("version") != 3:
        yield f"config.json: version is {config.get('version')!r}, not 3."
    yield from (f"config.json: {key!r} is unknown." for key in sorted(config.keys() - KNOWN))
    routes = config.get("routes", [])
    if len(routes) > MOST_ROUTES:
        yield f"config.json: {len(routes):,} routes; Vercel takes {MOST_ROUTES:,}."
    yield from _of_destinations(output, routes)
    for name in config.get("overrides", {}):
        if not (output.folder / "static" / name).is_file():
            yield f"config.json: there is no static/{name}, of which overrides speaks."


def _of_destinations(output: Output, routes: list[dict[str, Any]]) -> Iterator[str]:
    """Those without a group in them lead to something; but a name that only later rules look for may have no file."""
    for number, route in enumerate(routes):
        dest = route.get("dest", "")
        is_final = not route.get("continue") and not route.get("check")
        if dest.startswith("/") and "$" not in dest and is_final and output.find(dest) is None:
            yield f"config.json: route {number} leads to {dest}, which there is not."


# functions


def _of_function(folder: Path, path: Path) -> Iterator[str]:
    name = path.relative_to(folder).as_posix()
    prerender = path.with_name(path.name.removesuffix(FUNCTION) + PRERENDER)
    if prerender.is_file():
        yield from (f"{name}: {problem}" for problem in _of_prerender(prerender))
    if path.is_symlink():  # what it leads to is looked at under its own name
        return
    try:
        function = FunctionFolder.of(path)
    except DeployError as error:
        yield str(error)
        return
    yield from (f"{name}/{CONFIG}: {problem}" for problem in _of_function_config(function))
    yield from (f"{name}: {problem}" for problem in _of_modules(function))


def _of_function_config(function: FunctionFolder) -> Iterator[str]:
    config = function.config
    if not RUNTIME.fullmatch(str(config.get("runtime"))):
        yield f"runtime is {config.get('runtime')!r}; Vercel has python3.12, python3.13 and python3.14."
    if not re.fullmatch(r"\w+\.\w+", str(config.get("handler"))):
        yield f"handler is {config.get('handler')!r}, not module.name."
    elif not (function.folder / f"{function.module}.py").is_file():
        yield f"there is no {function.module}.py, which the handler names."
    if config.get("architecture", "x86_64") not in ("x86_64", "arm64"):
        yield f"architecture is {config['architecture']!r}."
    for key, least, most in (("maxDuration", 1, LONGEST), ("memory", 128, LARGEST)):
        value = config.get(key, least)
        if type(value) is not int or not least <= value <= most:
            yield f"{key} is {value!r}, not a number from {least} to {most}."
    variables = config.get("environment", {})
    if not all(isinstance(value, str) for value in variables.values()):
        yield "environment has a value that is no text."


def _of_modules(function: FunctionFolder) -> Iterator[str]:
    """Modules that were compiled for another Python, system or processor cannot be imported there."""
    tag = f"cpython-{str(function.config.get('runtime')).removeprefix('python').replace('.', '')}"
    machine = {"arm64": "aarch64"}.get(str(function.config.get("architecture")), "x86_64")
    for entry in _entries(function.folder):
        if entry.name.endswith((".so", ".pyd", ".dylib")):
            match = COMPILED.fullmatch(entry.name)
            if match is None or match["tag"] not in (None, "abi3", tag) or match["machine"] not in (None, machine):
                file = Path(entry.path).relative_to(function.folder)
                yield f"{file} was not compiled for {tag} on Linux ({machine})."
        if entry.is_symlink():
            yield f"{Path(entry.path).relative_to(function.folder)} is a link, which Vercel does not follow there."


def _entries(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """Of a folder and those in it, but not in links."""
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _entries(entry.path)


def _of_prerender(file: Path) -> Iterator[str]:
    """https://vercel.com/docs/build-output-api/primitives#prerender-functions"""
    try:
        config = read_json(file)
    except DeployError as error:
        yield str(error)
        return
    for key, value in config.items():
        if key not in KNOWN_OF_PRERENDER or not isinstance(value, KNOWN_OF_PRERENDER[key]):
            yield f"{file.name}: {key} is {value!r}."
    expiration = config.get("expiration")
    if expiration is None or expiration is True or (expiration is not False and expiration < 1):
        yield f"{file.name}: expiration is {expiration!r}, neither seconds nor false."
    fallback = config.get("fallback")
    if isinstance(fallback, str) and not (file.parent / fallback).is_file():
        yield f"{file.name}: there is no {fallback}."
    for name, value in config.get("initialHeaders", {}).items():
        if not isinstance(value, str) or name.lower() == "set-cookie":
            yield f"{file.name}: the header {name} is {value!r}."


def _of_links(folder: Path) -> Iterator[str]:
    """Beside functions: only a function's folder may be a link, and only to another function."""
    root = (folder / "functions").resolve()
    for path, folders, names in os.walk(root):
        for name in [*folders, *names]:
            link = Path(path, name)
            if link.is_symlink() and not (name.endswith(FUNCTION) and link.resolve().is_relative_to(root)):
                yield f"functions/{link.relative_to(root)} is a link that Vercel cannot follow."
        folders[:] = [name for name in folders if not name.endswith(FUNCTION)]


# node


def _by_node(folder: Path, start: Path) -> tuple[list[str], str]:
    """Problems; or why nobody has looked."""
    node = shutil.which("node")
    if node is None:
        return [], INSTALL.format(why="there is no node")
    place = next((place for place in (start.resolve(), *start.resolve().parents) if (place / PACKAGE).is_dir()), None)
    if place is None:
        return [], INSTALL.format(why="@vercel/routing-utils is not installed")
    command = [node, str(SCRIPT), str(folder / "config.json"), str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own script
    if done.returncode:
        return [], INSTALL.format(why=done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "node failed")
    return [f"config.json: {problem}" for problem in json.loads(done.stdout)], ""
