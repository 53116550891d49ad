"""A project without pagesapi, whose one view answers with constant bytes, those of the first post."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path

from benchmarks.blog.others import others, page
from benchmarks.blog.posts import SLUGS, context_of


@cache
def body() -> str:
    return render_to_string("post.html", context_of(SLUGS[0]))


def constant(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(body())


urlpatterns = [
    *others,
    path("constant/<slug:slug>/", constant),
    path("posts/<slug:slug>/", page, name="post"),  # what the page's links are made of
]
