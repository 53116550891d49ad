"""`manage.py` of the sample project, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
TIMEOUT = 60  # seconds, so that a test that hangs ends


def environment(base: Path, settings: dict[str, Any] | None = None, **variables: str) -> dict[str, str]:
    """`variables` are those of the sample, without their prefix: pages="40" is SAMPLE_PAGES=40."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAMPLE_", "DJANGO_", "COV_"))}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.pages.building.sample.settings",
        "PYTHONPATH": str(ROOT),
        "SAMPLE_DIR": str(base),
        "SAMPLE_SETTINGS": json.dumps(settings or {}),
        **{f"SAMPLE_{name.upper()}": value for name, value in variables.items()},
    }


def manage(*arguments: str, program: str = "django") -> list[str]:
    return [sys.executable, "-W", "error", "-m", program, *arguments]


def run(
    base: Path,
    *arguments: str,
    program: str = "django",
    settings: dict[str, Any] | None = None,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        manage(*arguments, program=program),
        env=environment(base, settings, **variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
