"""The files of a function: the project's source, its built pages, and which routes each function serves."""

from __future__ import annotations

import sys
from pathlib import Path

from pagesapi.deploy.writing.folder import write
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.pages import build_pages
from pagesapi.deploy.writing.plan import Plan
from pagesapi.deploy.writing.requirements import Requirements
from pagesapi.deploy.writing.source import copy_project
from pagesapi.endpoints.tree import get_tree
from pagesapi.exceptions import DeployError
from pagesapi.routing.part import Part, write_part

WORK = "_pagesapi"  # as `conf.work_dir` of a function
VENDOR = "_vendor"  # dependencies, where nobody installs them


class Code:
    """`folder` is where it is written; `paths` are the URLs of the pages in it, when it is."""

    def __init__(self, folder: Path, order: Order) -> None:
        self.folder = folder
        self.order = order
        self.paths: tuple[str, ...] = ()
        self.published: frozenset[str] = frozenset()  # packages in it that anybody can download

    def write(self, plan: Plan, *, extra: str) -> None:
        """Everything but what the platform's own adapter is. Raises `DeployError`."""
        requirements = requirements_of(self.order, plan, extra)
        write_source(self.folder, plan, self.order)
        if self.order.dependencies is None:
            requirements.copy_local(self.folder)
            write(self.folder / "requirements.txt", requirements.text())
        else:
            vendor(requirements, self.folder / VENDOR, self.order)
            self.published = requirements.published()
        pages = build_pages(self.folder / WORK, self.order)
        try:
            self.paths = pages.paths()
        finally:
            pages.close()


def requirements_of(order: Order, plan: Plan, *extras: str) -> Requirements:
    """What the functions import. Raises `DeployError`."""
    return Requirements.of_project(order.base, extras, order.requirements, python=plan.python)


def vendor(requirements: Requirements, folder: Path, order: Order) -> None:
    """What the functions import, as it is installed here, or as pip finds it for the platform."""
    if order.dependencies == "pip":
        requirements.install(folder)
    else:
        requirements.vendor(folder)


def write_source(folder: Path, plan: Plan, order: Order) -> None:
    """The project's files, and for each function that serves a part of the tree, which part that is."""
    copied = copy_project(order.base, folder, exclude=order.exclude)
    folder_of_routes, there = api_folder(order), set(copied)
    missing = [each.file for each in plan.endpoints if (folder_of_routes / each.file).as_posix() not in there]
    if missing:
        raise DeployError(f"The files of these routes were left out: {', '.join(missing)}. Look at --exclude.")
    found = get_tree().scan
    for function in plan.routed:
        part = Part.of(found, [endpoint.file for endpoint in function.endpoints])
        write_part(folder / WORK, function.name, part)


def import_roots(folder: Path, order: Order) -> list[str]:
    """Folders of the project that are on Python's path here, "src", so that they are on a function's too."""
    found = []
    for entry in map(Path, sys.path):
        root = entry.resolve()
        if root != order.base and root.is_relative_to(order.base):
            relative = root.relative_to(order.base).as_posix()
            if (folder / relative).is_dir() and relative not in found:
                found.append(relative)
    return found


def api_folder(order: Order) -> Path:
    """Relative to the project."""
    return get_tree().scan.root.resolve().relative_to(order.base)
