"""What was measured with what: for the figures in `results.json`."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version

from benchmarks import nginx, node

PACKAGES = (
    "pagesapi",
    "django",
    "django-cors-headers",
    "msgspec",
    # peers
    "django-bakery",
    "django-bolt",
    "django-distill",
    "django-modern-rest",
    "django-ninja",
    "djangorestframework",
    "fastapi",
    "pydantic",
    # servers
    "granian",
    "gunicorn",
    "httptools",
    "uvicorn",
)


def versions() -> dict[str, str]:
    """Of Python, of all packages that are installed, of nginx and Next.js where they are there."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    found |= {name: number for name in PACKAGES if (number := _version(name))}
    if nginx.PROGRAM is not None:
        said = subprocess.run([nginx.PROGRAM, "-v"], check=True, capture_output=True, text=True).stderr
        found["nginx"] = said.strip().rpartition("/")[2]
    return found | ({} if node.missing() else node.versions())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
