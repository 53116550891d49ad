"""The sample site of static pages as it was built, and what may happen to it before a case asks."""

from __future__ import annotations

import dataclasses
import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import msgspec
from django.test import override_settings

from pagesapi.pages import prerender
from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.report import Report
from pagesapi.pages.shelf import get_shelf
from tests.conformance.cases import FOLDER
from tests.conformance.server import HOST, Answer, Interface, asgi_server, wsgi_server
from tests.conformance.static_site import content

# Seconds that what was just made lies ahead, as if by another host's clock (`SKEW` allows five): a page of one
# second is then fresh however slow this machine is.
AHEAD = 4
DAY = 86400  # seconds
SITE = "tests.conformance.static_site"


class Scene:
    """One server with a store of its own, and with the pages that were built."""

    def __init__(self, interface: Interface, built: Path, store: Path, **settings: Any) -> None:
        self.interface = interface
        self.settings = settings_of(built, store, **settings)
        self._running = ExitStack()

    def __enter__(self) -> Scene:
        content.forget()
        self._start()
        return self

    def __exit__(self, *args: object) -> None:
        self._running.close()
        content.forget()

    def _start(self) -> None:
        self._running.enter_context(override_settings(**self.settings))
        self.ask = wsgi_server() if self.interface == "wsgi" else asgi_server()

    def restart(self) -> None:
        """Another process: what this one held of the store and of the build is gone."""
        self._running.close()
        self._start()

    def visit(self, path: str) -> Answer:
        """A request before the case's own. What it stored is as new as can be."""
        answer = self.ask("GET", path)
        self.age(path, 0)
        return answer

    def age(self, path: str, seconds: float) -> None:
        """Let the stored page have been made so long ago."""
        shelf = get_shelf()
        entry = shelf.find(path)
        if entry is not None and entry.lifetime is not None:
            shelf.put(msgspec.structs.replace(entry, rendered_at=time.time() + AHEAD - seconds))


def settings_of(built: Path, store: Path, *, debug: bool = False, urls: str = "urls") -> dict[str, Any]:
    return {
        "ALLOWED_HOSTS": ["localhost"],
        "BASE_DIR": built,
        "DEBUG": debug,
        "PAGESAPI": {
            "API_DIR": FOLDER / "site_tree",
            "REGENERATE": "sync",  # so that a page is renewed when its visitor's answer has been sent
            "SITE_URL": f"http://{HOST}",
            "STORE": {"BACKEND": "pagesapi.pages.store.FileStore", "OPTIONS": {"LOCATION": store}},
        },
        "ROOT_URLCONF": f"{SITE}.{urls}",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [FOLDER / "static_site" / "templates"],
            }
        ],
    }


def prerendered(folder: Path, **settings: Any) -> Report:
    """Build the sample site into `folder`."""
    try:
        with override_settings(**settings_of(folder, folder / "store", **settings)):
            report = prerender(workers=1, static=False)
            _let_age(folder)
            return report
    finally:
        content.forget()


def _let_age(folder: Path) -> None:
    """As if built a day ago: a page of a minute is stale, until a scene has it renewed."""
    for file in (folder / ".pagesapi" / "builds").glob("*.sqlite3"):
        with closing(sqlite3.connect(file)) as connection, connection:
            for path, row in connection.execute("SELECT path, page FROM pages").fetchall():
                page = msgspec.msgpack.decode(row, type=BuiltPage)
                aged = dataclasses.replace(page, rendered_at=page.rendered_at - DAY)
                connection.execute("UPDATE pages SET page = ? WHERE path = ?", (msgspec.msgpack.encode(aged), path))
