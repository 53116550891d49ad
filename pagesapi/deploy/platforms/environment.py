"""What a function reads of this machine's environment when it is run here."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from pagesapi.exceptions import DeployError

# Where this process finds its code, and what platforms set themselves: nothing that a project would read.
APART = re.compile(
    r"PATH|PYTHON[A-Z0-9]+|LD_(?:LIBRARY_PATH|PRELOAD)|VIRTUAL_ENV\w*|DJANGO_SETTINGS_MODULE|PAGESAPI_FUNCTION"
    r"|AWS_LAMBDA_\w+|AWS_(?:EXECUTION_ENV|(?:DEFAULT_)?REGION|(?:SECRET_)?ACCESS_KEY(?:_ID)?|SESSION_TOKEN)"
    r"|VERCEL(?:_(?:ENV|IPC_PATH|REGION|URL))?|COVERAGE_\w+|COV_CORE_\w+"
)


def environment_of_functions() -> dict[str, str]:
    """All else: where variables are set on the platform, the settings may read any of it."""
    return {name: value for name, value in os.environ.items() if not APART.fullmatch(name)}


def environment_named(names: Iterable[str]) -> dict[str, str]:
    """Where what is written names the variables. Raises `DeployError` for one that there is not."""
    missing = [name for name in names if name not in os.environ]
    if missing:
        raise DeployError(f"{', '.join(missing)}, named by --env, is not set here, so nothing can be run with it.")
    return {name: os.environ[name] for name in names}
