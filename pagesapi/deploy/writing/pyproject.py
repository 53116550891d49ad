"""`pyproject.toml` of a project: its name, and what it needs (PEP 621)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pagesapi.deploy.writing.pypa import InvalidRequirement, Requirement, tomllib
from pagesapi.exceptions import DeployError


@dataclass(frozen=True, slots=True)
class Pyproject:
    file: Path
    name: str
    version: str
    requires: tuple[str, ...]  # as METADATA says it: with the extra in the marker
    is_complete: bool  # whether another program would add to `requires`
    packages: tuple[str, ...]  # those that hatchling is told of, relative to the folder

    @classmethod
    def of(cls, folder: Path) -> Pyproject | None:
        """None where there is none, or none that says what a project needs. Raises `DeployError` if it is broken."""
        file = folder / "pyproject.toml"
        try:
            content = tomllib.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:  # UnicodeDecodeError and TOMLDecodeError are ValueErrors
            raise DeployError(f"{file} cannot be read: {error}") from error
        project = content.get("project")
        if not isinstance(project, dict) or not isinstance(project.get("name"), str):
            return None
        return cls(
            file=file,
            name=project["name"],
            version=str(project.get("version", "0")),
            requires=tuple(_requires(file, project)),
            is_complete="dependencies" not in project.get("dynamic", ()),
            packages=tuple(_packages(content)),
        )


def _requires(file: Path, project: dict[str, Any]) -> Iterator[str]:
    try:
        yield from (str(Requirement(text)) for text in project.get("dependencies", ()))
        for extra, texts in project.get("optional-dependencies", {}).items():
            yield from (_with_extra(Requirement(text), extra) for text in texts)
    except (AttributeError, TypeError, InvalidRequirement) as error:
        raise DeployError(f"{file}: {error}") from error


def _with_extra(requirement: Requirement, extra: str) -> str:
    marker = f'extra == "{extra}"'
    if requirement.marker is not None:
        marker = f"({requirement.marker}) and {marker}"
        requirement.marker = None
    return f"{requirement} ; {marker}"


def _packages(content: dict[str, Any]) -> Iterator[str]:
    found: Any = content
    for key in ("tool", "hatch", "build", "targets", "wheel", "packages"):
        found = found.get(key, {}) if isinstance(found, dict) else {}
    if isinstance(found, list):
        yield from (str(name) for name in found)
