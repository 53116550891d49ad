"""One build in a process of its own: `python -m benchmarks.build FOLDER`, the builder named by BENCHMARKS_URLCONF.

Prints, as JSON, what the build took, without Python's start and Django's where it does not say otherwise.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.blog.settings"


def main(folder: Path) -> None:
    django.setup()
    build = import_module(settings.ROOT_URLCONF).build
    start, cpu = time.perf_counter(), _cpu()
    build(folder)
    report = {
        "seconds": time.perf_counter() - start,
        "cpu": _cpu() - cpu,
        "command_cpu": _cpu(),
        "peak": _peak(),
        "peak_of_workers": _megabytes(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss),
    }
    sys.stdout.write(json.dumps(report))


def _cpu() -> float:
    """Of this process, and of those that it has started and waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak() -> float:
    """Of this process; where there is /proc, without what the process that started it had in memory."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1000
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _megabytes(rss: int) -> float:
    return rss / (1_000_000 if sys.platform == "darwin" else 1000)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
