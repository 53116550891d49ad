from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from pagesapi.pages import StaticPage, static_page
from pagesapi.pages.context import StaticContext


def text() -> str:
    """What every page says, so that one sees of which build it is."""
    return os.environ.get("SAMPLE_TEXT", "one")


class HomePage(StaticPage):
    template_name = "sample/home.html"
    revalidate = 60
    tags = ("posts",)

    def get_static_props(self, context: StaticContext) -> dict[str, Any]:
        return {"text": text()}


class PostPage(StaticPage):
    template_name = "sample/post.html"
    fallback = False

    def get_static_paths(self) -> Iterator[dict[str, int]]:
        return ({"number": number} for number in range(1, int(os.environ.get("SAMPLE_PAGES", "5")) + 1))

    def get_static_props(self, context: StaticContext) -> dict[str, Any]:
        number = context.params["number"]
        if str(number) in os.environ.get("SAMPLE_BROKEN", "").split(","):
            raise ValueError(f"Post {number} is broken.")
        if str(number) == os.environ.get("SAMPLE_STOP"):
            stop()
        return {"text": text(), "number": number}


def stop() -> None:
    """Say so, and wait for the end: the pipe has a reader as soon as a test has opened it."""
    with Path(os.environ["SAMPLE_PIPE"]).open("w") as pipe:
        pipe.write(f"{os.getpid()}\n")
    threading.Event().wait()


@static_page
def to_home(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/")


@static_page
def feed(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<feed>{text()}</feed>", content_type="application/rss+xml")


@static_page
def drafts(request: HttpRequest) -> HttpResponse:
    raise Http404("There are no drafts yet.")


def long_keys() -> Iterator[dict[str, str]]:
    """No file has such a name; a page that is a 404 needs none."""
    return ({"key": f"{number:07000}"} for number in range(int(os.environ.get("SAMPLE_LONG", "0"))))


@static_page(paths=long_keys)
def missing(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse("x" * 20_000, status=404)
