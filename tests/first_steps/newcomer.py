"""Who follows steps to the letter, in a project that `startproject` has made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.first_steps.shell import PATIENCE, STARTED, RunServer, Shell
from tests.first_steps.steps import Command, File, Step

# The running interpreter has done these, with the checkout in the place of what pip would install.
DONE = re.compile(r"python3 -m venv|\. \.venv/bin/activate|(?:\.venv/bin/)?pip install")
# What the server has imported, so that a change restarts it. A template is read each time.
IMPORTED = re.compile(r"(?:api|mysite)/.*\.py")
PORT = "8000"
SAVED_AGAIN = 20  # seconds; Django's reloader misses a change in the moment between its start and its first look


class Newcomer:
    """`follow()` each step. The server has a free port, which stands for 8000 in all that is run and printed."""

    def __init__(self, home: Path) -> None:
        self.shell = Shell(home)
        self.server: RunServer | None = None
        self._due = 0  # the start that the server owes us before it is asked again
        self._changed: list[Path] = []

    def follow(self, step: Step) -> None:
        if isinstance(step, File):
            self._write(step)
        elif not DONE.match(step.line):
            self._run(step)

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()

    def _write(self, file: File) -> None:
        path = self.shell.folder / file.name
        new = not path.exists()
        before = "" if self.server is None else self.server.output.since(0)
        write = self.shell.append if file.at_the_end else self.shell.write
        write(file.name, file.text)
        if self.server is None or not IMPORTED.match(file.name):
            return
        if new:
            taken_up = f"{re.escape(file.name)} is new, and taken up"
            self.server.output.wait_for(f"(?s)^.{{{len(before)}}}.*(?:{taken_up}|{STARTED})", PATIENCE)
        else:
            self._due = max(self._due, self.server.starts + 1)
            self._changed.append(path)

    def _await_restart(self, server: RunServer) -> None:
        for _ in range(3):
            if server.has_started(self._due, SAVED_AGAIN):
                self._changed.clear()
                return
            for path in self._changed:
                path.touch()
        raise RuntimeError(f"The server did not restart:\n{server.output.since(0)}")

    def _run(self, command: Command) -> None:
        if self.server is not None:
            self._await_restart(self.server)
        if "manage.py runserver" in command.line:
            self.server = RunServer(self.shell, command.line)
            return
        port = PORT if self.server is None else str(self.server.port)
        done = self.shell.run(command.line.replace(f":{PORT}", f":{port}"))
        printed = done.stdout.replace(f":{port}", f":{PORT}")
        assert done.returncode == 0, f"$ {command.line}\n{printed}{done.stderr}"
        assert command.is_shown(printed), f"$ {command.line}\n{printed}\n-- shown:\n" + "\n".join(command.shown)


@contextmanager
def newcomer(home: Path) -> Iterator[Newcomer]:
    found = Newcomer(home)
    try:
        yield found
    finally:
        found.stop()
