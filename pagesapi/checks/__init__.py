"""System checks. Their ids are permanent: a number is never used for something else."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.core.checks import CheckMessage, Tags, register


@dataclass(unsafe_hash=True)  # not frozen: Django, whose registry is a set, writes its tags on it
class LateCheck:
    """A check by its module and name, imported when it is run.

    A server that starts runs none, and they are a tenth of what it would import.
    """

    module: str
    name: str

    def __call__(self, **kwargs: Any) -> list[CheckMessage]:
        check = getattr(import_module(f"pagesapi.checks.{self.module}"), self.name)
        return check(**kwargs)  # type: ignore[no-any-return]


def register_checks() -> None:
    """Called once, when Django's apps are ready."""
    for module, name in (
        ("settings", "check_settings"),
        ("installation", "check_install"),
        ("tree", "check_tree"),
        ("tree", "check_folders"),
        ("tree", "check_routes"),
    ):
        register(LateCheck(module, name), "pagesapi")
    for module, name in (("urls", "check_urls"), ("pages", "check_pages")):
        register(LateCheck(module, name), "pagesapi", Tags.urls)
    for module, name in (("installation", "check_deployment"), ("pages", "check_pages_deployment")):
        register(LateCheck(module, name), "pagesapi", deploy=True)
