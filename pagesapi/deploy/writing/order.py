"""What `deploy` is asked to write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings

from pagesapi.conf import conf
from pagesapi.exceptions import DeployError
from pagesapi.pages.building.options import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    target: Path  # absolute
    base: Path  # BASE_DIR
    requirements: Path | None = None  # None: the project's own requirements.txt or pyproject.toml
    exclude: tuple[str, ...] = ()  # globs of files that are not to be deployed
    variables: tuple[str, ...] = ()  # names of environment variables that are given when it is deployed
    public: frozenset[str] = frozenset()  # names of settings and variables whose values may be seen
    dependencies: Literal["copy", "pip"] | None = None  # how they come into the folder; None: as the platform does it
    workers: int | None = None  # processes that build pages; None: one a processor
    progress: Callable[[Progress], None] | None = None


def project_folder() -> Path:
    """BASE_DIR, with the API in it. Raises `DeployError`."""
    if not hasattr(settings, "BASE_DIR"):
        raise DeployError("The settings have no BASE_DIR, whose files a function is made of.")
    base = Path(settings.BASE_DIR).resolve()
    if not conf.api_dir.resolve().is_relative_to(base):
        raise DeployError(f"The API folder {conf.api_dir} is outside BASE_DIR ({base}), whose files are deployed.")
    return base
