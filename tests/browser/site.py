"""The demo as it would be deployed: migrated, prerendered, served by gunicorn with DEBUG=0."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.servers.running import ROOT, Output

PATIENCE = 120  # seconds; reached only where something hangs
STAFF = "grace-of-the-staff"
PASSWORD = "only for these tests"


class Site:
    """`origin` is its URL. Everything that it writes is in `folder`."""

    application = "project.wsgi:application"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "demo.sqlite3"
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
            self.origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
            self.manage("migrate")
            self.manage("createsuperuser", "--noinput", f"--username={STAFF}", "--email=grace@example.com")
            self.manage("prerender", "--workers=1")
            self._process = self._serve(listening)
        assert self._process.stdout is not None
        self.output = Output(self._process.stdout)
        self._wait_until_ready()

    def rows(self, sql: str, *values: object) -> list[Any]:
        """From another process than the server's, without Django: no signal is sent, so no page is renewed."""
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection, connection:
            return connection.execute(sql, values).fetchall()

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self._environ(), capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.output.close()

    def _serve(self, listening: socket.socket) -> subprocess.Popen[str]:
        # Two processes, so that what a visitor sees does not hang on which of them answers.
        options = ["--workers=2", "--worker-class=gthread", "--threads=8", "--graceful-timeout=1"]
        bind = f"--bind=fd://{listening.fileno()}"
        return subprocess.Popen(
            [sys.executable, "-m", "gunicorn", bind, *options, "--no-control-socket", self.application],
            cwd=ROOT,
            env=self._environ(),
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
        )

    def _environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DEMO_TESTS_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.database.as_posix()}",
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": "signs-nothing-that-matters",
            "SITE_URL": self.origin,
        }

    def _wait_until_ready(self) -> None:
        try:
            with urlopen(f"{self.origin}/api/hello", timeout=PATIENCE) as answer:
                answer.read()
        except OSError as error:
            self.stop()
            raise RuntimeError(f"The demo does not answer:\n{self.output.since(0)}") from error
