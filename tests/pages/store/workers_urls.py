"""The pages of that site: each rendering leaves a line in a file, and waits until the test lets it go on."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pagesapi.pages import static_page
from tests.servers.gate import TIMEOUT


@static_page(revalidate=60)
def counted(request: HttpRequest, slug: str) -> HttpResponse:
    note("renderings", f"{slug} {os.getpid()}")
    _wait_at_the_gate()
    return HttpResponse(f"The page {slug}")


def note(file: str, line: str) -> None:
    """Whole lines, however many processes write."""
    record = os.open(settings.BASE_DIR / file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(record, f"{line}\n".encode())
    finally:
        os.close(record)


def _wait_at_the_gate() -> None:
    port = int((settings.BASE_DIR / "gate").read_text())
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as gate:
        gate.recv(1)


def note_visits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        note("visits", f"{os.getpid()} {request.path}")
        return get_response(request)

    return middleware


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("hello/", hello), path("counted/<slug:slug>/", counted)]
