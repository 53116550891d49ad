"""A process that starts as Lambda starts a function, and answers once: `python -m benchmarks.start_function PATH`.

Prints, as JSON, what that took and how many route files it imported.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from django.conf import settings

from pagesapi.deploy.aws import make_handler


def main(base: Path, path: str) -> None:
    settings.BASE_DIR = base
    http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}
    event = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "localhost", "x-forwarded-proto": "https"},
        "requestContext": {"http": http},
        "isBase64Encoded": False,
    }
    answer = make_handler()(event, None)
    report = {"status": answer["statusCode"], "cpu": time.process_time(), "imported": _imported_from(base)}
    sys.stdout.write(json.dumps(report))


def _imported_from(folder: Path) -> int:
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return sum(file is not None and folder in Path(file).parents for file in files)


if __name__ == "__main__":
    main(Path(os.environ["BENCHMARK_BASE_DIR"]), sys.argv[1])
