"""A function run here by Lambda's own Python runtime client (awslambdaric), as Lambda runs it.

Limits, variables and what is answered to a response that is too large: AWS's documents, and its emulator
(github.com/aws/aws-lambda-runtime-interface-emulator).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pagesapi.deploy.verify.runtime_api import Call, RuntimeAPI
from pagesapi.deploy.verify.runtime_folder import link_runtime
from pagesapi.exceptions import DeployError

PAYLOAD_LIMIT = 6 * 1024**2 + 100  # bytes, of an event and of an answer alike (MaxPayloadSize of the emulator)
START_LIMIT = 60.0  # seconds; Lambda gives 10 on a processor of its own, and then starts once more
LOOK = 0.05  # seconds between two looks at whether the process still lives
TAIL = 20  # lines of its log that an error shows
REGION = "us-east-1"


class LambdaRuntime:
    """A process of one function, for several events after each other.

    >>> with LambdaRuntime(folder, "pagesapi_function.handler", {}, dependencies) as runtime:
    ...     runtime.invoke(event)["statusCode"]
    200

    It can import what is in `folder` and in `dependencies`, and sees no variable but those of Lambda and
    `environment`. Every method raises `DeployError`.
    """

    def __init__(
        self, folder: Path, handler: str, environment: Mapping[str, str], dependencies: Path, *, name: str = "function"
    ) -> None:
        self.name = name
        self.has_started = False
        with ExitStack() as stack:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pagesapi_lambda_")))
            for each in ("runtime", "tmp"):
                (place / each).mkdir()
            link_runtime(place / "runtime")
            self._log = place / "log"
            self._api = RuntimeAPI()
            stack.callback(self._api.close)
            paths = os.pathsep.join([str(dependencies.resolve()), str(place / "runtime")])
            own = {"PYTHONPATH": paths, "TMPDIR": str(place / "tmp")}
            if "PYTHONPYCACHEPREFIX" not in environment:
                own["PYTHONDONTWRITEBYTECODE"] = "1"
            self._process = self._start(folder, handler, {**environment, **self._variables(folder, handler), **own})
            stack.callback(self._end)
            self._left = stack.pop_all()

    def _start(self, folder: Path, handler: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with self._log.open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - this Python, and what the command wrote
                # Without site-packages, neither its own nor the user's.
                [sys.executable, "-S", "-s", "-m", "awslambdaric", handler],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for this process, which then ends that one
            )

    def __enter__(self) -> LambdaRuntime:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def log(self) -> str:
        """All that the process has printed."""
        return self._log.read_text("utf-8", "replace")

    def invoke(self, event: object, timeout: float = 30.0) -> Any:
        """What the function returns for an event. `timeout`: seconds, not counting its start."""
        payload = json.dumps(event).encode()
        if len(payload) > PAYLOAD_LIMIT:
            raise DeployError(
                f"{self.name}: RequestEntityTooLargeException: the event has {len(payload):,} bytes, "
                f"and Lambda takes {PAYLOAD_LIMIT:,}."
            )
        call = self._started()
        self.has_started = True
        number = str(uuid.uuid4())
        call.answer(200, payload, self._event_headers(number, timeout))
        return self._result(number, self._next_call(timeout, f"took longer than its {timeout:g} s"))

    def close(self) -> None:
        self._left.close()

    # the process

    def _started(self) -> Call:
        """Its question for the next event."""
        call = self._next_call(START_LIMIT, f"has not started within {START_LIMIT:g} s")
        if call.path == "/init/error":
            call.accept()
            self._wait_for_end()
            raise self._error(f"cannot be started: {_told(call.body)}")
        return call

    def _result(self, number: str, call: Call) -> Any:
        if call.path == f"/invocation/{number}/response" and len(call.body) > PAYLOAD_LIMIT:
            call.refuse(
                413, "RequestEntityTooLarge", f"Exceeded maximum allowed payload size ({PAYLOAD_LIMIT} bytes)."
            )
            self._wait_for_end()  # the client raises
            raise self._error(
                f"failed with Function.ResponseSizeTooLarge: its answer has {len(call.body):,} bytes, "
                f"and Lambda takes {PAYLOAD_LIMIT:,}"
            )
        call.accept()
        if call.path == f"/invocation/{number}/response":
            return json.loads(call.body)
        raise self._error(f"raised {_told(call.body)}")

    def _next_call(self, seconds: float, problem: str) -> Call:
        give_up = time.monotonic() + seconds
        while True:
            is_alive = self.is_alive  # looked at first: what it said before it ended is still heard
            call = self._api.next_call(LOOK if is_alive else 0)
            if call is not None:
                return call
            if not is_alive:
                raise self._error(f"ended with exit status {self._process.returncode}")
            if time.monotonic() > give_up:
                self._end()
                raise self._error(problem)

    def _wait_for_end(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(START_LIMIT)

    def _end(self) -> None:
        """The process, and those that it started. Lambda warns nobody either."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # all ended, or none but a zombie (macOS)
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _error(self, problem: str) -> DeployError:
        tail = "\n".join(self.log.splitlines()[-TAIL:])
        return DeployError(f"The function {self.name!r} {problem}." + (f" Its log ends:\n{tail}" if tail else ""))

    # what Lambda tells it

    def _variables(self, folder: Path, handler: str) -> dict[str, str]:
        """https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"""
        return {
            "_HANDLER": handler,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info[0]}.{sys.version_info[1]}",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2020/01/01/[$LATEST]0",
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "AWS_REGION": REGION,
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "LAMBDA_TASK_ROOT": str(folder.resolve()),
            "LANG": "en_US.UTF-8",
            "PATH": os.defpath,
            "TZ": ":UTC",
        }

    def _event_headers(self, number: str, timeout: float) -> dict[str, str]:
        return {
            "Lambda-Runtime-Aws-Request-Id": number,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + timeout) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": f"arn:aws:lambda:{REGION}:123456789012:function:{self.name}",
            "Lambda-Runtime-Trace-Id": "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e;Sampled=0",
        }


def _told(body: bytes) -> str:
    """The client's own words: {"errorType": …, "errorMessage": …}"""
    try:
        error = json.loads(body)
        return f"{error['errorType']}: {error['errorMessage']}"
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace")
