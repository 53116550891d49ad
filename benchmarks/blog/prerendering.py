"""`manage.py prerender`, of whatever pages the URLconf has."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

from django.core.management import call_command, load_command_class

PRERENDER = load_command_class("pagesapi", "prerender")


def build(folder: Path) -> None:
    workers = int(os.environ["BENCHMARKS_WORKERS"])
    call_command(PRERENDER, output=str(folder), workers=workers, no_static=True, verbosity=0, stdout=StringIO())
