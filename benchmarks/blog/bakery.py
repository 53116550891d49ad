"""django-bakery: `manage.py build`, which calls the class-based view itself."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from bakery.views import BuildableDetailView
from django.conf import settings
from django.core.management import call_command, load_command_class
from django.urls import path, reverse

from benchmarks.blog.others import others
from benchmarks.blog.posts import POSTS, Post, context_of

BUILD = load_command_class("bakery", "build")


class Posts:
    """As much of a queryset as bakery asks for."""

    def all(self) -> list[Post]:
        return list(POSTS.values())


class PostView(BuildableDetailView):  # type: ignore[misc]  # bakery has no types
    template_name = "post.html"

    def get_queryset(self) -> Posts:
        return Posts()

    def get_object(self, queryset: Any = None) -> Post:
        return POSTS[self.kwargs["slug"]]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**super().get_context_data(**context), **context_of(self.kwargs["slug"])}

    def get_url(self, obj: Any) -> str:
        return reverse("post", args=[obj.slug])


urlpatterns = [*others, path("posts/<slug:slug>/", PostView.as_view(), name="post")]


def build(folder: Path) -> None:
    settings.BAKERY_VIEWS = [PostView]
    call_command(BUILD, build_dir=str(folder), skip_static=True, skip_media=True, stdout=StringIO())
