"""The application of this process, asked as a server would ask it behind the same platform, without a server."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings
from django.utils.module_loading import import_string

from pagesapi.conf import conf
from pagesapi.deploy.script_name import leave_out_script_name
from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.forwarding import CLIENT, PORT, forwarded
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.writing.plan import Interface

STORE = {"BACKEND": "pagesapi.pages.store.MemoryStore"}
UNBUILT = "verify"  # a build that nobody made: every page is rendered, and nothing of the project's store is touched


class LiveSite:
    """A `Site`. While it is open, this process keeps its pages in memory: it serves what Django renders now."""

    def __init__(self, interface: Interface, forwarding: Callable[[Question], dict[str, str]] = forwarded) -> None:
        self.forwarding = forwarding  # what the platform adds to the headers
        own = {"STORE": STORE, "BUILD_ID": UNBUILT, "REGENERATE": "sync"}
        with ExitStack() as stack:
            stack.enter_context(override_settings(PAGESAPI={**conf.given, **own}))
            self._ask = wsgi_client() if interface == "wsgi" else asgi_client()
            self._left = stack.pop_all()

    def ask(self, question: Question) -> Answer:
        headers = self.forwarding(question)
        # Servers drop these names, which would be another's in WSGI.
        clean = {name: value for name, value in headers.items() if "_" not in name}
        disabled = logging.root.manager.disable
        logging.disable(logging.WARNING)  # each 404 and 405 is asked for on purpose
        try:
            return self._ask(question, clean).sent_for(question.method)
        finally:
            logging.disable(disabled)

    def close(self) -> None:
        self._left.close()


Client = Callable[[Question, dict[str, str]], Answer]


def wsgi_client() -> Client:
    named = settings.WSGI_APPLICATION
    application: Any = import_string(named) if named else get_wsgi_application()

    def ask(question: Question, headers: dict[str, str]) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        result = application(
            environ_of(question, headers), lambda status, fields, *_: started.append((status, fields))
        )
        try:
            body = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        status, fields = started[-1]
        return Answer(int(status.split(" ")[0]), tuple(fields), body)

    return ask


def environ_of(question: Question, headers: dict[str, str]) -> dict[str, Any]:
    """PEP 3333."""
    environ = {
        "REQUEST_METHOD": question.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(question.path).decode("latin-1"),
        "QUERY_STRING": question.query,
        "SERVER_NAME": headers["host"].partition(":")[0],
        "SERVER_PORT": PORT,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": CLIENT,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(question.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    leave_out_script_name(environ)  # as a server in front of it would
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ


def asgi_client() -> Client:
    named = getattr(settings, "ASGI_APPLICATION", None)
    application: Any = import_string(named) if named else get_asgi_application()

    def ask(question: Question, headers: dict[str, str]) -> Answer:
        return async_to_sync(asked)(application, question, headers)

    return ask


async def asked(application: Any, question: Question, headers: dict[str, str]) -> Answer:
    """https://asgi.readthedocs.io/en/latest/specs/www.html"""
    sent: list[dict[str, Any]] = []
    bodies = [question.body]

    async def receive() -> dict[str, Any]:
        if not bodies:
            await asyncio.Event().wait()  # the client stays, until the application has had enough
        return {"type": "http.request", "body": bodies.pop(), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope_of(question, headers), receive, send)
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    return Answer(sent[0]["status"], tuple(fields), b"".join(message.get("body", b"") for message in sent[1:]))


def scope_of(question: Question, headers: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": question.method,
        "scheme": "https",
        "path": unquote(question.path),
        "raw_path": question.path.encode("ascii", "replace"),
        "query_string": question.query.encode("ascii", "replace"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "client": (CLIENT, 0),
        "server": (headers["host"].partition(":")[0], int(PORT)),
    }
