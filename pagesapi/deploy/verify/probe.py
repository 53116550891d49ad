"""What a function takes to start and to answer once. It runs in the function's own folder, where nothing else is."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def measured(module: str, name: str, event: Mapping[str, Any], api: str) -> dict[str, Any]:
    """Import the module, call its function of that name; `api`: the folder of route files."""
    began = time.perf_counter()
    handler = getattr(importlib.import_module(module), name)
    started = time.perf_counter()
    answer = handler(event, None)
    answered = time.perf_counter()
    files = (getattr(found, "__file__", None) or "" for found in list(sys.modules.values()))
    folder = Path(api).resolve()
    routes = {file for file in files if folder in Path(file).resolve().parents}
    return {
        "status": answer["statusCode"],
        "start": (started - began) * 1000,
        "answer": (answered - began) * 1000,
        "modules": len(sys.modules),
        "routes": sorted(Path(file).resolve().relative_to(folder).as_posix() for file in routes),
    }
