"""A function run here by Vercel's own Python runtime (vercel-runtime), as its platform runs it."""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.vercel_folder import FunctionFolder, check_python
from pagesapi.deploy.verify.vercel_forwarding import vercel_headers
from pagesapi.deploy.verify.vercel_ipc import Ipc, Message
from pagesapi.exceptions import DeployError

START_LIMIT = 60.0  # seconds
LOOK = 0.05  # seconds between two looks at whether the process still lives
TAIL = 20  # lines of its log that an error shows
INTERNAL = "x-vercel-internal-"  # headers between the platform and its runtime, which nobody else sees


class VercelProcess:
    """A process of one function, for several requests, one after another or at once.

    >>> with VercelProcess(Path(".vercel/output/functions/_pagesapi/site.func"), {"SECRET_KEY": "…"}) as process:
    ...     process.ask(Question("GET", "/api/posts")).status
    200

    It imports nothing but what is in the folder, and sees no variable but those of Vercel, of the folder and of
    `environment`. Every method raises `DeployError`.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.function = FunctionFolder.of(folder)
        check_python(self.function)
        self._place = tempfile.TemporaryDirectory(prefix="pagesapi_")  # short: a socket's path has 107 bytes
        place = Path(self._place.name)
        (place / "tmp").mkdir()
        self._log = place / "log"
        self._numbers = count(1)
        self.ipc = Ipc(place / "ipc")
        command = self.function.command(str(self.function.folder / f"{self.function.module}.py"))
        variables = self.function.environment(environment, place / "tmp", VERCEL_IPC_PATH=str(place / "ipc"))
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, and what the command wrote
                command,
                cwd=self.function.folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for this process, which then ends that one
            )
        try:
            self.started = self._wait_for_start()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> VercelProcess:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def port(self) -> int:
        return int(self.started["payload"]["httpPort"])

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def log(self) -> str:
        """All that the process has printed or logged, for a request or not."""
        told = [_text(message) for message in self.ipc.of_type("log", "unrecoverable-error")]
        return "".join(told) + self._log.read_text("utf-8", "replace")

    def ask(self, question: Question) -> Answer:
        """What the client gets: a bare answer, without what the platform adds to it. Ends with the runtime's `end`."""
        number = next(self._numbers)
        internal = {f"{INTERNAL}invocation-id": f"i{number}", f"{INTERNAL}request-id": str(number)}
        answer = self.exchange(question, {**vercel_headers(question), **internal})
        if not self.ipc.wait(lambda: self._has_ended(number), self.function.seconds):
            raise self._error(f"has not told that {question} has ended")
        return answer

    def exchange(self, question: Question, headers: Mapping[str, str]) -> Answer:
        """A request with these headers and no others, as it goes over the wire."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.function.seconds)
        with contextlib.closing(connection):
            try:
                connection.putrequest(question.method, question.target, skip_host=True, skip_accept_encoding=True)
                for name, value in headers.items():
                    connection.putheader(name, value.encode("latin-1"))
                connection.endheaders(question.body or None)
                response = connection.getresponse()
                fields = tuple((name, value) for name, value in response.getheaders() if not name.startswith(INTERNAL))
                return Answer(response.status, fields, response.read(), self.function.name)
            except (OSError, http.client.HTTPException) as error:
                raise self._error(f"has no answer to {question}: {error!r}") from error

    def close(self) -> None:
        """The process, and those that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.ipc.close()
        self._place.cleanup()

    def _wait_for_start(self) -> Message:
        give_up = time.monotonic() + START_LIMIT
        types = ("server-started", "unrecoverable-error")
        while time.monotonic() < give_up:
            is_alive = self.is_alive  # looked at first: what it said before it ended is still heard
            if not self.ipc.wait(lambda: any(each["type"] in types for each in self.ipc.messages), LOOK):
                if is_alive:
                    continue
                raise self._error(f"ended with exit status {self._process.returncode}")
            message = self.ipc.of_type(*types)[0]
            if message["type"] == "server-started":
                return message
            raise self._error("cannot be started")
        raise self._error(f"has not started within {START_LIMIT:g} s")

    def _has_ended(self, number: int) -> bool:
        return any(
            message["type"] == "end" and message["payload"]["context"]["requestId"] == number
            for message in self.ipc.messages
        )

    def _error(self, problem: str) -> DeployError:
        tail = "\n".join(self.log.splitlines()[-TAIL:])
        return DeployError(
            f"The function {self.function.name!r} {problem}." + (f" Its log ends:\n{tail}" if tail else "")
        )


def _text(message: Message) -> str:
    given = str(message["payload"]["message"])
    return given if message["type"] != "log" else base64.b64decode(given).decode("utf-8", "replace")
