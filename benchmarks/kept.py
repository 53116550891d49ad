"""A process that keeps routes, and tells their memory: `python -m benchmarks.kept BASE_DIR COUNT [URLCONF]`.

Prints, as JSON, the bytes that `tracemalloc` counts after one answer, and after an answer of each route.
"""

from __future__ import annotations

import gc
import json
import sys
import tracemalloc
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from benchmarks.request import answer, environ
from benchmarks.same_routes import url_of
from benchmarks.start import choose_project


def main(base: Path, count: int, urlconf: str = "") -> None:
    choose_project(base, urlconf)
    tracemalloc.start()
    handler = get_wsgi_application()
    answer(handler, environ(url_of(0)))  # the first: Django compiles a pattern when it is tried
    after_one = _kept()
    statuses = {answer(handler, environ(url_of(number))).status_code for number in range(count)}
    if statuses != {200}:
        raise RuntimeError(f"Answered with {statuses}.")
    sys.stdout.write(json.dumps({"after_one": after_one, "after_each": _kept()}))


def _kept() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
