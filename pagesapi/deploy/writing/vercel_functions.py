"""The `.func` folders of Vercel's output: what each function is, and what starts it.

https://vercel.com/docs/build-output-api/primitives#serverless-functions
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from pagesapi.deploy.vercel_names import PREFIX
from pagesapi.deploy.writing.code import VENDOR, WORK
from pagesapi.deploy.writing.folder import SIGNATURE, write
from pagesapi.deploy.writing.plan import Function, Plan

HANDLER = "vc__handler__python"  # what Vercel's own builder calls it, and its runtime knows it by
MODULE = "pagesapi_function"
OUT = f"{WORK}/out"  # built pages: of no use to who is never asked for one, or makes them anew
CONFIG = ".vc-config.json"


def function_folder(output: Path, name: str) -> Path:
    return output / "functions" / PREFIX / f"{name}.func"


def function_config(plan: Plan, function: Function, machine: str) -> dict[str, Any]:
    """No variable here is a secret: those are the project's settings on Vercel."""
    bounds = {"memory": function.memory, "maxDuration": function.max_duration}
    return {
        "runtime": f"python{plan.python}",
        "handler": f"{HANDLER}.vc_handler",
        "architecture": machine,
        "supportsResponseStreaming": True,
        **{key: value for key, value in bounds.items() if value is not None},
        "environment": {
            "DJANGO_SETTINGS_MODULE": plan.settings,
            "PAGESAPI_FUNCTION": function.name,
            "PYTHONDONTWRITEBYTECODE": "1",  # nothing can be written beside the code
            "PYTHONPATH": VENDOR,
        },
    }


def write_start(folder: Path, plan: Plan, function: Function, paths: Sequence[str] = ()) -> None:
    """What the platform starts, and the module with the application, which the runtime then imports."""
    write(folder / f"{HANDLER}.py", TRAMPOLINE)
    write(folder / f"{MODULE}.py", _module(plan, function, paths))


TRAMPOLINE = f'''{SIGNATURE}
"""What Vercel starts: the paths, and then its own runtime, which imports {MODULE}.app."""

import os
import site
import sys
import time

os.environ.setdefault("__VC_PY_BOOT_START_MS", str(int(time.monotonic() * 1000)))
here = os.path.dirname(os.path.abspath(__file__))
vendor = os.path.join(here, "{VENDOR}")
known = set(sys.path)
site.addsitedir(vendor)  # with the .pth files in it
added = [path for path in sys.path if path not in known and path != vendor]
# The project's own modules, its dependencies, and then whatever Python the platform has.
sys.path[:] = [here, vendor, *added, *(path for path in sys.path if path not in (here, vendor, *added))]
os.environ.update(
    {{
        "__VC_HANDLER_MODULE_NAME": "{MODULE}",
        "__VC_HANDLER_ENTRYPOINT": "{MODULE}.py",
        "__VC_HANDLER_ENTRYPOINT_ABS": os.path.join(here, "{MODULE}.py"),
        "__VC_HANDLER_VENDOR_DIR": "{VENDOR}",
        "__VC_HANDLER_VARIABLE_NAME": "app",
    }}
)

from vercel_runtime.vc_init import vc_handler
'''


def _module(plan: Plan, function: Function, paths: Sequence[str]) -> str:
    return f'''{SIGNATURE}
"""The application that Vercel's runtime serves."""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(here, path) for path in {list(paths)!r}]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", {plan.settings!r})
os.environ.setdefault("PAGESAPI_FUNCTION", {function.name!r})

from pagesapi.deploy.vercel import make_application

app = make_application({plan.interface!r})
'''


def link_folder(source: Path, target: Path, without: Collection[str] = ()) -> None:
    """The same files a second time, on the disk once. `without`: names relative to `source`."""
    for path, folders, names in os.walk(source):
        start = path[len(str(source)) + 1 :].replace(os.sep, "/")
        start = f"{start}/" if start else ""
        folders[:] = [name for name in folders if start + name not in without]
        there = target / start
        there.mkdir(parents=True, exist_ok=True)
        for name in names:
            if start + name not in without:
                _link(f"{path}/{name}", f"{there}/{name}")


def _link(source: str, target: str) -> None:
    """As texts: there are thousands, for each function."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
