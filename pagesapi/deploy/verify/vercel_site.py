"""The folder that `deploy vercel` wrote, as Vercel would serve it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pagesapi.deploy.verify.answer import NETWORK, Answer
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.vercel_output import File, Output, Prerender
from pagesapi.deploy.verify.vercel_process import VercelProcess
from pagesapi.deploy.verify.vercel_router import Routed, Router
from pagesapi.exceptions import DeployError

REVALIDATED = ("cache-control", "public, max-age=0, must-revalidate")
PAYLOAD_LIMIT = 4_718_592  # bytes, 4.5 MB, of a request to a function
NOT_FOUND = b"The page could not be found\n\nNOT_FOUND\n"
TOO_LARGE = b"Request Entity Too Large\n\nFUNCTION_PAYLOAD_TOO_LARGE\n"
OWN = ("cache-control", "content-length", "date", "etag", "server", "set-cookie")  # of which it has its own, or none
TEXT = ("content-type", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as Vercel has it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    function: str


class VercelSite:
    """A `Site`: the routing, and the functions behind it, each started when it is first asked for.

    `environment`: what the functions' variables are to be where the project sets them on Vercel, such as `SECRET_KEY`.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.output = Output(folder)
        self.environment = environment
        self.router = Router(self.output.config.get("routes", ()), self.output.find)
        self.processes: dict[Path, VercelProcess] = {}
        self.broken: dict[Path, DeployError] = {}  # functions that do not start; they are not tried again
        self.kept: dict[str, Kept] = {}

    def ask(self, question: Question) -> Answer:
        routed = self.router.route(question)
        if routed.found is None:
            return Answer(routed.status or 404, (*routed.headers.items(), TEXT), NOT_FOUND, NETWORK).sent_for(
                question.method
            )
        if isinstance(routed.found, Path):
            return self._with_headers(routed, self._run(routed.found, question))
        if question.method not in ("GET", "HEAD"):
            return Answer(405, (("allow", "GET, HEAD"),), b"", NETWORK)
        kept = self._kept(routed.path, routed.found)
        status = routed.status or kept.status
        length = ("content-length", str(len(kept.body)))
        headers = (*kept.headers, REVALIDATED, ("etag", etag_of(kept.body)), length)
        return self._with_headers(routed, _as_asked(question, Answer(status, headers, kept.body, kept.function)))

    def renew(self, question: Question) -> Answer:
        """Have a page made by its function, as Vercel has it when it is too old, and keep what that answers."""
        routed = self.router.route(question)
        if not isinstance(routed.found, Prerender):
            raise DeployError(f"{question} leads to no page that is made anew.")
        # Without the query, for allowQuery is empty; and under the page's name.
        answer = self._run(routed.found.function, Question("GET", routed.path, question.headers))
        if answer.status < 500:  # else the old one stays
            headers = tuple(pair for pair in answer.headers if pair[0].lower() not in OWN)
            self.kept[routed.path] = Kept(answer.status, headers, answer.body, answer.function)
        return answer

    def process(self, name: str) -> VercelProcess:
        """Of a function by its path: "_pagesapi/site"."""
        return self._process(self.output.functions[name].resolve())

    def close(self) -> None:
        while self.processes:
            self.processes.popitem()[1].close()

    def _kept(self, path: str, found: File | Prerender) -> Kept:
        if isinstance(found, File):
            return Kept(200, (("content-type", found.content_type),), found.path.read_bytes(), NETWORK)
        if path not in self.kept:
            body = b"" if found.fallback is None else found.fallback.read_bytes()
            headers = tuple(found.config.get("initialHeaders", {}).items())
            self.kept[path] = Kept(found.config.get("initialStatus", 200), headers, body, NETWORK)
        return self.kept[path]

    def _run(self, folder: Path, question: Question) -> Answer:
        if len(question.body) > PAYLOAD_LIMIT:
            return Answer(413, (TEXT,), TOO_LARGE, NETWORK)
        return self._process(folder.resolve()).ask(question)

    def _process(self, folder: Path) -> VercelProcess:
        """One that has ended is replaced, as Vercel does."""
        process = self.processes.get(folder)
        if process is not None and process.is_alive:
            return process
        if process is not None:
            process.close()
        if folder in self.broken:
            raise self.broken[folder]
        try:
            self.processes[folder] = process = VercelProcess(folder, self.environment)
        except DeployError as error:
            self.broken[folder] = error
            raise
        return process

    def _with_headers(self, routed: Routed, answer: Answer) -> Answer:
        """Those of the routing, where the answer says nothing itself."""
        said = {name.lower() for name, _ in answer.headers}
        return replace(
            answer, headers=(*answer.headers, *(pair for pair in routed.headers.items() if pair[0] not in said))
        )


def etag_of(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def _as_asked(question: Question, answer: Answer) -> Answer:
    etag = answer.values("etag")[-1]
    if answer.status == 200 and etag in ", ".join(question.values("if-none-match")):
        return replace(answer, status=304, body=b"")
    return answer.sent_for(question.method)
