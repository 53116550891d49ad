"""A newcomer's shell: an empty folder, and `python`, `python3` and `django-admin` of the running interpreter."""

from __future__ import annotations

import copy
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pagesapi
from tests.servers.running import Output

PATIENCE = 60  # seconds; reached only where something hangs
OURS = ("DJANGO_SETTINGS_MODULE", "PAGESAPI_CI", "PYTHONPATH")  # of this suite, and nobody else's
STARTED = r"Quit the server with "


class Shell:
    """`folder` is where commands run. What pip would install is the package of this checkout, nothing else of it."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "site"
        self.folder.mkdir()
        programs, packages = home / "bin", home / "packages"
        programs.mkdir()
        packages.mkdir()
        (packages / "pagesapi").symlink_to(Path(pagesapi.__file__).parent)
        for name, words in {"python": "", "python3": "", "django-admin": " -m django"}.items():
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}"{words} "$@"\n', "utf-8")
            program.chmod(0o755)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in OURS},
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(packages),
            "PYTHONUNBUFFERED": "1",
        }

    def within(self, folder: Path) -> Shell:
        """The same shell, in another folder."""
        other = copy.copy(self)
        other.folder = folder
        return other

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def write(self, file: str, text: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def append(self, file: str, text: str) -> None:
        path = self.folder / file
        path.write_text(path.read_text("utf-8") + text, "utf-8")


class RunServer:
    """`manage.py runserver` on a port of the system's choice, in a group of its own: its reloader has a child."""

    def __init__(self, shell: Shell, command: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self._process = subprocess.Popen(
            ["bash", "-c", f"exec {command} {self.port}"],
            cwd=shell.folder,
            env=shell.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self.output = Output(self._process.stdout)
        if not self.has_started(1):
            self.stop()
            raise RuntimeError(f"$ {command}\n{self.output.since(0)}")

    @property
    def starts(self) -> int:
        """How often it has begun to listen: once, and once more after each change that it noticed."""
        return len(re.findall(STARTED, self.output.since(0)))

    def has_started(self, number: int, patience: float = PATIENCE) -> bool:
        """Whether it has begun to listen so often, at the latest after these seconds."""
        try:
            self.output.wait_for(rf"(?s)(?:{STARTED}.*?){{{number}}}", patience)
        except RuntimeError:
            return False
        return True

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self.output.close()
