"""The least that will do: one process, a template, a file."""

from __future__ import annotations

from pathlib import Path

from django.template.loader import render_to_string
from django.urls import path

from benchmarks.blog.others import others, page
from benchmarks.blog.posts import SLUGS, context_of

urlpatterns = [*others, path("posts/<slug:slug>/", page, name="post")]


def build(folder: Path) -> None:
    for slug in SLUGS:
        html = render_to_string("post.html", context_of(slug))
        file = folder / "posts" / slug / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(html, "utf-8")
