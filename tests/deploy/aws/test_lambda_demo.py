"""The demo, written by `manage.py deploy aws` and proved by `--verify`: all of its endpoints and pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

VARIABLES = ("ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "SECRET_KEY", "SITE_URL")
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo with a database, as somebody else's project would be."""
    folder = tmp_path_factory.mktemp("demo") / "site"
    for name in ("project", "api"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", folder)
    (folder / "requirements.txt").write_text("pagesapi[preview,proxy]\n")
    manage(folder, "migrate", "--verbosity=0")
    return folder


def manage(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = {
        "ALLOWED_HOSTS": "demo.example",
        "DATABASE_URL": f"sqlite:///{folder.parent / 'db.sqlite3'}",
        "DEBUG": "0",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": "signs-nothing-that-matters-but-is-long-enough-for-django-to-like-it",
        "SITE_URL": "https://demo.example",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=folder,
        env=own,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_each_route_alone_under_asgi_answers_as_the_live_application_does(demo: Path) -> None:
    options = ("--interface=asgi", "--per-route")
    is_all_the_same(manage(demo, "deploy", "aws", "--verify", *options, "--env", *VARIABLES))


def test_the_lines_of_the_readme_lead_to_a_proved_folder(tmp_path: Path) -> None:
    """But for the first, which installs; in a copy with the README itself, which is deployed too."""
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"<!-- deploy lines -->\n```sh\n(.*?)\n```", text, re.DOTALL)
    assert block is not None
    install, *lines = block[1].splitlines()
    assert "pip install" in install
    site = tmp_path / "clone"
    for name in ("project", "api", "pagesapi"):
        shutil.copytree(ROOT / name, site / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, site)
    script = re.sub(r"\.venv/bin/python|\bpython3\b", lambda match: sys.executable, "\n".join(lines))
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=site,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    is_all_the_same(done)


def is_all_the_same(done: subprocess.CompletedProcess[str]) -> None:
    # cfn-lint knows when AWS takes a version of Python no more.
    assert done.returncode == (1 if "E2531" in done.stderr else 0), done.stdout + done.stderr
    verdicts = re.findall(r" (same|varies|differs|failed|not asked)(?:  .*)?$", done.stdout, re.MULTILINE)
    assert verdicts.count("same") > 100
    assert set(verdicts) == {"same", "not asked"}
    for question in ("GET /api/posts/1 ", "OPTIONS /api/feedback ", "GET /blog/ (If-None-Match)", "GET /static/"):
        assert question in done.stdout
    for changing in ("POST /api/feedback", "DELETE /api/posts/1"):
        assert re.search(rf"{changing} .*not asked", done.stdout)
