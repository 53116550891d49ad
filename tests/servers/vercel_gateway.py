"""The suite's site as `deploy vercel` wrote it, run by Vercel's real Python runtime, behind a gateway on the wire.

python -m tests.servers.vercel_gateway FD [OPTION OF deploy …]
"""

from __future__ import annotations

import base64
import http.client
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.vercel_forwarding import vercel_headers
from pagesapi.deploy.verify.vercel_process import INTERNAL, VercelProcess
from pagesapi.deploy.verify.vercel_site import PAYLOAD_LIMIT
from pagesapi.deploy.writing.vercel_functions import function_folder
from pagesapi.exceptions import DeployError
from tests.servers.deployed import deploy
from tests.servers.gate import TIMEOUT
from tests.servers.gateway import HOP_BY_HOP, RECEIVED, Gateway, Refusal, Reply

LONG = 3600.0  # seconds
AT_ONCE = 5  # as many connections as may wait for the runtime's own server; Linux resets others


class Vercel:
    """A `Platform`: requests at once in one process, whose answers are passed on as they come."""

    def __init__(self, process: VercelProcess) -> None:
        self.process = process
        self._shown = 0
        self._numbers = count(1)
        self._places = threading.Semaphore(AT_ONCE)

    @contextmanager
    def reply(self, question: Question) -> Iterator[Reply]:
        if len(question.body) > PAYLOAD_LIMIT:
            raise Refusal(413)
        connection = http.client.HTTPConnection("127.0.0.1", self.process.port, timeout=TIMEOUT)
        with self._places, closing(connection):
            try:
                self._send(connection, question)
                response = connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                raise DeployError(f"No answer to {question}: {error!r}") from error
            headers = tuple(pair for pair in response.getheaders() if not _is_for_gateways(pair[0].lower()))
            yield Reply(response.status, headers, _pieces(response))

    def _send(self, connection: http.client.HTTPConnection, question: Question) -> None:
        number = str(next(self._numbers))
        connection.putrequest(question.method, question.target, skip_host=True, skip_accept_encoding=True)
        internal = {f"{INTERNAL}invocation-id": number, f"{INTERNAL}request-id": number}
        for name, value in {**vercel_headers(question), **internal}.items():
            connection.putheader(name, value.encode("latin-1"))
        connection.endheaders(question.body or None)

    def show(self) -> None:
        """What the function logs becomes the output of this process, as it comes."""
        ipc = self.process.ipc
        while True:
            ipc.wait(lambda: len(ipc.messages) > self._shown, LONG)
            for message in ipc.messages[self._shown :]:
                self._shown += 1
                if message["type"] == "log":
                    sys.stdout.write(base64.b64decode(message["payload"]["message"]).decode("utf-8", "replace"))
            sys.stdout.flush()


def _is_for_gateways(name: str) -> bool:
    return name in HOP_BY_HOP or name.startswith(INTERNAL)


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    try:
        while piece := response.read1(RECEIVED):
            yield piece
    except (OSError, http.client.HTTPException) as error:
        raise DeployError(f"The answer broke: {error!r}") from error


def main(listening: str, *options: str) -> None:
    gateway = Gateway(int(listening))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="pagesapi_")))
        written = deploy(folder, "vercel", *options)
        process = stack.enter_context(VercelProcess(function_folder(written, "site"), {}))
        platform = Vercel(process)
        threading.Thread(target=platform.show, daemon=True).start()
        gateway.serve(platform)


if __name__ == "__main__":
    main(*sys.argv[1:])
