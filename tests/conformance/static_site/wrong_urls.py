"""Pages whose `get_static_paths` gives what it may not, or only in Next.js may not: none of them can be built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from pagesapi.pages import static_page


def throwing() -> Any:
    raise RuntimeError("no paths")


PATHS: dict[str, Callable[[], Any]] = {
    "extra": lambda: {"paths": [{"x": "a"}], "foo": 1},
    "extraparam": lambda: [{"x": "a", "y": "b"}],
    "notnested": lambda: [{"x": "a"}],
    "paramsnum": lambda: [{"x": 1}],
    "strmismatch": lambda: ["/other/page"],
    "throws": throwing,
    "undef": lambda: None,
}


def show(request: HttpRequest, x: str) -> HttpResponse:
    return render(request, "page.html", {"props": {"params": {"x": x}}})


urlpatterns = [
    path(f"gp/{name}/<x>", static_page(paths=paths, fallback=False)(show), name=name) for name, paths in PATHS.items()
]
urlpatterns.append(path("gp/missing/<x>", static_page(show), name="missing"))
