"""A process that starts as a server's worker does, and answers once: `python -m benchmarks.start BASE_DIR PATH`.

Prints, as JSON, what that took and which files it imported.
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


def main(base: Path, path: str) -> None:
    settings.BASE_DIR = base
    handler = get_wsgi_application()
    answer(handler, environ("/api/no/such/path"))
    try:
        reverse("pagesapi:no such name")
    except NoReverseMatch:
        at_start = _imported_from(base)
    status = answer(handler, environ(path)).status_code
    report = {
        "status": status,
        "imported_at_start": at_start,
        "imported_for_one_answer": _imported_from(base) - at_start,
        "cpu": time.process_time(),
    }
    sys.stdout.write(json.dumps(report))


def _imported_from(folder: Path) -> int:
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return sum(file is not None and folder in Path(file).parents for file in files)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
