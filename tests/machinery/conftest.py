from __future__ import annotations

import itertools
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpRequest
from django.test import AsyncClient, Client
from django.urls import URLPattern, URLResolver
from pytest_django import Settings

from tests.machinery.asking import Ask, asking

NUMBERS = itertools.count()
UseUrls = Callable[..., str]
UseMiddleware = Callable[..., None]


@pytest.fixture
def use_urls(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> UseUrls:
    """Make patterns the project's URLconf; further names (`handler404`) as keywords. Gives its module's name."""

    def use(*patterns: URLPattern | URLResolver, **names: Any) -> str:
        module = ModuleType(f"urlconf_of_a_test_{next(NUMBERS)}")
        vars(module).update(urlpatterns=list(patterns), **names)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        settings.ROOT_URLCONF = module.__name__
        return module.__name__

    return use


@pytest.fixture
def use_middleware(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> UseMiddleware:
    """Add middleware, classes or dotted paths, after the project's own, or `before` one of them."""

    def use(*added: Any, before: str | None = None) -> None:
        module = ModuleType(f"middleware_of_a_test_{next(NUMBERS)}")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        paths = []
        for item in added:
            if not isinstance(item, str):
                setattr(module, item.__name__, item)
                item = f"{module.__name__}.{item.__name__}"  # noqa: PLW2901
            paths.append(item)
        present = list(project_settings.MIDDLEWARE)
        place = len(present) if before is None else present.index(before)
        settings.MIDDLEWARE = [*present[:place], *paths, *present[place:]]

    return use


@pytest.fixture(params=["wsgi", "asgi"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """One request through the whole stack, by Django's test client or its asynchronous one."""
    return asking(Client if request.param == "wsgi" else AsyncClient)


@pytest.fixture
def atomic_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)


class Records(logging.Handler):
    """What Django's loggers wrote at WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    handler, logger = Records(), logging.getLogger("django")
    handlers = logger.handlers
    logger.handlers = [handler]
    yield handler.records
    logger.handlers = handlers


@pytest.fixture
def signalled() -> Iterator[list[Mapping[str, Any]]]:
    """What `got_request_exception` was sent with, once a send."""
    sent: list[Mapping[str, Any]] = []

    def receive(sender: object, request: HttpRequest | None = None, **kwargs: Any) -> None:
        sent.append({"sender": sender, "request": request, "error": sys.exc_info()[1]})

    got_request_exception.connect(receive)
    yield sent
    got_request_exception.disconnect(receive)
