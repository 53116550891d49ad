"""A function of Vercel in its other form: what AWS Lambda calls, where nobody listens to the function's own server."""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.vercel_folder import FunctionFolder, check_python
from pagesapi.deploy.verify.vercel_forwarding import vercel_headers
from pagesapi.exceptions import DeployError

# Reads an event a line, and writes what the handler returns; what the project prints goes elsewhere.
LOOP = """
import importlib, json, os, sys
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
handler = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
for line in sys.stdin:
    print(json.dumps(handler(json.loads(line), None)), file=answers, flush=True)
"""


class VercelHandler:
    """`VercelHandler(folder, environment).ask(question)`; raises `DeployError`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.function = FunctionFolder.of(folder)
        check_python(self.function)
        self._place = tempfile.TemporaryDirectory(prefix="pagesapi_")
        place = Path(self._place.name)
        self._log = place / "log"
        module, _, name = str(self.function.config["handler"]).partition(".")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, and what the command wrote
                self.function.command("-c", LOOP, module, name),
                cwd=self.function.folder,
                env=self.function.environment(environment, place),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def ask(self, question: Question) -> Answer:
        event = {"method": question.method, "path": question.target, "headers": vercel_headers(question)}
        if question.body:
            event |= {"body": base64.b64encode(question.body).decode(), "encoding": "base64"}
        result = self.invoke({"body": json.dumps(event)})
        encoded = str(result.get("body", ""))
        body = base64.b64decode(encoded) if result.get("encoding") == "base64" else encoded.encode()
        headers = tuple((name, value) for name, values in result["headers"].items() for value in values)
        return Answer(result["statusCode"], headers, body, self.function.name)

    def invoke(self, event: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(event), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise DeployError(f"The function {self.function.name!r} ended.\n{self._log.read_text('utf-8', 'replace')}")
        return json.loads(line)  # type: ignore[no-any-return]

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._place.cleanup()
