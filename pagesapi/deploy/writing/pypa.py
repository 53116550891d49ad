"""What reads names, versions, markers (PEP 503, 440, 508) and TOML: imported in one place, for it is an extra."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from pagesapi.exceptions import DeployError

try:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

    tomllib: Any = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
except ImportError as error:
    missing = (error.name or "packaging").partition(".")[0]
    raise DeployError(
        f'To read what the project needs, {missing} has to be installed: pip install "pagesapi[aws]", '
        'or "pagesapi[vercel]".'
    ) from error

__all__ = [
    "InvalidRequirement",
    "InvalidWheelFilename",
    "Requirement",
    "canonicalize_name",
    "parse_wheel_filename",
    "tomllib",
]
