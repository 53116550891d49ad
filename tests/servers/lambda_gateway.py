"""The suite's site as `deploy aws` wrote it, run by Lambda's real runtime client, behind a gateway on the wire.

python -m tests.servers.lambda_gateway FD [OPTION OF deploy …]
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from pagesapi.deploy.verify.lambda_runtime import LambdaRuntime
from pagesapi.deploy.verify.lambda_site import LambdaSite
from pagesapi.deploy.verify.question import Question
from tests.servers.deployed import deploy
from tests.servers.gateway import Gateway, Reply

# What requirements.txt names, and more; but not by way of this environment, in which this checkout may be installed.
INSTALLED = Path(django.__file__).parents[1]


class Lambda:
    """A `Platform`. Lambda would start another process for a second request at once; here it waits for its turn."""

    def __init__(self, site: LambdaSite) -> None:
        self.site = site
        self._turn = threading.Lock()
        self._shown: dict[LambdaRuntime, int] = {}

    @contextmanager
    def reply(self, question: Question) -> Iterator[Reply]:
        with self._turn:
            try:
                answer = self.site.ask(question)
            finally:
                self._show()
        length = (("Content-Length", str(len(answer.body))),)
        is_told = answer.values("Content-Length") or not answer.body
        yield Reply(answer.status, answer.headers + (() if is_told else length), [answer.body] if answer.body else [])

    def _show(self) -> None:
        """What the functions logged becomes the output of this process, before the client has its answer.

        Entries of Lambda's log are apart from each other; in the file not all of them end with a line end.
        """
        for runtime in self.site.runtimes.values():
            log = runtime.log
            new, self._shown[runtime] = log[self._shown.get(runtime, 0) :], len(log)
            sys.stdout.write(new if not new or new.endswith("\n") else f"{new}\n")
        sys.stdout.flush()


def main(listening: str, *options: str) -> None:
    gateway = Gateway(int(listening))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="pagesapi_")))
        site = stack.enter_context(closing(LambdaSite(deploy(folder, "aws", *options), INSTALLED, {})))
        gateway.serve(Lambda(site))


if __name__ == "__main__":
    main(*sys.argv[1:])
