"""pagesapi: `manage.py prerender`."""

from __future__ import annotations

from django.urls import path

from benchmarks.blog.others import others
from benchmarks.blog.post_page import PostPage
from benchmarks.blog.prerendering import build

__all__ = ["build", "urlpatterns"]

urlpatterns = [*others, path("posts/<slug:slug>/", PostPage.as_view(), name="post")]
