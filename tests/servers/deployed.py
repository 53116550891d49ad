"""The suite's site as a project of its own, and the folder that `manage.py deploy` writes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.servers.running import ROOT

HERE = Path(__file__).parent
PACKAGE = "served"  # there; folders called "tests" are not deployed
MODULES = ("__init__", "gate", "site_asgi", "site_settings", "site_urls", "site_wsgi")


def deploy(folder: Path, platform: str, *options: str) -> Path:
    """What was written. `folder`: an empty one, for the project too. Raises `CalledProcessError`."""
    project, output = folder / "project", folder / "output"
    write_project(project)
    subprocess.run(
        # The key of the tests stands in their settings.
        [sys.executable, "-m", "django", "deploy", platform, *options, f"--output={output}", "--public", "SECRET_KEY"],
        cwd=project,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": f"{PACKAGE}.site_settings",
            "PYTHONPATH": os.pathsep.join([str(project), str(ROOT)]),
        },
        check=True,
    )
    return output


def write_project(project: Path) -> None:
    shutil.copytree(HERE / "tree", project / PACKAGE / "tree", ignore=shutil.ignore_patterns("__pycache__"))
    for name in MODULES:
        shutil.copy(HERE / f"{name}.py", project / PACKAGE)
    for file in (project / PACKAGE).rglob("*.py"):
        file.write_text(file.read_text("utf-8").replace("tests.servers", PACKAGE), "utf-8")
    (project / "requirements.txt").write_text("pagesapi\n", "utf-8")
