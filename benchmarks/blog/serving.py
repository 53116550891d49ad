"""The posts as static pages, and a view that answers with as many constant bytes."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from benchmarks.blog.constant import constant
from benchmarks.blog.others import others
from benchmarks.blog.post_page import PostPage


def cpu(request: HttpRequest) -> HttpResponse:
    """Seconds that this process has worked, all its threads together."""
    return HttpResponse(repr(time.process_time()))


urlpatterns = [
    *others,
    path("cpu/", cpu),
    path("constant/<slug:slug>/", constant),
    path("posts/<slug:slug>/", PostPage.as_view(), name="post"),
    path("", include("pagesapi.urls")),
]
