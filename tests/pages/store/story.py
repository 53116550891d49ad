"""Pages that a test can stop in the middle, make fail, and count: a URLconf, and the story that its pages tell."""

from __future__ import annotations

import threading
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from pagesapi.pages import Props, StaticPage, static_page
from tests.servers.gate import TIMEOUT


class Story:
    """`text` is the row that pages read, before `may_end` lets them go on."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.text = "first"
        self.error: Exception | None = None
        self.reasons: list[str] = []  # one for each time that a page was made
        self.began = threading.Semaphore(0)  # one for each, too
        self.may_end = threading.Event()
        self.may_end.set()

    @property
    def made(self) -> int:
        return len(self.reasons)

    def tell(self, context: Any) -> str:
        text = self.text
        self.reasons.append(context.reason)
        self.began.release()
        assert self.may_end.wait(TIMEOUT)
        if self.error is not None:
            raise self.error
        return text

    def wait_for_beginning(self) -> None:
        assert self.began.acquire(timeout=TIMEOUT), "no page was begun"


story = Story()


@static_page(revalidate=60)
def found(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse(story.tell(request.static_context))  # type: ignore[attr-defined]


@static_page(revalidate=1)
def short(request: HttpRequest) -> HttpResponse:
    return HttpResponse(story.tell(request.static_context))  # type: ignore[attr-defined]


@static_page(fallback=False, paths=lambda: [{"slug": "a"}])
def closed(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(story.tell(request.static_context))  # type: ignore[attr-defined]


class Tagged(StaticPage):
    """One whose tags are known only when it is made."""

    def get_static_props(self, context: Any) -> Props:
        return Props({"text": story.tell(context)}, tags=["people"])

    def render_to_response(self, values: Any) -> HttpResponse:
        return HttpResponse(values["text"])


urlpatterns = [
    path("single/", found),
    path("found/<slug:slug>/", found),
    path("short/", short),
    path("closed/<slug:slug>/", closed),
    path("tagged/<slug:slug>/", Tagged.as_view()),
]
