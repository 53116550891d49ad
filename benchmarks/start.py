"""A process that starts as a server's worker does, and answers: `python -m benchmarks.start BASE_DIR PATH [URLCONF]`.

Without a URLconf it is pagesapi's. Prints, as JSON, what that took and how many files of the project it imported.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import NoReverseMatch, reverse

from benchmarks.request import answer, environ


def main(base: Path, path: str, urlconf: str = "") -> None:
    choose_project(base, urlconf)
    handler = get_wsgi_application()
    status = answer(handler, environ(path)).status_code
    report = {"status": status, "cpu": time.process_time(), "at": time.monotonic()}
    answer(handler, environ("/api/no/such/path"))
    try:
        reverse("pagesapi:no such name")
    except NoReverseMatch:
        sys.stdout.write(json.dumps({**report, "imported": _imported_from(base)}))


def choose_project(base: Path, urlconf: str) -> None:
    """With a URLconf of its own a project has nothing of pagesapi."""
    settings.BASE_DIR = base
    if urlconf:
        settings.ROOT_URLCONF, settings.INSTALLED_APPS = urlconf, []
        sys.path.insert(0, str(base))


def _imported_from(folder: Path) -> int:
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return sum(file is not None and folder in Path(file).parents for file in files)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
