"""Views that say how often they were called, and with what."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from pagesapi.pages import StaticContext


class Counted:
    """A view for `static_page`: "made 1", "made 2"; with parameters "made 1 slug=a"."""

    def __init__(self) -> None:
        self.contexts: list[StaticContext] = []
        self.error: Exception | None = None  # raised the next times, until it is None again

    def __call__(self, request: HttpRequest, **params: Any) -> HttpResponse:
        self.contexts.append(request.static_context)  # type: ignore[attr-defined]
        if self.error is not None:
            raise self.error
        return HttpResponse(" ".join([f"made {self.times}", *(f"{name}={params[name]}" for name in sorted(params))]))

    @property
    def times(self) -> int:
        return len(self.contexts)

    @property
    def reasons(self) -> list[str]:
        return [context.reason for context in self.contexts]
