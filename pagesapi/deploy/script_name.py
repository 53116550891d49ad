"""`FORCE_SCRIPT_NAME` where no server stands in front that would take it off."""

from __future__ import annotations

from typing import Any

from pagesapi.conf import conf


def leave_out_script_name(environ: dict[str, Any]) -> None:
    """It is no part of PATH_INFO to Django, which looks after that itself under ASGI."""
    name, path = conf.script_name, environ["PATH_INFO"]
    if name and f"{path}/".startswith(f"{name}/"):
        environ["PATH_INFO"] = path[len(name) :]
