"""Visitors of the pages of `story`, alone and in crowds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NamedTuple
from wsgiref.util import setup_testing_defaults

import msgspec
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from pytest_django import Settings

from pagesapi.pages.shelf import get_shelf
from tests.servers.gate import TIMEOUT


class Seen(NamedTuple):
    status: int
    text: str
    cache: str | None  # X-Pagesapi-Cache


def visit(path: str) -> Seen:
    response = Client(raise_request_exception=False).get(path)
    return Seen(response.status_code, response.content.decode(), response.headers.get("X-Pagesapi-Cache"))


class Crowd:
    """Visitors in threads of their own, who all come at once.

    crowd = Crowd("/a/", 200); crowd.wait_until_here(); crowd.seen() → what each of them saw
    """

    def __init__(self, path: str, number: int = 1) -> None:
        self._seen: list[Seen] = []
        self._here = threading.Barrier(number + 1, timeout=TIMEOUT)
        self._threads = [threading.Thread(target=self._visit, args=(path,)) for _ in range(number)]
        for thread in self._threads:
            thread.start()
        self._here.wait()

    def _visit(self, path: str) -> None:
        self._here.wait()
        self._seen.append(visit(path))

    def seen(self) -> list[Seen]:
        for thread in self._threads:
            thread.join()
        return self._seen


def answer_of(path: str) -> Any:
    """The answer as a server holds it, which has sent it when it closes it."""
    for signal in (request_started, request_finished):  # a test client has connected it again
        signal.disconnect(close_old_connections)
    environ: dict[str, Any] = {"PATH_INFO": path, "HTTP_HOST": "testserver"}
    setup_testing_defaults(environ)
    return WSGIHandler()(environ, lambda *_: lambda _: None)


def age(path: str, seconds: float) -> None:
    """As if the page had been made so much earlier (or later, below 0)."""
    shelf = get_shelf()
    entry = shelf.find(path)
    assert entry is not None
    shelf.put(msgspec.structs.replace(entry, rendered_at=entry.rendered_at - seconds))


def eventually(condition: Callable[[], bool]) -> None:
    """What another thread does has no event of its own to wait for."""
    given_up = threading.Event()
    timer = threading.Timer(TIMEOUT, given_up.set)
    timer.start()
    while not condition():
        assert not given_up.wait(0.005), "it never came true"
    timer.cancel()
    timer.join()


def use(settings: Settings, **options: Any) -> None:
    """Further keys of PAGESAPI."""
    settings.PAGESAPI = {**settings.PAGESAPI, **options}
