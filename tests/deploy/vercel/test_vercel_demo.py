"""The demo, written for Vercel and compared with itself: every endpoint, every page, through the real runtime."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("needs_runtime")
ROOT = Path(__file__).parents[3]


def manage(database: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {
        "SECRET_KEY": "known-to-the-platform-and-to-nobody-else",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "example.com",
        "SITE_URL": "https://example.com",
        "DATABASE_URL": f"sqlite:///{database}",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "DEMO_", "DJANGO_"))}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**kept, **variables}, capture_output=True, text=True, check=False)


def test_every_answer_of_the_demo_is_the_live_ones(tmp_path: Path) -> None:
    database = tmp_path / "demo.sqlite3"
    assert manage(database, "migrate").returncode == 0
    output = ("--output", str(tmp_path / "output"), "--exclude", "benchmarks")
    done = manage(database, "deploy", "vercel", "--verify", *output)
    assert done.returncode == 0, done.stdout + done.stderr
    match = re.search(r"([\d,]+) questions were asked of both, 0 answers differ; 0 problems", done.stdout)
    assert match is not None, done.stdout
    assert int(match[1]) > 100
