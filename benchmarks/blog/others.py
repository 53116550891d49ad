"""The pages that the posts link to. They are not built, so that every builder writes the same 2,000 files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def page(request: HttpRequest, **parameters: str) -> HttpResponse:
    return HttpResponse()


others = [
    path("", page, name="home"),
    path("about/", page, name="about"),
    path("posts/", page, name="archive"),
    path("tags/<slug:tag>/", page, name="tag"),
]
