"""A site of a few patterns, and what a visitor sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings


@contextmanager
def urls(*patterns: Any) -> Iterator[None]:
    with override_settings(ROOT_URLCONF=type("Urls", (), {"urlpatterns": list(patterns)})):
        yield


def say_x(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


def shown(client: Client, url: str) -> tuple[str, str | None]:
    answer = client.get(url)
    return answer.content.decode().strip(), answer.headers.get("X-Pagesapi-Cache")


def names_in(text: str) -> list[str]:
    return [name.strip('`"') for name in text.replace(",", " ").split() if name.startswith("`")]
