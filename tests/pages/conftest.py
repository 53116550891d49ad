from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.dispatch import Signal
from pytest_django import Settings

from pagesapi.conf import conf
from pagesapi.pages import signals
from pagesapi.pages.shelf import get_shelf
from tests.machinery.conftest import UseMiddleware, UseUrls, ask, atomic_requests, use_middleware, use_urls

__all__ = ["UseMiddleware", "UseUrls", "ask", "atomic_requests", "use_middleware", "use_urls"]

TEMPLATES = Path(__file__).parent / "site" / "templates"
OPTIONS: dict[str, Any] = {
    "STORE": {"BACKEND": "pagesapi.pages.store.MemoryStore"},
    "SITE_URL": "https://example.com",
    "REGENERATE": "sync",
}


@pytest.fixture
def site(settings: Settings, tmp_path: Path) -> Settings:
    """The project of `tests.pages.site`, in production, with an empty store and no build."""
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["example.com", "testserver"]
    settings.BASE_DIR = tmp_path
    settings.PAGESAPI = OPTIONS
    settings.ROOT_URLCONF = "tests.pages.site.urls"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [TEMPLATES]}]
    return settings


def set_options(settings: Settings, **options: Any) -> None:
    """Change keys of `PAGESAPI`. The store begins anew."""
    settings.PAGESAPI = {**conf.given, **options}


def make_older(path: str, seconds: float) -> None:
    """As if a stored page had been made so much earlier."""
    shelf = get_shelf()
    entry = shelf.find(path)
    assert entry is not None
    shelf.put(msgspec.structs.replace(entry, rendered_at=time.time() - seconds))


class Sent:
    """What the signals of pages were sent with, oldest first."""

    def __init__(self) -> None:
        self.of: dict[str, list[dict[str, Any]]] = {"page_rendered": [], "page_failed": [], "pages_revalidated": []}

    def __getitem__(self, name: str) -> list[dict[str, Any]]:
        return self.of[name]


@pytest.fixture
def sent() -> Iterator[Sent]:
    sent, receivers = Sent(), []
    for name, calls in sent.of.items():

        def receive(sender: object, signal: Signal, calls: list[dict[str, Any]] = calls, **values: Any) -> None:
            assert sender is None
            calls.append(values)

        signal: Signal = getattr(signals, name)
        signal.connect(receive)
        receivers.append((signal, receive))
    yield sent
    for signal, receive in receivers:
        signal.disconnect(receive)
