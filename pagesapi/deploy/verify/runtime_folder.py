"""What Lambda has in /var/runtime: its Python runtime client, and what that needs."""

from __future__ import annotations

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from pagesapi.deploy.writing.pypa import Requirement
from pagesapi.exceptions import DeployError

CLIENT = "awslambdaric"


def link_runtime(target: Path, client: str = CLIENT) -> None:
    """Links in an empty folder, to nothing but the client: all else of its environment cannot be imported from there.

    Raises `DeployError` where it is not installed.
    """
    names = [client]
    for name in names:  # which grows meanwhile
        found = _distribution(name)
        names += [each for each in _needs(found) if each not in names]
        for entry in _top_level(found):
            (target / entry.name).symlink_to(entry)


def _distribution(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise DeployError(
            f"{name} is not installed, which runs the functions here as Lambda does: pip install 'pagesapi[verify]'"
        ) from None


def _needs(found: Distribution) -> list[str]:
    requirements = [Requirement(text) for text in found.requires or ()]
    return [each.name for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""})]


def _top_level(found: Distribution) -> list[Path]:
    """Packages, modules and extension modules; scripts lie outside."""
    names = {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}
    return [Path(str(found.locate_file(name))).resolve() for name in sorted(names)]
